package dev.satchel.servlet;

import dev.satchel.SessionState;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The sessions of the requests that are being served by this filter now, so that requests which
 * overlap share one object, as on a server with sessions of its own: {@code synchronized (session)}
 * excludes, and what they write in parallel is not lost (BEHAVIOUR.md 77). A session is dropped
 * when its last request ends; between requests nothing is kept.
 *
 * <p>No lock: whoever finds that another was quicker tries again.
 */
final class LiveSessions {
  private final ConcurrentMap<String, TokenHttpSession> byId = new ConcurrentHashMap<>();
  private final BoundAfterwards boundAfterwards = new BoundAfterwards();
  private final boolean isShared;

  /**
   * @param isShared whether requests that overlap share an object; not where one of them may undo
   *     what it did, which nobody could tell from what the others did (BEHAVIOUR.md 47)
   */
  LiveSessions(boolean isShared) {
    this.isShared = isShared;
  }

  /** The live session that a request's token stands for. */
  TokenHttpSession join(
      SessionExchange exchange, SessionState state, boolean reissue, String token) {
    if (!isShared) {
      return TokenHttpSession.loaded(exchange, state, reissue, token);
    }
    TokenHttpSession fresh = null;
    while (true) {
      TokenHttpSession known = byId.get(state.id());
      if (known != null) {
        switch (known.shared().join(exchange, state, reissue, token)) {
          case JOINED -> {
            return known;
          }
          case GONE -> {
            drop(state.id(), known);
            continue;
          }
          case OTHER_LINE -> {
            // Later requests of this node follow the newer line; whoever is in the older one
            // stays there.
          }
        }
      }
      if (fresh == null) {
        fresh = TokenHttpSession.loaded(exchange, state, reissue, token);
      }
      if (known == null
          ? byId.putIfAbsent(state.id(), fresh) == null
          : replace(state.id(), known, fresh)) {
        return fresh;
      }
    }
  }

  /** Makes a session known that was created, or asked for again by a request that had left it. */
  void put(TokenHttpSession session) {
    if (isShared && !session.participants().isEmpty()) {
      byId.putIfAbsent(session.getId(), session);
      if (session.participants().isEmpty()) {
        drop(session); // the last one left meanwhile
      }
    }
  }

  /** Makes a session known by its new id, and unknown by the old one, as containers do. */
  void renamed(String oldId, TokenHttpSession session) {
    if (isShared) {
      drop(oldId, session);
      put(session);
    }
    boundAfterwards.renamed(oldId, session.getId());
  }

  /** Drops a session whose last request has gone. */
  void drop(TokenHttpSession session) {
    drop(session.getId(), session);
  }

  // By identity: equal are all objects of one session, and another one may have taken its place.

  private void drop(String id, TokenHttpSession session) {
    byId.computeIfPresent(id, (same, known) -> known.isSame(session) ? null : known);
  }

  private boolean replace(String id, TokenHttpSession old, TokenHttpSession fresh) {
    return fresh.isSame(
        byId.computeIfPresent(id, (same, known) -> known.isSame(old) ? fresh : known));
  }

  /** What was bound to sessions after their requests were over. */
  BoundAfterwards boundAfterwards() {
    return boundAfterwards;
  }

  /** Whether requests of this node are using the session of this id. */
  boolean has(String id) {
    return byId.containsKey(id);
  }

  /** How many sessions are in use now. */
  int size() {
    return byId.size();
  }
}
