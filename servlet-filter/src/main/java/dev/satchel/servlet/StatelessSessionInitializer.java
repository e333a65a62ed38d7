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
 * <table>
 * <caption>Settings, here and as init parameters of the filter</caption>
 * <tr><th>Name</th><th>Value</th><th>Default</th></tr>
 * <tr><td>{@code application}</td><td>the application's id</td><td>needed</td></tr>
 * <tr><td>{@code keySource}</td><td>a location of keys</td><td>needed</td></tr>
 * <tr><td>{@code transport}</td><td>{@code cookie}, {@code header}</td><td>{@code cookie}</td></tr>
 * <tr><td>{@code headerName}</td><td>a header</td><td>{@code Satchel-Session}</td></tr>
 * <tr><td>{@code cookieConfig}</td><td>{@code filter}, or {@code context}: {@link
 *     StatelessSessionFilter.Builder#cookieFromContext}</td><td>{@code filter}</td></tr>
 * <tr><td>{@code cookieName}</td><td>a name</td><td>{@code __Host-Http-<application>}</td></tr>
 * <tr><td>{@code cookiePath}</td><td>a path</td><td>{@code /}</td></tr>
 * <tr><td>{@code cookieDomain}</td><td>a domain</td><td>none</td></tr>
 * <tr><td>{@code sameSite}</td><td>{@code Lax}, {@code Strict}, {@code None}</td><td>{@code
 *     Lax}</td></tr>
 * <tr><td>{@code secure}</td><td>{@code true}, {@code false}, or {@code auto}: {@link
 *     SessionCookie#insecureOnPlainHttp}</td><td>{@code true}</td></tr>
 * <tr><td>{@code httpOnly}</td><td>{@code true}, {@code false}</td><td>{@code true}</td></tr>
 * <tr><td>{@code partitioned}</td><td>{@code true}, {@code false}</td><td>{@code false}</td></tr>
 * <tr><td>{@code cookieMaxAge}</td><td>a duration</td><td>none</td></tr>
 * <tr><td>{@code maxCookies}</td><td>1 to 4</td><td>1</td></tr>
 * <tr><td>{@code absoluteLifetime}</td><td>a duration</td><td>{@code PT8H}</td></tr>
 * <tr><td>{@code idleTimeout}</td><td>a duration</td><td>the application's session
 *     timeout</td></tr>
 * <tr><td>{@code clockSkew}</td><td>a duration</td><td>{@code PT1M}</td></tr>
 * <tr><td>{@code refreshPercent}</td><td>0 to 50</td><td>10</td></tr>
 * <tr><td>{@code compressionThreshold}</td><td>bytes</td><td>512</td></tr>
 * <tr><td>{@code secretAttributes}</td><td>names, with commas between</td><td>none</td></tr>
 * <tr><td>{@code attributeTypes}</td><td>aliases and classes, as {@code cart=com.example.Cart}, with
 *     commas between, for {@link dev.satchel.AttributeTypes.Builder#register(String,
 *     Class)}</td><td>none</td></tr>
 * <tr><td>{@code lateChange}</td><td>{@code error}, {@code warn}</td><td>{@code error}</td></tr>
 * <tr><td>{@code unserializable}</td><td>{@code drop}, {@code refuse}</td><td>{@code
 *     drop}</td></tr>
 * <tr><td>{@code touchEveryRequest}</td><td>{@code true}, {@code false}</td><td>{@code
 *     false}</td></tr>
 * <tr><td>{@code containerListeners}</td><td>{@code tell}, {@code ignore}</td><td>{@code
 *     tell}</td></tr>
 * <tr><td>{@code activationEvents}</td><td>{@code true}, {@code false}</td><td>{@code
 *     true}</td></tr>
 * <tr><td>{@code ownToken}</td><td>{@code hide}, {@code show}</td><td>{@code hide}</td></tr>
 * <tr><td>{@code emptySession}</td><td>{@code send}, {@code skip}</td><td>{@code send}</td></tr>
 * <tr><td>{@code unreadable}</td><td>{@code keep}, {@code drop}, {@code invalidate}</td><td>{@code
 *     keep}</td></tr>
 * <tr><td>{@code uncaughtException}</td><td>{@code commit}, {@code rollback}</td><td>{@code
 *     commit}</td></tr>
 * <tr><td>{@code exclude}</td><td>path patterns, with commas between</td><td>none</td></tr>
 * </table>
 *
 * <p>Durations are those of ISO 8601, such as {@code PT30M}; {@code keySource} is a URI such as
 * {@code file:/var/lib/shop/ring}.
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
        Registration.bySettings(settings, context);
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ServletException(e.getMessage(), e);
    }
  }
}
