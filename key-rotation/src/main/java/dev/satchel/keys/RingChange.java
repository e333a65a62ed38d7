package dev.satchel.keys;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change of a ring that is worked out but not committed. Made by {@link KeyCustodian}; looking at
 * {@link #after} and not committing is a dry run.
 */
public final class RingChange {
  private final RingRepository repository;
  private final RingRepository.@Nullable Loaded base;
  private final RingDocument next;
  private final InstantSource clock;

  RingChange(
      RingRepository repository,
      RingRepository.@Nullable Loaded base,
      RingDocument next,
      InstantSource clock) {
    this.repository = repository;
    this.base = base;
    this.next = next;
    this.clock = clock;
  }

  /** The ring as it was read; empty if the change creates it. */
  public Optional<KeyRingStatus> before() {
    return Optional.ofNullable(base).map(b -> KeyRingStatus.of(b.dated(), now()));
  }

  /** The ring as it would be. */
  public KeyRingStatus after() {
    return KeyRingStatus.of(next, now());
  }

  /**
   * Commits the change, if the ring is still what it was worked out from.
   *
   * @return the ring after the change
   * @throws KeyRingException with {@link KeyRingException.Reason#EXISTS} or {@link
   *     KeyRingException.Reason#CONFLICT} if somebody else was first and nothing was changed; with
   *     {@link KeyRingException.Reason#UNKNOWN_OUTCOME} if that could not be found out
   */
  public KeyRingStatus commit() {
    RingRepository.Sealed sealed = repository.sealReadably(next);
    switch (attempt(sealed)) {
      case COMMITTED:
        // As everybody will read it: with the version of a key that was used for it.
        return KeyRingStatus.of(sealed.document(), now());
      case CONFLICT:
        throw base == null
            ? new KeyRingException(
                KeyRingException.Reason.EXISTS,
                "a ring is already in " + repository.store() + "; nothing was changed")
            : new KeyRingException(
                KeyRingException.Reason.CONFLICT,
                "the ring in "
                    + repository.store()
                    + " was changed by somebody else after it was read; nothing was changed here");
      default:
        throw new KeyRingException(
            KeyRingException.Reason.UNKNOWN_OUTCOME,
            repository.store()
                + " did not say whether the change was applied; look with `satchel-keys status`"
                + " before trying again");
    }
  }

  /** Thumbprints of those who could open the document held or the one read, and not the next. */
  List<String> leavingOut(RingDocument held) {
    var before = new LinkedHashSet<RecipientKey>(held.seal().recipients());
    if (base != null) {
      before.addAll(base.document().seal().recipients());
    }
    next.seal().recipients().forEach(before::remove);
    return before.stream().map(RecipientKey::id).toList();
  }

  /** With its keys, for tests of what becomes of them. */
  RingDocument document() {
    return next;
  }

  /** Of the one who looks. What was decided by the store's clock is in the document. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** One compare-and-set, with the doubt of a lost answer resolved where a read can do so. */
  KeyRingStore.Commit attempt() {
    return attempt(repository.sealReadably(next));
  }

  private KeyRingStore.Commit attempt(RingRepository.Sealed sealed) {
    byte[] bytes = sealed.bytes();
    long expected = base == null ? KeyRingStore.ABSENT : base.revision();
    KeyRingStore.Commit outcome = repository.store().compareAndSet(expected, bytes);
    if (outcome == KeyRingStore.Commit.UNKNOWN) {
      outcome = resolve(RingRepository.hash(bytes), expected);
    }
    if (outcome == KeyRingStore.Commit.CONFLICT) {
      // N7: a key that lost its race is nobody's, and must not outlive it.
      next.keys().stream()
          .filter(key -> key.epoch() == next.epoch()) // Others are in use, here or elsewhere.
          .forEach(key -> key.material().destroy());
    }
    return outcome;
  }

  private KeyRingStore.Commit resolve(String hash, long expected) {
    RingRepository.Loaded found;
    try {
      found = repository.load().orElse(null);
    } catch (KeyRingException e) {
      return KeyRingStore.Commit.UNKNOWN; // What was doubtful still is.
    }
    if (found != null && found.hash().equals(hash)) {
      return KeyRingStore.Commit.COMMITTED;
    }
    // Another document of a later revision: ours was either refused or replaced, which the caller
    // cannot tell and need not; the same revision as before may still be overtaken by ours.
    boolean replacedOrRefused = found != null && found.revision() == expected + 1;
    return replacedOrRefused ? KeyRingStore.Commit.CONFLICT : KeyRingStore.Commit.UNKNOWN;
  }

  /** The ring and both epochs. */
  @Override
  public String toString() {
    return "RingChange[ring="
        + next.name()
        + ", epoch="
        + (base == null ? 0 : base.document().epoch())
        + " -> "
        + next.epoch()
        + "]";
  }
}
