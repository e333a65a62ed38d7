package dev.satchel.servlet;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Undertow 2: the deployment has the instances, started before any filter, in one hidden list. */
final class UndertowBridge implements ContainerListeners.Bridge {

  @Override
  public @Nullable ContainerObject entrance(ServletContext context) {
    ContainerObject entrance = new ContainerObject(context);
    return entrance.isOf("io.undertow.") ? entrance : null;
  }

  @Override
  public ContainerListeners listeners(ContainerObject context) throws ReflectiveOperationException {
    ContainerObject managed =
        context.call("getDeployment").call("getApplicationListeners").field("allListeners");
    List<Object> listeners = new ArrayList<>();
    for (Object each : (List<?>) managed.object()) {
      listeners.add(new ContainerObject(each).call("instance").object());
    }
    return new ContainerListeners(listeners, listeners);
  }
}
