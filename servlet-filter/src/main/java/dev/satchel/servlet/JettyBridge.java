package dev.satchel.servlet;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Jetty 12: the context handler keeps all listeners in one list, the session handler those that
 * were given to it directly too. A context without a session handler is served as well.
 */
final class JettyBridge implements ContainerListeners.Bridge {

  /** Told by the type's name: Jetty need not be there. */
  static boolean is(ServletContext context) {
    return new ContainerObject(context).isOf("org.eclipse.jetty.");
  }

  @Override
  public @Nullable ContainerObject entrance(ServletContext context) {
    return is(context) ? new ContainerObject(context) : null;
  }

  @Override
  public ContainerListeners listeners(ContainerObject context) throws ReflectiveOperationException {
    ContainerObject handler = context.call("getContext").call("getServletContextHandler");
    List<Object> listeners = new ArrayList<>();
    ContainerObject sessions = handler.callOrNull("getSessionHandler");
    if (sessions != null) {
      listeners.addAll((List<?>) sessions.call("getEventListeners").object());
    }
    for (Object listener : (List<?>) handler.call("getEventListeners").object()) {
      if (listeners.stream().noneMatch(known -> known == listener)) {
        listeners.add(listener);
      }
    }
    return new ContainerListeners(listeners, listeners);
  }
}
