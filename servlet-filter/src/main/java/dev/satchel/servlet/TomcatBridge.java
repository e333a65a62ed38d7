package dev.satchel.servlet;

import jakarta.servlet.ServletContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat 10.1 and 11: {@code Context} has the instances in two arrays, declared ones before those
 * that were added. What Tomcat adds of its own is meant to be told: its WebSocket container ends
 * the connections of a session that ends.
 *
 * <p>Starts from the context attribute under which Tomcat gives its resources to its default
 * servlet. From there on everything is public, so no encapsulation is in the way.
 */
final class TomcatBridge implements ContainerListeners.Bridge {
  /** {@code org.apache.catalina.Globals.RESOURCES_ATTR}. */
  private static final String RESOURCES = "org.apache.catalina.resources";

  @Override
  public @Nullable ContainerObject entrance(ServletContext context) {
    Object resources = context.getAttribute(RESOURCES);
    return resources == null ? null : new ContainerObject(resources);
  }

  @Override
  public ContainerListeners listeners(ContainerObject resources)
      throws ReflectiveOperationException {
    ContainerObject context = resources.call("getContext");
    return new ContainerListeners(
        List.of((Object[]) context.call("getApplicationLifecycleListeners").object()),
        List.of((Object[]) context.call("getApplicationEventListeners").object()));
  }
}
