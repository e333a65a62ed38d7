package dev.satchel.keys;

import dev.satchel.SessionRevocations;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Creates, rotates and revokes the keys of a ring. The one implementation of it: the {@code
 * satchel-keys} command and the background rotation of {@code RotatingKeySource} both come here.
 * Thread-safe, and safe against any number of others elsewhere, since every change is one
 * compare-and-set.
 *
 * <p>Each operation reads the ring and returns a {@link RingChange} that is not yet committed. All
 * of them throw {@link KeyRingException}; an answer that is missing or cannot be read is never
 * taken for an empty ring (I7).
 */
public final class KeyCustodian implements AutoCloseable {
  private final RingRepository repository;
  private final InstantSource clock;
  private final SecureRandom random;
  private final RingSuccession succession;
  private final boolean ownsStore;

  /** A custodian of the ring in this store, which the caller closes. */
  public KeyCustodian(KeyRingStore store, KeyEncryptionKey kek, InstantSource clock) {
    this(store, kek, null, null, clock, new SecureRandom());
  }

  /**
   * A custodian of the ring of this lineage in this store, which the caller closes. A ring that is
   * sealed for recipients has to be named so: anybody with their public keys can make one.
   *
   * @param lineage as {@link KeyRingStatus#lineage} has it
   * @throws IllegalArgumentException if it cannot be one
   */
  public KeyCustodian(
      KeyRingStore store, KeyEncryptionKey kek, String lineage, InstantSource clock) {
    this(store, kek, null, Lineage.require(lineage), clock, new SecureRandom());
  }

  KeyCustodian(
      KeyRingStore store,
      KeyEncryptionKey kek,
      @Nullable String expectedName,
      InstantSource clock,
      SecureRandom random) {
    this(store, kek, expectedName, null, clock, random);
  }

  KeyCustodian(
      KeyRingStore store,
      KeyEncryptionKey kek,
      @Nullable String expectedName,
      @Nullable String expectedLineage,
      InstantSource clock,
      SecureRandom random) {
    this(store, kek, expectedName, expectedLineage, clock, random, false);
  }

  KeyCustodian(
      KeyRingStore store,
      KeyEncryptionKey kek,
      @Nullable String expectedName,
      @Nullable String expectedLineage,
      InstantSource clock,
      SecureRandom random,
      boolean ownsStore) {
    this(
        new RingRepository(store, kek, expectedName, expectedLineage, random),
        clock,
        random,
        ownsStore);
  }

  KeyCustodian(RingRepository repository, InstantSource clock, SecureRandom random) {
    this(repository, clock, random, false);
  }

  private KeyCustodian(
      RingRepository repository, InstantSource clock, SecureRandom random, boolean ownsStore) {
    this.repository = repository;
    this.ownsStore = ownsStore;
    this.clock = Objects.requireNonNull(clock, "clock");
    this.random = random;
    this.succession = new RingSuccession(random);
  }

  /**
   * A new ring with one key that signs at once.
   *
   * @param ring 1 to 64 of {@code A-Z a-z 0-9 . _ -}
   * @throws KeyRingException with {@link KeyRingException.Reason#EXISTS} if the store has a ring
   * @throws IllegalArgumentException if the name has other characters or another length
   */
  public RingChange creation(String ring, RotationPolicy policy) {
    RingJson.requireName(ring);
    if (repository.store().read().isPresent()) {
      throw new KeyRingException(
          KeyRingException.Reason.EXISTS, "a ring is already in " + repository.store());
    }
    return change(null, repository.founding(succession.bootstrap(ring, policy, now())));
  }

  /**
   * The next key, which activates a lead time from now.
   *
   * @throws KeyRingException with {@link KeyRingException.Reason#POLICY} if one is already waiting,
   *     or was published less than half a lead ago
   */
  public RingChange rotation() {
    RingRepository.Loaded base = load();
    return change(base, succession.rotated(base, base.document().policy(), now()));
  }

  /** The next key if it is due, as the background rotation does it; empty if it is not. */
  public Optional<RingChange> rotationIfDue() {
    RingRepository.Loaded base = load();
    Instant now = now();
    if (!RingSuccession.isDue(base.document(), now)) {
      return Optional.empty();
    }
    RotationPolicy policy = base.document().policy();
    // A fleet that slept past notAfter has no key to sign with: nothing to wait for.
    boolean silent = new KeyTimeline(base.document()).active(now).isEmpty();
    return Optional.of(
        change(
            base,
            silent
                ? succession.rotatedInEmergency(base, policy, now)
                : succession.rotated(base, policy, now)));
  }

  /**
   * The next key, which activates as soon as it can have reached every node: propagation, probe
   * interval and skew. A node that is later than that answers 503 and asks again. The old key still
   * verifies; revoke it if it has leaked.
   */
  public RingChange emergencyRotation() {
    RingRepository.Loaded base = load();
    return change(base, succession.rotatedInEmergency(base, base.document().policy(), now()));
  }

  /**
   * An end to these keys, at once and for good: every token under them is refused as soon as a node
   * has read the ring. Where that leaves no key to sign with, a new one is added.
   *
   * @throws KeyRingException with {@link KeyRingException.Reason#POLICY} if one of them is not in
   *     the ring, unless it is revoked already
   */
  public RingChange revocation(Set<String> keyIds) {
    RingRepository.Loaded base = load();
    RingDocument document = base.document();
    for (String id : keyIds) {
      boolean revoked =
          document
              .tombstone(id)
              .map(tombstone -> tombstone.why() == Tombstone.Why.REVOKED)
              .orElse(false);
      if (document.key(id).isEmpty() && !revoked) {
        throw new KeyRingException(
            KeyRingException.Reason.POLICY,
            "ring "
                + document.name()
                + " has no such key; it has "
                + document.keys().stream().map(RingKey::id).collect(Collectors.joining(", ")));
      }
    }
    return change(base, succession.revoked(base, keyIds, now()));
  }

  /** An end to every key that was published before the instant. */
  public RingChange revocationBefore(Instant instant) {
    RingRepository.Loaded base = load();
    var ids = new HashSet<String>();
    for (RingKey key : base.document().keys()) {
      if (key.publishedAt().isBefore(instant)) {
        ids.add(key.id());
      }
    }
    return change(base, succession.revoked(base, ids, now()));
  }

  /**
   * Erases what is due: expired keys, private parts of retired ones, tombstones that nobody needs
   * any more. Every other change does this too; this one is for a ring that nobody else changes.
   *
   * @return empty if nothing is due
   * @throws KeyRingException with {@link KeyRingException.Reason#POLICY} if no key would be left
   */
  public Optional<RingChange> pruning() {
    RingRepository.Loaded base = load();
    return succession.pruned(base, now()).map(next -> change(base, next));
  }

  /**
   * Keys of elsewhere, to verify what is signed there: for two sites side by side, or for moving
   * from one to the other. They never sign here, and retire nobody. What was revoked in this ring
   * stays so; what was revoked in theirs is revoked here.
   *
   * <p>Until a node has read the ring, tokens of these keys are forgeries to it: import first, wait
   * for {@link RotationPolicy#lag()}, then let them come. Tokens are bound to application id,
   * transport and cookie name, which have to be the same on both sides.
   *
   * @param signsFor how much longer the keys are signed with elsewhere, at most 730 d; can shorten
   *     what the dates of a ring say, not lengthen it. Empty for those dates, or for a lead where
   *     there are none
   * @throws KeyRingException with {@link KeyRingException.Reason#POLICY} if the keys are of this
   *     very ring, or one of them has the id of another key or another id than here
   */
  public RingImport importing(ForeignKeys keys, Optional<Duration> signsFor) {
    RingRepository.Loaded base = load();
    Instant now = now();
    return new ImportRule(base.document(), signsFor.orElse(null), now)
        .apply(
            keys,
            found ->
                change(base, succession.imported(base, found.further(), found.revoked(), now)));
  }

  /**
   * The whole ring as it is now, secrets included, sealed for somebody else: for {@link
   * ForeignKeys#ofRing} there. It is not committed anywhere.
   *
   * @param recipient what it is sealed under, usually another key than the ring's own
   */
  public byte[] exported(KeyEncryptionKey recipient) {
    SealedRing sealing = new SealedRing(recipient, random);
    // As a new ring's: the document itself asks for the seal that it was read with.
    return sealing.seal(sealing.founding(load().document()));
  }

  /**
   * As {@link #exported(KeyEncryptionKey)}, for those who hold the private part of one of these
   * keys: a JWE in its JSON form.
   *
   * @param recipients 1 to 64, none twice
   * @throws IllegalArgumentException if there are more or fewer, or one twice
   */
  public byte[] exported(List<RecipientKey> recipients) {
    RecipientSeal.requireAllowed(recipients);
    return repository.seal(load().document().sealed(Seal.forRecipients(recipients)));
  }

  /** The ring as it is now. */
  public KeyRingStatus status() {
    return KeyRingStatus.of(load().dated(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
  }

  /**
   * What nodes say of themselves, in the order of names. Nobody vouches for it: whoever may write
   * to the store can write this.
   *
   * @return empty if the store keeps no reports
   * @throws KeyRingException if the store cannot tell
   */
  public Optional<List<NodeReport>> nodes() {
    NodeReports reports = repository.store().nodeReports().orElse(null);
    if (reports == null) {
      return Optional.empty();
    }
    Duration patience =
        load()
            .document()
            .policy()
            .refreshInterval()
            .multipliedBy(RingRefresher.READS_MISSED_BEFORE_ALARM);
    return Optional.of(NodeReport.all(reports, now().minus(patience)));
  }

  /**
   * What is revoked of this ring's sessions, as it is in the store now. What is revoked here is in
   * the store when the call returns; nodes that share revocations heed it within {@link
   * RotationPolicy#revocationBound()}. Beside what they say, its methods throw {@link
   * KeyRingException} if the store cannot take it.
   *
   * @throws KeyRingException if the store cannot tell, or with {@link
   *     KeyRingException.Reason#POLICY} if it keeps no revocations
   */
  public SessionRevocations revocations() {
    return RingRevocations.atOnce(repository.store(), load().document(), clock, random);
  }

  /**
   * The public parts of the ring's keys, for those who only verify: keys that are published ahead
   * included, revoked and expired ones not; without keys for a ring of symmetric ones. What nodes
   * publish that hold the same document.
   */
  public PublishedJwks publicKeys() {
    return PublishedJwks.of(load().dated(), clock.instant());
  }

  /**
   * The same ring sealed under another key, and nothing else changed. Nodes must be able to open it
   * with both before this ({@link KeyEncryptionKey#also}); one that cannot keeps what it has, with
   * the alarm {@code UNREADABLE}. Who knew the old key may still know the ring's keys: rotate, and
   * revoke them, if that matters.
   *
   * @param to its first key. A private key takes over the recipients of the ring if it is one of
   *     them, and is the only recipient of a ring that had none
   * @return empty if the ring is sealed under that key already, of a key in a service under its
   *     newest version
   * @throws KeyRingException with {@link KeyRingException.Reason#POLICY} if the ring has
   *     recipients, and the key is none of them
   */
  public Optional<RingChange> rewrap(KeyEncryptionKey to) {
    RingRepository.Loaded base = load();
    KeyEncryptionKey single = to.alternatives().get(0);
    return Resealing.rewrapped(base.document(), single, random)
        .map(
            seal ->
                new RingChange(
                    repository.opening(single, base.document().lineage()),
                    base,
                    RingSuccession.resealed(base, seal, now()),
                    clock));
  }

  /**
   * What somebody should mend about the key that the ring is sealed under, where that is in a
   * service; each says what to do.
   */
  public List<String> keyFindings() {
    return ServiceSeal.findings(load().document().seal(), clock.instant());
  }

  /**
   * What somebody should mend about the list of revoked sessions; each says what to do. Reads all
   * of it, and adds a record that denies nothing, to see whether that is allowed.
   *
   * @throws KeyRingException as {@link #revocations}
   */
  public List<String> revocationFindings() {
    return RingRevocations.atOnce(repository.store(), load().document(), clock, random).findings();
  }

  /** Who may open the ring; empty if it is sealed under a key or a passphrase, or not at all. */
  public List<RecipientKey> recipients() {
    return load().document().seal().recipients();
  }

  /**
   * Further recipients of a ring that has some. They can read every key in it from this commit on.
   *
   * @return empty if all of them are recipients already
   * @throws KeyRingException with {@link KeyRingException.Reason#POLICY} if the ring is sealed in
   *     another way, or would have more than 64
   */
  public Optional<RingChange> recipientAddition(List<RecipientKey> further) {
    RingRepository.Loaded base = load();
    return Resealing.withRecipients(base.document(), further)
        .map(seal -> change(base, RingSuccession.resealed(base, seal, now())));
  }

  /**
   * The ring without these recipients. They can open no later document; the keys that they have
   * read they still know, until those are revoked.
   *
   * @param ids {@linkplain RecipientKey#id thumbprints}
   * @throws KeyRingException with {@link KeyRingException.Reason#POLICY} if one of them is no
   *     recipient, or the key in use here is among them
   */
  public RingChange recipientRemoval(Set<String> ids) {
    RingRepository.Loaded base = load();
    Seal seal = Resealing.withoutRecipients(base.document(), ids);
    return change(base, RingSuccession.resealed(base, seal, now()));
  }

  /** Puts back what the store has lost of the document held (N1). */
  RingChange healing(RingDocument held, String heldHash) {
    RingRepository.Loaded base = repository.load().orElse(null);
    return change(base, succession.healed(held, heldHash, base, now()));
  }

  /**
   * Closes the store if it was opened for this custodian ({@link KeyRingLocation#openCustodian}).
   * One that was given to a constructor may serve others, and stays open.
   */
  @Override
  public void close() {
    if (ownsStore) {
      repository.store().close();
    }
  }

  RingRepository repository() {
    return repository;
  }

  /**
   * Dates come from the store where it has a clock: one clock for all writers (N7). For changes
   * only; asking for it can cost the store a write, which nobody who just looks may need.
   */
  Instant now() {
    return repository.store().time().orElseGet(clock::instant).truncatedTo(ChronoUnit.MILLIS);
  }

  private RingRepository.Loaded load() {
    return repository
        .load()
        .orElseThrow(
            () ->
                new KeyRingException(
                    KeyRingException.Reason.ABSENT,
                    "no ring in "
                        + repository.store()
                        + "; create one with `satchel-keys init`, or look for a wrong location"));
  }

  private RingChange change(RingRepository.@Nullable Loaded base, RingDocument next) {
    return new RingChange(repository, base, next, clock);
  }

  /** The store; no keys. */
  @Override
  public String toString() {
    return "KeyCustodian[" + repository.store() + "]";
  }
}
