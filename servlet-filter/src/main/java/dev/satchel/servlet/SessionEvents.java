package dev.satchel.servlet;

import dev.satchel.AttributeException;
import dev.satchel.Rejection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happens to sessions, for metrics, logs and revocation. All methods do nothing by default. No
 * method ever gets a token, an attribute's value or a byte chosen by a client.
 *
 * <p>Implementations are thread-safe and called on the request path: return quickly. What an
 * implementation throws is logged as a warning, at most once an hour for each method, and never
 * reaches the application or the client.
 */
public interface SessionEvents {

  /** The application made a new session. It is written, if at all, with the response. */
  default void created(String sessionId) {}

  /**
   * A client's token was accepted. Once per request, when the application first asks for the
   * session.
   */
  default void accepted(String keyId) {}

  /**
   * A client's token was not accepted, so the request has no session. The client learns nothing of
   * the reason.
   *
   * @param keyId the key that the token named, if this node holds it; null otherwise
   */
  default void rejected(Rejection reason, @Nullable String keyId) {}

  /**
   * A token was written to the response; possibly more than once in one request, of which the
   * client sees the last.
   */
  default void issued(int headerBytes) {}

  /**
   * The client was told to drop its token: the session was invalidated, or the token was not
   * accepted.
   */
  default void tokenDropped() {}

  /**
   * A session was invalidated. Its tokens work until {@code expiresAt} unless the id is revoked
   * until then: which the filter does where the key source brings revocations, and this is the
   * place to do elsewhere.
   */
  default void invalidated(String sessionId, Instant expiresAt) {}

  /**
   * A session's token came back after its time was over. Told where the application asks for the
   * session, once for each session as far as this node remembers; another node may tell again, and
   * the session may live on in a later token. Of a session whose client stays away nobody hears
   * (BEHAVIOUR.md 65).
   */
  default void expired(String sessionId) {}

  /**
   * A session got a new id. Tokens with the old one work until {@code expiresAt} unless that id is
   * revoked until then, as for {@link #invalidated}.
   */
  default void renewed(String oldId, String newId, Instant expiresAt) {}

  /** An attribute was left out of the token: its type has no registered form (BEHAVIOUR.md 10). */
  default void attributeDropped(String name, IllegalArgumentException cause) {}

  /**
   * An attribute's stored form could not be read. The application sees it as absent, the token
   * still carries it, unless the filter is set to drop it or to end the session (BEHAVIOUR.md 19).
   */
  default void attributeUnreadable(String name, AttributeException cause) {}

  /**
   * A change came after the response's headers were gone and is lost (BEHAVIOUR.md 43).
   *
   * @param change what was changed, such as {@code attribute 'cart'}
   * @param cause what committed the response, such as {@code sendRedirect}
   */
  default void lateChange(String change, String cause) {}

  /**
   * The session could not be written: too large, or no key to seal it with. The client keeps the
   * token it has.
   */
  default void notWritten(RuntimeException cause) {}
}
