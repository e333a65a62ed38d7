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
 * <tr><th>Name</th><th>Value</th><th>Default</th><th>In code</th></tr>
 * <tr><td>{@code application}</td><td>the application's id</td><td>needed</td><td>{@link StatelessSessionFilter#builder}</td></tr>
 * <tr><td>{@code keySource}</td><td>a location of keys</td><td>needed</td><td>{@link dev.satchel.KeySource#open(java.net.URI)}</td></tr>
 * <tr><td>{@code transport}</td><td>{@code cookie}, {@code header}</td><td>{@code cookie}</td><td>{@link StatelessSessionFilter.Builder#cookie}</td></tr>
 * <tr><td>{@code headerName}</td><td>a header</td><td>{@code Satchel-Session}</td><td>{@link StatelessSessionFilter.Builder#header}</td></tr>
 * <tr><td>{@code cookieConfig}</td><td>{@code filter}, {@code context}</td><td>{@code filter}</td><td>{@link StatelessSessionFilter.Builder#cookieFromContext}</td></tr>
 * <tr><td>{@code cookieName}</td><td>a name</td><td>{@code __Host-Http-<application>}</td><td>{@link SessionCookie#named}</td></tr>
 * <tr><td>{@code cookiePath}</td><td>a path</td><td>{@code /}</td><td>{@link SessionCookie#withPath}</td></tr>
 * <tr><td>{@code cookieDomain}</td><td>a domain</td><td>none</td><td>{@link SessionCookie#withDomain}</td></tr>
 * <tr><td>{@code sameSite}</td><td>{@code Lax}, {@code Strict}, {@code None}</td><td>{@code Lax}</td><td>{@link SessionCookie#withSameSite}</td></tr>
 * <tr><td>{@code secure}</td><td>{@code true}, {@code false} ({@link SessionCookie#insecure}), {@code auto}</td><td>{@code true}</td><td>{@link SessionCookie#insecureOnPlainHttp}</td></tr>
 * <tr><td>{@code httpOnly}</td><td>{@code true}, {@code false}</td><td>{@code true}</td><td>{@link SessionCookie#readableByScripts}</td></tr>
 * <tr><td>{@code partitioned}</td><td>{@code true}, {@code false}</td><td>{@code false}</td><td>{@link SessionCookie#withPartitioned}</td></tr>
 * <tr><td>{@code cookieMaxAge}</td><td>a duration</td><td>none</td><td>{@link SessionCookie#withMaxAge}</td></tr>
 * <tr><td>{@code maxCookies}</td><td>1 to 4</td><td>1</td><td>{@link SessionCookie#withMaxCookies}</td></tr>
 * <tr><td>{@code totalLimit}</td><td>4096 to 16384 bytes</td><td>7168</td><td>{@link SessionCookie#withTotalLimit}</td></tr>
 * <tr><td>{@code absoluteLifetime}</td><td>a duration</td><td>{@code PT8H}</td><td>{@link dev.satchel.SessionPolicy#withLifetimes}</td></tr>
 * <tr><td>{@code idleTimeout}</td><td>a duration</td><td>the application's session timeout</td><td>{@link dev.satchel.SessionPolicy#withIdleTimeout}</td></tr>
 * <tr><td>{@code clockSkew}</td><td>a duration</td><td>{@code PT1M}</td><td>{@link dev.satchel.SessionPolicy#withClockSkew}</td></tr>
 * <tr><td>{@code refreshPercent}</td><td>0 to 50</td><td>10</td><td>{@link dev.satchel.SessionPolicy#withRefreshPercent}</td></tr>
 * <tr><td>{@code compressionThreshold}</td><td>bytes</td><td>512</td><td>{@link dev.satchel.SessionPolicy#withCompressionThreshold}</td></tr>
 * <tr><td>{@code secretAttributes}</td><td>names, with commas between</td><td>none</td><td>{@link dev.satchel.SessionPolicy#withSecretAttributes}</td></tr>
 * <tr><td>{@code attributeTypes}</td><td>aliases and classes, as {@code cart=com.example.Cart}, with commas between</td><td>none</td><td>{@link dev.satchel.AttributeTypes.Builder#register(String, Class)}</td></tr>
 * <tr><td>{@code lateChange}</td><td>{@code error}, {@code warn}</td><td>{@code error}</td><td>{@link StatelessSessionFilter.Builder#warnOnLateChange}</td></tr>
 * <tr><td>{@code unserializable}</td><td>{@code drop}, {@code refuse}</td><td>{@code drop}</td><td>{@link StatelessSessionFilter.Builder#refuseUnserializable}</td></tr>
 * <tr><td>{@code touchEveryRequest}</td><td>{@code true}, {@code false}</td><td>{@code false}</td><td>{@link StatelessSessionFilter.Builder#touchEveryRequest}</td></tr>
 * <tr><td>{@code containerListeners}</td><td>{@code tell}, {@code ignore}</td><td>{@code tell}</td><td>{@link StatelessSessionFilter.Builder#ignoreContainerListeners}</td></tr>
 * <tr><td>{@code activationEvents}</td><td>{@code true}, {@code false}</td><td>{@code true}</td><td>{@link StatelessSessionFilter.Builder#withoutActivationEvents}</td></tr>
 * <tr><td>{@code ownToken}</td><td>{@code hide}, {@code show}</td><td>{@code hide}</td><td>{@link StatelessSessionFilter.Builder#showToken}</td></tr>
 * <tr><td>{@code emptySession}</td><td>{@code send}, {@code skip}</td><td>{@code send}</td><td>{@link StatelessSessionFilter.Builder#skipEmptySessions}</td></tr>
 * <tr><td>{@code unreadable}</td><td>{@code keep}, {@code drop} ({@link StatelessSessionFilter.Builder#dropUnreadable}), {@code invalidate}</td><td>{@code keep}</td><td>{@link StatelessSessionFilter.Builder#invalidateUnreadable}</td></tr>
 * <tr><td>{@code uncaughtException}</td><td>{@code commit}, {@code rollback}</td><td>{@code commit}</td><td>{@link StatelessSessionFilter.Builder#rollBackOnException}</td></tr>
 * <tr><td>{@code exclude}</td><td>path patterns, with commas between</td><td>none</td><td>{@link StatelessSessionFilter.Builder#exclude}</td></tr>
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
 * <p>A {@code satchel.properties} that a server has on the class path which its applications share
 * is found in each of them, and so configures all.
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
