package dev.satchel;

import java.time.Duration;
import java.time.Instant;

/**
 * A list of sessions that ended before their time, shared by all nodes: told here, heeded
 * everywhere. A {@link KeySource} may {@linkplain KeySource#revocations() bring} one, which then is
 * the check of every {@link TokenCodec} with that source, unless the codec was given another.
 *
 * <p>On this node a revocation counts when the call returns; on others within the bound that the
 * implementation states. No method does I/O or waits for the others: where they cannot be told now,
 * they are told later. Asking takes no lock. Where the list may lack what others revoked, and the
 * node is set to refuse then, {@link #isRevoked} throws: the token is {@link
 * Rejection#UNVERIFIABLE} and kept. Thread-safe.
 *
 * <p>No index of sessions is kept: nobody can list the sessions of a subject, here or elsewhere.
 */
public interface SessionRevocations extends RevocationCheck {

  /**
   * Ends one session. Revoke only what a client may hold a token of: the list is bounded, and each
   * entry is kept until its time.
   *
   * @param sessionId its {@link SessionState#id()}
   * @param until from when on no token of it is accepted anyway, such as {@link TokenCodec#endOf};
   *     in the past nothing is revoked
   * @throws IllegalArgumentException if it is no id of a session
   * @throws IllegalStateException if as many are revoked as can be; nobody else is forgotten for it
   */
  void revoke(String sessionId, Instant until);

  /**
   * Ends one session as {@link #revoke(String, Instant)} does, for whoever has it at hand: a list
   * may keep room for sessions with a subject, so that nobody fills it without signing in. By
   * default all are alike.
   *
   * @throws IllegalStateException as there, or if there is no more room for sessions of nobody
   */
  default void revoke(SessionState session, Instant until) {
    revoke(session.id(), until);
  }

  /**
   * Ends the tokens of a session under an id that it had; under its new id it lives. To be called
   * by who gave it the new id, when a client is sent that. Where the former id turns out to be
   * {@linkplain #revoke revoked} after all, as by a sign-out at a node that had not heard of the
   * new one, a list should end the session under the new id too, or a stolen token escapes by being
   * renewed; by default it does not.
   *
   * @param before the session as it was, under the former id
   * @param after under the new one
   * @param until from when on no token of either is accepted anyway
   * @throws IllegalStateException as for {@link #revoke(SessionState, Instant)}
   */
  default void renewed(SessionState before, SessionState after, Instant until) {
    revoke(before, until);
  }

  /**
   * Ends all sessions that are a subject's since before an instant, wherever they are: sign-out
   * everywhere. Judged by {@link SessionState#subjectSince()}, which a session keeps when it is
   * renewed: whoever signs in afterwards stays signed in, also in a session that was there before.
   * It counts milliseconds: a sign-in within the millisecond of the instant, but before the
   * instant, is ended; from the instant on it lives. To end all sessions but a new one, give that
   * one's creation.
   *
   * <p>A sign-in at a node whose clock is ahead may bear a later date than its true one. To end
   * these too, add the clocks' skew and let nobody sign in before that has passed.
   *
   * @param subject as {@link SessionState#subject()}
   * @param issuedBefore at most 5 minutes from now
   * @throws IllegalArgumentException if the subject is empty, or the instant is later
   * @throws IllegalStateException as for {@link #revoke}
   */
  void revokeSubject(String subject, Instant issuedBefore);

  /**
   * Ends all sessions of whomever that were {@linkplain SessionState#createdAt() created} before an
   * instant; who signs in afterwards needs a session created afterwards.
   *
   * @param issuedBefore as for {@link #revokeSubject}
   * @throws IllegalArgumentException if the instant is more than 5 minutes from now
   */
  void revokeAll(Instant issuedBefore);

  /**
   * The longest that a session may live from its creation for these revocations to outlive it. A
   * codec with a longer {@link SessionPolicy#absoluteLifetime()} cannot be built.
   */
  Duration longestLifetime();
}
