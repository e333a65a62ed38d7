package dev.satchel.servlet;

import dev.satchel.RevocationCheck;
import dev.satchel.SessionState;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Tells of a session whose time had run out when its token came back (BEHAVIOUR.md 65). Once for
 * each session as far as this node remembers, and of none that ended otherwise before, as far as
 * the revocation check knows.
 */
final class ExpiredSessions {
  /**
   * Sessions remembered as told. A page's requests bear the expired token at one time, and the
   * first answer takes it from the client; so what counts is a few seconds, not a day.
   */
  private static final int REMEMBERED = 1024;

  private final RevocationCheck revocation;
  private final boolean isHeard;
  private final Set<String> told = new LinkedHashSet<>();

  /**
   * @param isHeard whether anybody may be listening: a listener, events, or a type of the
   *     application's whose values may want to know that they are unbound
   */
  ExpiredSessions(RevocationCheck revocation, boolean isHeard) {
    this.revocation = revocation;
    this.isHeard = isHeard;
  }

  /** The session in the request that bears its token, which goes on without it. */
  void tell(SessionExchange exchange, SessionState state) {
    LiveSessions live = exchange.setup().live();
    if (!isHeard && live.boundAfterwards().isEmpty()
        || live.has(state.id()) // in a later token
        || !isFirst(state.id())) {
      return;
    }
    boolean revoked;
    try {
      revoked = revocation.isRevoked(state);
    } catch (RuntimeException e) {
      forget(state.id()); // to be told when the check works again
      warn(exchange, e);
      return;
    }
    try {
      if (!revoked) {
        TokenHttpSession.expired(exchange, state).expire();
      }
    } catch (RuntimeException e) {
      // On a server this runs in no request. None fails because its client's token is old.
      warn(exchange, e);
    }
  }

  private static void warn(SessionExchange exchange, RuntimeException e) {
    exchange
        .setup()
        .warnings()
        .once("expired " + e.getClass(), "session: not all were told that it has expired: " + e);
  }

  private synchronized void forget(String id) {
    told.remove(id);
  }

  private synchronized boolean isFirst(String id) {
    boolean first = told.add(id);
    if (told.size() > REMEMBERED) {
      told.remove(told.iterator().next());
    }
    return first;
  }
}
