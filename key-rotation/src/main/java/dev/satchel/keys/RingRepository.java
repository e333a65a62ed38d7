package dev.satchel.keys;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store seen as documents: opens what it reads and seals what it commits. Thread-safe. */
final class RingRepository {
  private final KeyRingStore store;
  private final SealedRing sealing;
  private final @Nullable String expectedName;

  /** What was read last: an unchanged document is not opened again. */
  private volatile @Nullable Loaded last;

  /**
   * @param expectedName refuses a ring of another name; null takes any
   */
  RingRepository(
      KeyRingStore store,
      KeyEncryptionKey kek,
      @Nullable String expectedName,
      SecureRandom random) {
    this.store = store;
    this.sealing = new SealedRing(kek, random);
    this.expectedName = expectedName;
  }

  /**
   * The ring; empty only if there is definitely none (I7).
   *
   * @throws KeyRingException if the store cannot tell, or the document cannot be read
   */
  Optional<Loaded> load() {
    KeyRingStore.Stored stored = store.read().orElse(null);
    if (stored == null) {
      return Optional.empty();
    }
    byte[] bytes = stored.document();
    String hash = hash(bytes);
    Loaded known = last;
    RingDocument document =
        known != null && known.hash().equals(hash)
            ? known.document()
            : sealing.open(bytes, store.toString());
    if (expectedName != null && !expectedName.equals(document.name())) {
      throw new KeyRingException(
          KeyRingException.Reason.UNREADABLE,
          store + " holds the ring " + document.name() + ", expected is " + expectedName);
    }
    Loaded loaded = new Loaded(document, hash, stored.revision(), stored.committedAt());
    last = loaded;
    return Optional.of(loaded);
  }

  byte[] seal(RingDocument document) {
    return sealing.seal(document);
  }

  KeyRingStore store() {
    return store;
  }

  /** SHA-256 of the stored form. */
  static String hash(byte[] stored) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(stored);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A document, and where in the store's history it stands. */
  record Loaded(RingDocument document, String hash, long revision, Optional<Instant> committedAt) {}
}
