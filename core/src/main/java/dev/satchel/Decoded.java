package dev.satchel;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a token: accepted with a session, or rejected with a reason. Only {@link
 * TokenCodec#decode} makes one.
 */
public sealed interface Decoded {

  /**
   * A token that is authentic, alive and not revoked. The only carrier of a state read from a
   * client.
   */
  final class Accepted implements Decoded {
    private final SessionState state;
    private final String keyId;
    private final boolean reissue;

    Accepted(SessionState state, String keyId, boolean reissue) {
      this.state = state;
      this.keyId = keyId;
      this.reissue = reissue;
    }

    /** The session. */
    public SessionState state() {
      return state;
    }

    /** The id of the key that sealed it. */
    public String keyId() {
      return keyId;
    }

    /**
     * Whether the token should be written again although nothing changed: old key, or a due refresh
     * of the idle time.
     */
    public boolean reissue() {
      return reissue;
    }

    @Override
    public String toString() {
      return "Accepted[keyId=" + keyId + ", reissue=" + reissue + "]";
    }
  }

  /** A token that was not accepted. Holds nothing of the token itself. */
  final class Rejected implements Decoded {
    private final Rejection reason;
    private final @Nullable String keyId;
    private final @Nullable RuntimeException cause;

    Rejected(Rejection reason, @Nullable String keyId) {
      this(reason, keyId, null);
    }

    Rejected(Rejection reason, @Nullable String keyId, @Nullable RuntimeException cause) {
      this.reason = Objects.requireNonNull(reason);
      this.keyId = keyId;
      this.cause = cause;
    }

    /** What failed, where the reason is {@link Rejection#UNVERIFIABLE}. For the log. */
    public Optional<RuntimeException> cause() {
      return Optional.ofNullable(cause);
    }

    /** Why. Not for the client. */
    public Rejection reason() {
      return reason;
    }

    /**
     * The id of the key the token named, if this node holds such a key; never bytes of the client's
     * choosing.
     */
    public Optional<String> keyId() {
      return Optional.ofNullable(keyId);
    }

    @Override
    public String toString() {
      return "Rejected[reason=" + reason + ", keyId=" + keyId + "]";
    }
  }
}
