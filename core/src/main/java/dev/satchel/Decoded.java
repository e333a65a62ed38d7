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

  /**
   * A token that was not accepted. Holds nothing of the token itself, but for an authentic one
   * whose time is over.
   */
  final class Rejected implements Decoded {
    private final Rejection reason;
    private final @Nullable String keyId;
    private final @Nullable RuntimeException cause;
    private final @Nullable SessionState expired;

    Rejected(Rejection reason, @Nullable String keyId) {
      this(reason, keyId, null, null);
    }

    Rejected(
        Rejection reason,
        @Nullable String keyId,
        @Nullable RuntimeException cause,
        @Nullable SessionState expired) {
      this.reason = Objects.requireNonNull(reason);
      this.keyId = keyId;
      this.cause = cause;
      this.expired = expired;
    }

    /**
     * The session that has ended, where the token is authentic and the reason {@link
     * Rejection#EXPIRED} or {@link Rejection#IDLE}: for clearing up after it, never for going on
     * with it. The session may live on in a later token, and may be revoked: that was not asked.
     * Empty for every other reason, and for a token that is so old that it was not opened.
     */
    public Optional<SessionState> expired() {
      return Optional.ofNullable(expired);
    }

    /**
     * What failed, where the reason is {@link Rejection#UNVERIFIABLE}; what is wrong with the
     * claims, where it is {@link Rejection#UNREADABLE}, in words that hold nothing of them. For the
     * log.
     */
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
