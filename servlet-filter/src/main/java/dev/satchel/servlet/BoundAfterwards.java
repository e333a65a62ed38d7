package dev.satchel.servlet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Values that were bound to a session when its request was over already, and that want to hear of
 * its end: Tomcat's WebSocket support binds one after the upgrade to close the connection when the
 * session is invalidated (BEHAVIOUR.md 21). They are told when the session is invalidated on this
 * node; what happens on another node they cannot know.
 *
 * <p>No monitor is taken as long as nobody binds anything afterwards.
 */
final class BoundAfterwards {
  /**
   * Values remembered at most, so that clients who open and close connections cannot fill the
   * memory; as many as Tomcat has connections by default ({@code maxConnections}, 8,192). Beyond
   * it, the oldest is forgotten.
   */
  static final int MAX_VALUES = 8_192;

  private final Deque<Bound> values = new ArrayDeque<>();
  private volatile boolean used;

  private record Bound(String sessionId, Runnable unbinding) {
    Bound withId(String newId) {
      return new Bound(newId, unbinding);
    }
  }

  /**
   * Remembers a value.
   *
   * @param unbinding tells the value
   */
  synchronized void add(String sessionId, Runnable unbinding) {
    used = true;
    if (values.size() == MAX_VALUES) {
      values.removeFirst();
    }
    values.addLast(new Bound(sessionId, unbinding));
  }

  /** Whether anything was ever bound afterwards. */
  boolean isUsed() {
    return used;
  }

  /** The session has another id. */
  void renamed(String oldId, String newId) {
    if (used) {
      take(oldId, bound -> values.addLast(bound.withId(newId)));
    }
  }

  /** Forgets the session and gives what there is to tell of its end. */
  List<Runnable> take(String sessionId) {
    List<Runnable> taken = new ArrayList<>(0);
    if (used) {
      take(sessionId, bound -> taken.add(bound.unbinding));
    }
    return taken;
  }

  private synchronized void take(String sessionId, Consumer<Bound> taker) {
    List<Bound> taken = values.stream().filter(b -> b.sessionId.equals(sessionId)).toList();
    // Not removeAll, which compares records: that keeps a class loader (BEHAVIOUR.md 81).
    values.removeIf(b -> b.sessionId.equals(sessionId));
    taken.forEach(taker);
  }
}
