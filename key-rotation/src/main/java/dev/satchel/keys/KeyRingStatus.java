package dev.satchel.keys;

import dev.satchel.TokenAlgorithm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A ring at one moment, without any material: what operators and monitoring may see.
 *
 * @param ring the ring's name
 * @param lineage the ring's identity; another one under the same name is another ring
 * @param epoch number of the document
 * @param at the moment that phases are told for
 * @param policy the timing of the ring
 * @param keys those alive in order of succession, then those that are gone
 * @param rotationDueAt when the next key is to be published; empty for a ring without keys
 * @param sealedUnder what the ring is sealed under at rest
 */
public record KeyRingStatus(
    String ring,
    String lineage,
    long epoch,
    Instant at,
    RotationPolicy policy,
    List<Key> keys,
    Optional<Instant> rotationDueAt,
    SealedUnder sealedUnder) {

  /** Copies the list. */
  public KeyRingStatus {
    keys = List.copyOf(keys);
  }

  /** Whether a writer should have published the next key a refresh interval or more ago. */
  public boolean isRotationOverdue() {
    // A tenth of the lead: with less, the next key is still in time for everybody.
    return rotationDueAt
        .map(due -> at.isAfter(due.plus(policy.lead().dividedBy(10))))
        .orElse(false);
  }

  /** The key that signs, if there is one. */
  public Optional<Key> active() {
    return keys.stream().filter(key -> key.phase() == KeyPhase.ACTIVE).reduce((a, b) -> b);
  }

  /** When a phase changes next. */
  public Optional<Instant> nextChange() {
    return keys.stream()
        .flatMap(key -> Stream.of(key.activateAt(), key.deactivateAt(), key.verifyUntil()))
        .filter(instant -> instant.isAfter(at))
        .min(Instant::compareTo);
  }

  static KeyRingStatus of(RingDocument document, Instant at) {
    return of(new KeyTimeline(document), at);
  }

  /** The same for who has worked out the ring's dates already. */
  static KeyRingStatus of(KeyTimeline timeline, Instant at) {
    RingDocument document = timeline.document();
    var keys = new ArrayList<Key>();
    for (RingKey key : document.keys()) {
      keys.add(
          new Key(
              key.id(),
              Optional.of(key.material().algorithm()),
              timeline.phase(key, at),
              key.origin().label(),
              key.epoch(),
              key.publishedAt(),
              key.activateAt(),
              timeline.deactivateAt(key),
              timeline.verifyUntil(key),
              key.notAfter(),
              !key.isImported() && key.material().canIssue()));
    }
    for (Tombstone gone : document.tombstones()) {
      boolean revoked = gone.why() == Tombstone.Why.REVOKED;
      keys.add(
          new Key(
              gone.id(),
              Optional.empty(),
              revoked ? KeyPhase.REVOKED : KeyPhase.DESTROYED,
              gone.why().label(),
              document.keyId().epoch(gone.id()).orElse(0),
              gone.activateAt(),
              gone.activateAt(),
              gone.at(),
              gone.at(),
              gone.at(),
              false));
    }
    return new KeyRingStatus(
        document.name(),
        document.lineage(),
        document.epoch(),
        at,
        document.policy(),
        keys,
        RingSuccession.rotationDueAt(document),
        SealedUnder.of(document.seal()));
  }

  /**
   * What a ring is sealed under at rest. No secret.
   *
   * @param kind {@code A256KW}, {@code passphrase}, {@code ECDH-ES+A256KW}, {@code plaintext}, or
   *     that of a service, such as {@code vault}
   * @param keyId which key: of {@code A256KW} and of a service the {@code kid} of the stored
   *     document, of a private key its thumbprint; empty for what has no id
   * @param version of a key in a service; empty for other keys, and before a change is committed
   * @param lineageNeeded whether the ring is opened only where its lineage is known, since whoever
   *     has the public keys, or the right to wrap, could make another
   * @param recipients thumbprints of those who may open it, where there are several
   */
  public record SealedUnder(
      String kind,
      Optional<String> keyId,
      OptionalLong version,
      boolean lineageNeeded,
      List<String> recipients) {
    /** Copies the list. */
    public SealedUnder {
      recipients = List.copyOf(recipients);
    }

    static SealedUnder of(Seal seal) {
      KeyEncryptionKey key = seal.key();
      return new SealedUnder(
          seal.recipients().isEmpty() && key != null ? key.kind() : RecipientKey.ALGORITHM,
          key == null ? Optional.empty() : key.id(),
          version(seal),
          seal.isForgeable(),
          seal.recipients().stream().map(RecipientKey::id).toList());
    }

    private static OptionalLong version(Seal seal) {
      KeyEncryptionKey key = seal.key();
      String wrapped = ServiceSeal.wrapped(seal).orElse(null);
      return key == null || wrapped == null
          ? OptionalLong.empty()
          : key.service().map(service -> service.version(wrapped)).orElse(OptionalLong.empty());
    }
  }

  /**
   * One key's life. Of a key that is gone, only id, phase, origin and epoch are meant; its dates
   * say when it was to sign and when it went.
   *
   * @param id the key id, first part of a token's {@code kid}
   * @param algorithm what it is for; empty once it is gone
   * @param phase at the moment of the status
   * @param origin bootstrap, scheduled, forced or imported; for a key that is gone, how it went
   * @param epoch of the commit that published it
   * @param publishedAt when nodes could first read it
   * @param activateAt when it signs
   * @param deactivateAt when its successor takes over
   * @param verifyUntil until when its tokens are accepted
   * @param notAfter when it stops signing even without a successor
   * @param canIssue whether the ring may sign with it, and holds what is needed to
   */
  public record Key(
      String id,
      Optional<TokenAlgorithm> algorithm,
      KeyPhase phase,
      String origin,
      long epoch,
      Instant publishedAt,
      Instant activateAt,
      Instant deactivateAt,
      Instant verifyUntil,
      Instant notAfter,
      boolean canIssue) {}
}
