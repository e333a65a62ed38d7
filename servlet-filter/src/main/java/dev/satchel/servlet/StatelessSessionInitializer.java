package dev.satchel.servlet;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Registers a {@link StatelessSessionFilter} without a line of code or {@code web.xml}, where the
 * application is configured for it: by a file {@code satchel.properties} at the root of its class
 * path or in {@code WEB-INF}, or by context parameters with the prefix {@code satchel.}. The names
 * are those of the filter's init parameters:
 *
 * <pre>{@code
 * # WEB-INF/classes/satchel.properties
 * application = shop
 * keySource   = file:/var/lib/shop/ring
 * }</pre>
 *
 * <pre>{@code
 * <context-param>
 *   <param-name>satchel.application</param-name>
 *   <param-value>shop</param-value>
 * </context-param>
 * }</pre>
 *
 * <p>The filter is registered as {@link StatelessSessionFilter#register(ServletContext)} does it.
 * Without any of these it does nothing. Several places may complete each other. One that cannot be
 * read, a name that is not known, two values of one name, or a filter that the application
 * registers as well, keep the application from starting.
 *
 * <p>Containers find it in deployed applications. Embedded ones look for no initializers by design,
 * so it is given to them: in Tomcat and Jetty by the context's {@code
 * addServletContainerInitializer}, in Undertow by that of {@code DeploymentInfo}.
 */
public final class StatelessSessionInitializer implements ServletContainerInitializer {
  /** Under this the context knows that, and by which settings, the filter was registered. */
  static final String REGISTERED = StatelessSessionInitializer.class.getName();

  /** For the container. */
  public StatelessSessionInitializer() {}

  /**
   * Registers the filter if the application is configured for it.
   *
   * @throws ServletException if the configuration is wrong, or a filter named {@code satchel} is
   *     there
   */
  @Override
  public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context)
      throws ServletException {
    try {
      InitParameters settings = DeployedSettings.of(context);
      if (settings != null) {
        register(settings, context);
      }
    } catch (IllegalArgumentException e) {
      throw new ServletException(e.getMessage(), e);
    }
  }

  private static void register(InitParameters settings, ServletContext context)
      throws ServletException {
    try {
      new StatelessSessionFilter(settings, null).register(context);
    } catch (IllegalStateException e) {
      throw new ServletException(settings.where() + ": " + e.getMessage(), e);
    }
    context.setAttribute(REGISTERED, settings.where());
  }
}
