package dev.satchel.servlet;

import jakarta.servlet.ServletContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listener instances that the container itself holds, from {@code web.xml}, annotations and
 * {@code addListener}, each list in the container's order and with listeners of any kind. They are
 * asked for by no portable API, and making new ones would not do: one instance may listen to the
 * application's start too and keep what it learnt there (BEHAVIOUR.md 64).
 *
 * @param sessions those told of a session's beginning and end
 * @param changes those told of attributes and ids
 */
record ContainerListeners(List<?> sessions, List<?> changes) {
  static final ContainerListeners NONE = new ContainerListeners(List.of(), List.of());

  /** How one container is asked. */
  interface Bridge {
    /** The container's object to start from, null if the context is another container's. */
    @Nullable ContainerObject entrance(ServletContext context);

    ContainerListeners listeners(ContainerObject entrance) throws ReflectiveOperationException;
  }

  private static final List<Bridge> BRIDGES =
      List.of(new TomcatBridge(), new JettyBridge(), new UndertowBridge());

  /**
   * The container's listeners; none, with a warning, where the container is not known or does not
   * let itself be asked.
   */
  static ContainerListeners of(ServletContext context, Warnings warnings) {
    for (Bridge bridge : BRIDGES) {
      ContainerObject entrance = bridge.entrance(context);
      if (entrance != null) {
        try {
          return bridge.listeners(entrance);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
          return untold("cannot be asked for its session listeners (" + e + ")", warnings);
        }
      }
    }
    return untold("is not known here (" + context.getClass().getName() + ")", warnings);
  }

  private static ContainerListeners untold(String why, Warnings warnings) {
    warnings.once(
        "container listeners",
        "session listeners: this container "
            + why
            + ", so those of web.xml, annotations and addListener are not told of the filter's"
            + " sessions; give each to StatelessSessionFilter.Builder.listener and end this warning"
            + " by ignoreContainerListeners, or by the init parameter containerListeners=ignore");
    return NONE;
  }
}
