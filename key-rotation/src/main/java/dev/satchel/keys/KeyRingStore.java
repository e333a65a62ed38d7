package dev.satchel.keys;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a ring document is kept: one value that changes by compare-and-set only. A store knows
 * nothing of keys; what it holds is sealed before it gets here. Implementations are thread-safe,
 * and pass {@code KeyRingStoreContract}.
 *
 * <p>A revision counts the commits of a store from 1 on. It is the store's own and usually equals
 * the epoch of the document, which survives where a store is wiped or restored. A store that only
 * shows what others wrote elsewhere has no such count: its documents are {@linkplain
 * Stored#uncounted uncounted}.
 *
 * <h2>Guarantees an implementation gives</h2>
 *
 * <ul>
 *   <li>A read returns a document exactly as committed, whole, and no older than the propagation of
 *       the ring's policy. An empty answer means that there is definitely none.
 *   <li>Of any number of commits that expect the same revision at most one is ever applied.
 *   <li>Whatever cannot be answered for certain is an exception or {@link Commit#UNKNOWN}.
 * </ul>
 */
public interface KeyRingStore extends AutoCloseable {

  /** The expected revision of a store that has no document. */
  long ABSENT = 0;

  /**
   * Beyond this a document is not a ring, of which the largest has some 350 KB: no store takes it
   * in or loads it.
   */
  int MAX_DOCUMENT_BYTES = 1024 * 1024;

  /**
   * The document; empty only if there is definitely none.
   *
   * @throws KeyRingException with {@link KeyRingException.Reason#UNAVAILABLE} if the store cannot
   *     tell
   */
  Optional<Stored> read();

  /**
   * The revision that {@link #read} would return, for less work; empty if there is no document.
   *
   * @throws KeyRingException with {@link KeyRingException.Reason#UNAVAILABLE} if the store cannot
   *     tell
   */
  default OptionalLong probe() {
    return read().map(stored -> OptionalLong.of(stored.revision())).orElse(OptionalLong.empty());
  }

  /**
   * Replaces the document of this revision. On success its revision is {@code expectedRevision +
   * 1}.
   *
   * @param expectedRevision as read before, or {@link #ABSENT} to create
   * @param document copied if kept
   * @throws KeyRingException with {@link KeyRingException.Reason#UNAVAILABLE} if nothing was sent,
   *     {@link KeyRingException.Reason#POLICY} for more than {@link #MAX_DOCUMENT_BYTES}
   */
  Commit compareAndSet(long expectedRevision, byte[] document);

  /** The store's own clock, if it has one: dates of a ring come from it where possible. */
  default Optional<Instant> time() {
    return Optional.empty();
  }

  /** Whether the store refuses every {@link #compareAndSet}: no writer can work with it. */
  default boolean isReadOnly() {
    return false;
  }

  /**
   * The least propagation that the policy of a ring in this place has to allow for: how old a read
   * can be, by the nature of the store.
   */
  default Duration leastPropagation() {
    return Duration.ZERO;
  }

  /**
   * What an operator should know about this place, each with what to do about it: permissions,
   * gaps, settings under which documents get lost. Empty if all is well.
   */
  default List<String> findings() {
    return List.of();
  }

  /** Where nodes of this ring report to; empty for a store that keeps no reports. */
  default Optional<NodeReports> nodeReports() {
    return Optional.empty();
  }

  /** Where revoked sessions are kept; empty for a store that keeps none. */
  default Optional<RevocationLog> revocationLog() {
    return Optional.empty();
  }

  /** Releases what the store holds open. */
  @Override
  default void close() {}

  /** The store and its location, without credentials: it appears in messages. */
  @Override
  String toString();

  /** How a {@link #compareAndSet} ended. */
  enum Commit {
    /** The document is in place. */
    COMMITTED,
    /** The store held another revision; nothing was changed. */
    CONFLICT,
    /** No answer came, or a doubtful one: the document may be in place, now or later, or never. */
    UNKNOWN
  }

  /** A document as it is in a store. */
  final class Stored {
    private final long revision;
    private final boolean counted;
    private final byte[] document;
    private final Optional<Instant> committedAt;

    /**
     * @param revision 1 or more
     * @param document copied
     * @param committedAt when this revision was committed by the store's clock, if it has one. It
     *     is not authenticated; it can delay the use of a key and nothing else
     */
    public Stored(long revision, byte[] document, Optional<Instant> committedAt) {
      this(revision, true, document, committedAt);
    }

    private Stored(long revision, boolean counted, byte[] document, Optional<Instant> committedAt) {
      if (revision <= ABSENT) {
        throw new IllegalArgumentException("revision is " + revision + ", allowed is 1 or more");
      }
      this.revision = revision;
      this.counted = counted;
      this.document = document.clone();
      this.committedAt = Objects.requireNonNull(committedAt, "committedAt");
    }

    /**
     * A document of a store that counts no commits. Its revision is made from its content, so that
     * another document has another revision, and says nothing else.
     *
     * @param document copied
     */
    public static Stored uncounted(byte[] document) {
      byte[] digest;
      try {
        digest = MessageDigest.getInstance("SHA-256").digest(document);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
      long positive = ByteBuffer.wrap(digest).getLong() & Long.MAX_VALUE;
      return new Stored(Math.max(1, positive), false, document, Optional.empty());
    }

    /** The number of commits up to this one, if they {@linkplain #isCounted are counted}. */
    public long revision() {
      return revision;
    }

    /** Whether the revision is a count of commits. */
    public boolean isCounted() {
      return counted;
    }

    /** A copy of the document. */
    public byte[] document() {
      return document.clone();
    }

    /** When it was committed, by the store's clock. */
    public Optional<Instant> committedAt() {
      return committedAt;
    }

    /** Revision and size only. */
    @Override
    public String toString() {
      return "Stored[revision=" + revision + ", bytes=" + document.length + "]";
    }
  }
}
