package dev.satchel;

import java.net.URI;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;

/**
 * Where a {@link TokenCodec} finds its keys: the seam between tokens and key management.
 * Implementations are thread-safe.
 *
 * <p>{@link #current} and {@link #absent} are called on the request path: they do no I/O, take no
 * lock and never throw.
 */
public interface KeySource extends AutoCloseable {

  /**
   * The keys in use at this moment. Returns the same instance for as long as nothing changes, since
   * callers keep derived keys by the identity of the ring. A source that has no usable key returns
   * a ring without one.
   */
  KeyRing current();

  /**
   * Says what it means that {@link #current()} lacks a key id that a token named, and may start a
   * refresh in the background. The id is 1 to 11 base64url characters, chosen by whoever sent the
   * token.
   */
  default Absence absent(String keyId) {
    return Absence.UNKNOWN;
  }

  /**
   * The revocations of sessions that come by the same way as the keys; empty where none do. The
   * answer is the same for the source's whole life.
   */
  default Optional<SessionRevocations> revocations() {
    return Optional.empty();
  }

  /**
   * How this source is doing, for readiness probes and monitoring. No I/O; never throws. By default
   * up, or down for a ring without keys.
   */
  default Health health() {
    return current().keyIds().isEmpty()
        ? Health.of(Health.Status.DOWN, "the ring has no key; give it one")
        : Health.up();
  }

  /** Stops background work. The source keeps answering with the ring it has. */
  @Override
  default void close() {}

  /** A source that never changes. */
  static KeySource of(KeyRing ring) {
    Objects.requireNonNull(ring, "ring");
    return new KeySource() {
      @Override
      public KeyRing current() {
        return ring;
      }

      @Override
      public String toString() {
        return ring.toString(); // ids, no keys
      }
    };
  }

  /** {@link #open(URI, InstantSource)} with the system's clock. */
  static KeySource open(URI location) {
    return open(location, InstantSource.system());
  }

  /**
   * Opens a source by its location, such as {@code file:/var/lib/shop/ring?kek=env:SHOP_KEK}, with
   * the first {@link KeySourceProvider} on the class path that claims the scheme.
   *
   * @throws IllegalArgumentException if no provider claims the scheme, or the location is wrong;
   *     says which schemes there are
   * @throws IllegalStateException if the source cannot be opened, as when a ring is missing or
   *     unreadable
   */
  static KeySource open(URI location, InstantSource clock) {
    Objects.requireNonNull(clock, "clock");
    String scheme = String.valueOf(location.getScheme());
    var schemes = new TreeSet<String>();
    for (KeySourceProvider provider : ServiceLoader.load(KeySourceProvider.class)) {
      if (provider.schemes().contains(scheme)) {
        return provider.open(location, clock);
      }
      schemes.addAll(provider.schemes());
    }
    throw new IllegalArgumentException(
        "no key source for scheme '"
            + scheme
            + "'; available: "
            + (schemes.isEmpty() ? "none (is satchel-key-rotation on the class path?)" : schemes));
  }

  /** Why a ring lacks a key id. */
  enum Absence {
    /** The ring knows that it never issued this id. */
    UNKNOWN,
    /**
     * The ring is complete up to this id's time and no longer holds it: retired, destroyed or
     * revoked.
     */
    RETIRED,
    /** The id may have been issued elsewhere since this node last read the ring. */
    NOT_YET_KNOWN
  }

  /** How a source of keys is doing. Implementations are immutable. */
  interface Health {

    /** All in one word. */
    Status status();

    /**
     * What is wrong and what to do about it, for an operator; empty if all is well. Holds no secret
     * and no byte that a client sent.
     */
    String reason();

    /** All is well. */
    static Health up() {
      return of(Status.UP, "");
    }

    /** A health of this status for this reason. */
    static Health of(Status status, String reason) {
      return new SourceHealth(status, reason);
    }

    /** What a load balancer and an operator are to make of it. */
    enum Status {
      /** Tokens are read, and written where this source has keys to write them. */
      UP,
      /** As up, and something needs an operator before that ends. */
      DEGRADED,
      /** Tokens that should be read or written are not: send requests elsewhere. */
      DOWN
    }
  }
}
