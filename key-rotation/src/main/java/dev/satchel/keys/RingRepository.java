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
  private final KeyEncryptionKey kek;
  private final SecureRandom random;
  private final @Nullable String expectedName;
  private final @Nullable String expectedLineage;

  /** Of the ring that was begun here, if one was: nobody else knows its key yet. */
  private volatile @Nullable String founded;

  /** What was read last: an unchanged document is not opened again. */
  private volatile @Nullable Loaded last;

  /**
   * @param expectedName refuses a ring of another name; null takes any
   * @param expectedLineage refuses a ring of another lineage; null takes any that is sealed under a
   *     secret
   */
  RingRepository(
      KeyRingStore store,
      KeyEncryptionKey kek,
      @Nullable String expectedName,
      @Nullable String expectedLineage,
      SecureRandom random) {
    this.store = store;
    this.sealing = new SealedRing(kek, random);
    this.kek = kek;
    this.random = random;
    this.expectedName = expectedName;
    this.expectedLineage = expectedLineage;
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
    if (known != null && known.isOf(stored, hash)) {
      return Optional.of(known);
    }
    RingDocument document =
        sealing.open(
            bytes,
            stored.isCounted()
                ? store + " (revision " + stored.revision() + ")"
                : store.toString());
    if (expectedName != null && !expectedName.equals(document.name())) {
      throw new KeyRingException(
          KeyRingException.Reason.UNREADABLE,
          store + " holds the ring " + document.name() + ", expected is " + expectedName);
    }
    requireLineage(document);
    // A commit raises both by one, and a healing the epoch by more: the revision is never ahead.
    if (stored.isCounted() && stored.revision() > document.epoch()) {
      throw new KeyRingException(
          KeyRingException.Reason.UNREADABLE,
          store
              + " has the ring's epoch "
              + document.epoch()
              + " as its revision "
              + stored.revision()
              + ": somebody put a document in another's place; remove that revision, and the one"
              + " before it counts");
    }
    Loaded loaded = new Loaded(document, hash, stored.revision(), stored.committedAt());
    last = loaded;
    return Optional.of(loaded);
  }

  /**
   * A ring that is sealed for recipients can be made by anybody who has their public keys, one that
   * is sealed by a service by whoever may wrap there. Its lineage tells whether whoever made it
   * knew the ring before; what that lineage is has to be known from elsewhere, or from a document
   * that was read under a secret.
   */
  private void requireLineage(RingDocument document) {
    boolean another = expectedLineage != null && !expectedLineage.equals(document.lineage());
    if (another) {
      throw new KeyRingException(
          KeyRingException.Reason.UNREADABLE,
          store
              + " holds a ring of lineage "
              + document.lineage()
              + ", expected is "
              + expectedLineage);
    }
    Seal seal = document.seal();
    if (seal.isForgeable() && expectedLineage == null && !isKnown(document.lineage())) {
      throw new KeyRingException(
          KeyRingException.Reason.UNREADABLE,
          store
              + (seal.recipients().isEmpty()
                  ? " holds a ring sealed by a service, which anybody with the right to wrap can make;"
                  : " holds a ring sealed for recipients, which anybody with their public keys can"
                      + " make;")
              + " say which one is meant: add lineage=, as `satchel-keys init` and `status` show it");
    }
  }

  private boolean isKnown(String lineage) {
    Loaded known = last;
    return lineage.equals(founded) || (known != null && known.document().lineage().equals(lineage));
  }

  /** The same store, whose ring, known to be of this lineage, this key opens too. */
  RingRepository opening(KeyEncryptionKey further, String lineage) {
    return new RingRepository(store, further.also(kek), expectedName, lineage, random);
  }

  /** A document that is nobody's successor, with the seal of new rings. */
  RingDocument founding(RingDocument document) {
    founded = document.lineage();
    return sealing.founding(document);
  }

  byte[] seal(RingDocument document) {
    return sealing.seal(document);
  }

  /**
   * Sealed, and read again as every node will: bounds that hold for readers only would let a ring
   * grow until nobody can read it.
   *
   * @throws KeyRingException with {@link KeyRingException.Reason#POLICY} if nobody could
   */
  Sealed sealReadably(RingDocument document) {
    byte[] sealed = sealing.seal(document);
    try {
      return new Sealed(sealed, sealing.open(sealed, store.toString()));
    } catch (KeyRingException e) {
      if (e.reason() != KeyRingException.Reason.UNREADABLE) {
        throw e; // A service that is away says nothing about the ring.
      }
      throw new KeyRingException(
          KeyRingException.Reason.POLICY,
          "ring "
              + document.name()
              + " would be unreadable with this change, and is left as it is: "
              + e.getMessage(),
          e);
    }
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

  /** The stored form, and the document as it is read from there. */
  static final class Sealed {
    private final byte[] bytes;
    private final RingDocument document;

    Sealed(byte[] bytes, RingDocument document) {
      this.bytes = bytes;
      this.document = document;
    }

    byte[] bytes() {
      return bytes;
    }

    RingDocument document() {
      return document;
    }
  }

  /** A document, and where in the store's history it stands. */
  static final class Loaded {
    private final RingDocument document;
    private final RingDocument dated;
    private final String hash;
    private final long revision;
    private final Optional<Instant> committedAt;

    Loaded(RingDocument document, String hash, long revision, Optional<Instant> committedAt) {
      this.document = document;
      this.dated = committedAt.map(document::newestPublishedNoEarlierThan).orElse(document);
      this.hash = hash;
      this.revision = revision;
      this.committedAt = committedAt;
    }

    /** As it was sealed. */
    RingDocument document() {
      return document;
    }

    /**
     * The document with its newest keys published no earlier than the store took it in. Their own
     * date was set before the commit, by a writer that may have slept for hours in between.
     */
    RingDocument dated() {
      return dated;
    }

    String hash() {
      return hash;
    }

    long revision() {
      return revision;
    }

    Optional<Instant> committedAt() {
      return committedAt;
    }

    private boolean isOf(KeyRingStore.Stored stored, String otherHash) {
      return hash.equals(otherHash)
          && revision == stored.revision()
          && committedAt.equals(stored.committedAt());
    }
  }
}
