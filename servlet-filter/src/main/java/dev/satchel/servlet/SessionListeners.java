package dev.satchel.servlet;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EventListener;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the application's listeners, in the order containers do: registration order, reversed for
 * the end of a session. A listener's exception reaches the caller and later listeners of that event
 * are left out, as the specification has it ("Listener Exceptions"; BEHAVIOUR.md 63); Tomcat would
 * log it and go on. Only of the end of a session all are told, since there is no second time.
 */
final class SessionListeners {
  private final List<HttpSessionListener> sessionListeners = new ArrayList<>();
  private final List<HttpSessionAttributeListener> attributeListeners = new ArrayList<>();
  private final List<HttpSessionIdListener> idListeners = new ArrayList<>();

  private final boolean activationEvents;

  /**
   * @param given the application's to the filter, told after the container's own; one that is both
   *     is told once
   * @param activationEvents whether values hear that they were read and will be written
   * @throws IllegalArgumentException if one of those given listens to nothing that a session does
   */
  SessionListeners(
      ContainerListeners containers, List<EventListener> given, boolean activationEvents) {
    this.activationEvents = activationEvents;
    add(HttpSessionListener.class, containers.sessions(), given, sessionListeners);
    add(HttpSessionAttributeListener.class, containers.changes(), given, attributeListeners);
    add(HttpSessionIdListener.class, containers.changes(), given, idListeners);
    for (EventListener listener : given) {
      if (!(listener instanceof HttpSessionListener
          || listener instanceof HttpSessionAttributeListener
          || listener instanceof HttpSessionIdListener)) {
        throw new IllegalArgumentException(
            "listener is a "
                + listener.getClass().getName()
                + ", allowed is an HttpSessionListener, HttpSessionAttributeListener or HttpSessionIdListener;"
                + " binding and activation listeners are called as attribute values");
      }
    }
  }

  private static <T> void add(
      Class<T> kind, List<?> containers, List<EventListener> given, List<T> told) {
    containers.stream().filter(kind::isInstance).map(kind::cast).forEach(told::add);
    given.stream()
        .filter(kind::isInstance)
        .filter(listener -> containers.stream().noneMatch(known -> known == listener))
        .map(kind::cast)
        .forEach(told::add);
  }

  /** How many there are, the container's and those given to the filter. */
  int count() {
    Set<Object> all = Collections.newSetFromMap(new IdentityHashMap<>());
    all.addAll(sessionListeners);
    all.addAll(attributeListeners);
    all.addAll(idListeners);
    return all.size();
  }

  /** Whether somebody listens to the end of a session, or to what is taken out of it then. */
  boolean hearEnd() {
    return !sessionListeners.isEmpty() || !attributeListeners.isEmpty();
  }

  void created(HttpSession session) {
    if (!sessionListeners.isEmpty()) {
      HttpSessionEvent event = new HttpSessionEvent(session);
      sessionListeners.forEach(listener -> listener.sessionCreated(event));
    }
  }

  void destroyed(HttpSession session) {
    HttpSessionEvent event = new HttpSessionEvent(session);
    List<Runnable> calls = new ArrayList<>(sessionListeners.size());
    for (int i = sessionListeners.size() - 1; i >= 0; i--) {
      HttpSessionListener listener = sessionListeners.get(i);
      calls.add(() -> listener.sessionDestroyed(event));
    }
    all(calls);
  }

  /** Runs all of these; what the first failure was, with the others added to it, is thrown then. */
  static void all(List<Runnable> calls) {
    RuntimeException failure = null;
    for (Runnable call : calls) {
      try {
        call.run();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  void idChanged(HttpSession session, String oldId) {
    HttpSessionEvent event = new HttpSessionEvent(session);
    idListeners.forEach(listener -> listener.sessionIdChanged(event, oldId));
  }

  /** Before the value can be seen in the session (BEHAVIOUR.md 60). */
  void bound(HttpSession session, String name, Object value) {
    if (value instanceof HttpSessionBindingListener listener) {
      listener.valueBound(new HttpSessionBindingEvent(session, name, value));
    }
  }

  /** After the value was added, or took the place of another. */
  void stored(HttpSession session, String name, Object value, @Nullable Object old) {
    if (old == null) {
      HttpSessionBindingEvent event = new HttpSessionBindingEvent(session, name, value);
      attributeListeners.forEach(listener -> listener.attributeAdded(event));
      return;
    }
    unbound(session, name, old);
    HttpSessionBindingEvent event = new HttpSessionBindingEvent(session, name, old);
    attributeListeners.forEach(listener -> listener.attributeReplaced(event));
  }

  /** After the value was taken out of the session. */
  void removed(HttpSession session, String name, Object old) {
    unbound(session, name, old);
    HttpSessionBindingEvent event = new HttpSessionBindingEvent(session, name, old);
    attributeListeners.forEach(listener -> listener.attributeRemoved(event));
  }

  void activated(HttpSession session, Object value) {
    if (activationEvents && value instanceof HttpSessionActivationListener listener) {
      listener.sessionDidActivate(new HttpSessionEvent(session));
    }
  }

  void passivating(HttpSession session, Object value) {
    if (activationEvents && value instanceof HttpSessionActivationListener listener) {
      listener.sessionWillPassivate(new HttpSessionEvent(session));
    }
  }

  private static void unbound(HttpSession session, String name, Object old) {
    if (old instanceof HttpSessionBindingListener listener) {
      listener.valueUnbound(new HttpSessionBindingEvent(session, name, old));
    }
  }
}
