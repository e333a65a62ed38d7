package dev.satchel.servlet;

import jakarta.servlet.http.HttpSessionBindingListener;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values that were bound to a session when its request was over already, and that want to hear of
 * its end: Tomcat's WebSocket support binds one after the upgrade to close the connection when the
 * session is invalidated (BEHAVIOUR.md 21). They are told when the session is invalidated on this
 * node; what happens on another node they cannot know.
 *
 * <p>Of the session its id is kept, and nothing that leads to a request, a response or a token. No
 * monitor is taken as long as nothing is bound afterwards, and none while somebody is told.
 */
final class BoundAfterwards {
  /**
   * Values remembered at most, so that clients who open and close connections cannot fill the
   * memory; as many as Tomcat has connections by default ({@code maxConnections}, 8,192). Beyond
   * it, the oldest is forgotten.
   */
  static final int MAX_VALUES = 8_192;

  private final Set<Bound> oldestFirst = new LinkedHashSet<>();
  private final Map<String, Set<Bound>> bySession = new HashMap<>();
  private volatile boolean empty = true;

  /**
   * A value, and the session it is bound to. Each equals itself only, as a session may have one
   * twice; no record, since comparing records keeps a class loader (BEHAVIOUR.md 81).
   */
  static final class Bound {
    private final String name;
    private final Object value;
    private String sessionId;

    private Bound(String sessionId, String name, Object value) {
      this.sessionId = sessionId;
      this.name = name;
      this.value = value;
    }

    String name() {
      return name;
    }

    Object value() {
      return value;
    }
  }

  /** Whether nothing is remembered. */
  boolean isEmpty() {
    return empty;
  }

  /** Remembers a value. */
  synchronized Bound add(String sessionId, String name, Object value) {
    if (oldestFirst.size() == MAX_VALUES) {
      forget(oldestFirst.iterator().next());
    }
    Bound bound = new Bound(sessionId, name, value);
    oldestFirst.add(bound);
    bySession.computeIfAbsent(sessionId, id -> new LinkedHashSet<>()).add(bound);
    empty = false;
    return bound;
  }

  /** The value has been taken out of its session, whatever id that has by now. */
  synchronized void forget(Bound bound) {
    if (oldestFirst.remove(bound)) {
      Set<Bound> others = bySession.get(bound.sessionId);
      if (others != null && others.remove(bound) && others.isEmpty()) {
        bySession.remove(bound.sessionId);
      }
      empty = oldestFirst.isEmpty();
    }
  }

  /** The session has another id. */
  void renamed(String oldId, String newId) {
    if (!empty) {
      move(oldId, newId);
    }
  }

  private synchronized void move(String oldId, String newId) {
    Set<Bound> moved = bySession.remove(oldId);
    if (moved != null) {
      moved.forEach(bound -> bound.sessionId = newId);
      bySession.merge(
          newId,
          moved,
          (known, more) -> {
            known.addAll(more);
            return known;
          });
    }
  }

  /** Forgets the session and gives whom to tell of its end, in the order they were bound. */
  List<Bound> take(String sessionId) {
    return empty ? List.of() : takeAll(sessionId);
  }

  private synchronized List<Bound> takeAll(String sessionId) {
    Set<Bound> taken = bySession.remove(sessionId);
    if (taken == null) {
      return List.of();
    }
    oldestFirst.removeAll(taken);
    empty = oldestFirst.isEmpty();
    return List.copyOf(taken);
  }

  /** What was bound through one session object, by name; so it knows what it takes out again. */
  static final class OfSession {
    private final Map<String, Bound> byName = new HashMap<>(2);

    /**
     * Follows a change of an attribute.
     *
     * @param value null where it was removed
     * @param afterwards whether no request is left that would write it
     */
    synchronized void changed(
        BoundAfterwards all,
        String sessionId,
        String name,
        @Nullable Object value,
        boolean afterwards) {
      Bound known = byName.get(name);
      if (known != null && (afterwards || known.value != value)) {
        all.forget(known);
        byName.remove(name);
      }
      if (afterwards && value instanceof HttpSessionBindingListener) {
        byName.put(name, all.add(sessionId, name, value));
      }
    }
  }
}
