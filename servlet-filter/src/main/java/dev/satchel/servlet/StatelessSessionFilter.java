package dev.satchel.servlet;

import static dev.satchel.servlet.FilterSettings.requireUnset;

import dev.satchel.AttributeTypes;
import dev.satchel.KeySource;
import dev.satchel.Rejection;
import dev.satchel.RevocationCheck;
import dev.satchel.SessionPolicy;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.EventListener;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Gives an application sessions that travel with the client: {@code request.getSession()} works as
 * ever, but no server keeps anything.
 *
 * <pre>{@code
 * StatelessSessionFilter.builder("shop", keySource).build().register(servletContext);
 * }</pre>
 *
 * <p>Or by name in {@code web.xml}, with init parameters, of which {@code application} and {@code
 * keySource} are needed; or without either, by {@link StatelessSessionInitializer}, which lists all
 * parameters. Whoever maps it in {@code web.xml} does what {@link #register} does: first in the
 * chain, for {@code /*}, with asynchronous support and all five dispatcher types, without which
 * Tomcat 11 loses what a forwarded-to page changes (BEHAVIOUR.md F1).
 *
 * <p><b>Guarantees.</b> Nothing a client sends causes an exception or a 5xx: a token that is not
 * accepted means no session, is reported with its reason to {@link SessionEvents} and expired at
 * the client, with the same outcome for every reason. The one exception is a token that may be good
 * although this node cannot tell now, since its key has not arrived here yet or the revocation
 * check failed ({@link Rejection#isTemporary}): the answer is an empty 503 with {@code
 * Retry-After}, and the client keeps its token. Where that shows on entry, the application does not
 * run; otherwise it runs until it asks for the session, {@code getSession()} throws an {@code
 * IllegalStateException} and whatever the page became is replaced by the 503, unless it was on its
 * way already. A request that does not ask for its session is served.
 *
 * <p>A session that was changed and cannot be written fails the request before anything is sent,
 * and the client's token stays good; a token that is only due to be written afresh fails nothing. A
 * change that comes too late for the response's headers is refused with an {@code
 * IllegalStateException}, never lost silently.
 *
 * <p>A response that depends on the session says {@code Vary}; so does one to a request that bears
 * a token and is sent before the session was asked for. One that carries a token has no {@code
 * public} and no {@code s-maxage}: they are taken back, and {@code private} is added, or {@code
 * no-store} where the application said nothing.
 *
 * <p>Requests of one session that overlap on a node share one object, so that {@code synchronized
 * (session)} excludes and none of their changes is lost.
 *
 * <p><b>What no stateless session can do.</b> Of two requests at one time on two nodes that both
 * change the session, the later response wins, also if all that it had to write was a refreshed
 * token. An invalidated session's token works until it expires, unless its id is revoked: by this
 * filter where the key source brings revocations ({@link #REVOCATIONS}), else by the application
 * ({@link RevocationCheck}, {@link SessionEvents#invalidated}). Nobody is told when a client stays
 * away and its session ends, unless its token comes back.
 *
 * <p>Thread-safe once initialised. Applied twice to one request it acts once (BEHAVIOUR.md 79).
 */
public final class StatelessSessionFilter implements Filter {
  /**
   * The session attribute that holds whose session it is, a non-empty text, for revoking all
   * sessions of one user. Kept as the token's {@code sub}. Set it at sign-in, together with {@code
   * request.changeSessionId()}.
   */
  public static final String SUBJECT = "dev.satchel.subject";

  /**
   * Attribute of the {@code ServletContext} that holds the {@link dev.satchel.SessionRevocations}
   * of a filter that has some, for an application that ends other sessions than its own, as when
   * somebody signs out everywhere, and whose filter opened its keys itself. There while the filter
   * runs; of several filters in one context the first one's.
   */
  public static final String REVOCATIONS = "dev.satchel.revocations";

  private final @Nullable FilterSettings settings;
  private final @Nullable InitParameters deployed;
  private volatile @Nullable StartedFilter started;

  /** For the container: takes its settings from init parameters. */
  public StatelessSessionFilter() {
    this(null, null);
  }

  /** With settings that lie beside the application, or from its builder, or from neither. */
  StatelessSessionFilter(@Nullable InitParameters deployed, @Nullable FilterSettings settings) {
    this.deployed = deployed;
    this.settings = settings;
  }

  /**
   * A filter configured by program.
   *
   * @param application the application's id, the same on all its nodes: part of the default cookie
   *     name, and bound into every token
   * @param keySource the keys; stays the caller's to close
   */
  public static Builder builder(String application, KeySource keySource) {
    return new Builder(application, keySource);
  }

  /**
   * Adds this filter to an application that is starting, in front of all filters that are declared
   * or matched later: for all paths and named servlets, with asynchronous support and all
   * dispatcher types.
   *
   * @throws IllegalStateException if the application has started already, or a filter named {@code
   *     satchel} is there
   */
  public FilterRegistration.Dynamic register(ServletContext context) {
    return register(context, "satchel");
  }

  /**
   * As {@link #register(ServletContext)}, under another name.
   *
   * @throws IllegalStateException if the application has started already, or a filter of this name
   *     is there
   */
  public FilterRegistration.Dynamic register(ServletContext context, String name) {
    return Registration.of(this, context, name);
  }

  @Override
  public void init(FilterConfig config) throws ServletException {
    try {
      started = StartedFilter.of(config, settings, deployed);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ServletException(e.getMessage(), e);
    }
  }

  /** Closes the key source if this filter opened it. */
  @Override
  public void destroy() {
    StartedFilter ended = started;
    if (ended != null) {
      started = null;
      ended.end();
    }
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    StartedFilter current = started;
    if (current == null) {
      throw new IllegalStateException("the filter was not initialised");
    }
    if (request instanceof HttpServletRequest httpRequest
        && response instanceof HttpServletResponse httpResponse) {
      current.pipeline().handle(httpRequest, httpResponse, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  /** How many sessions requests are using at this moment. */
  int sessionsInUse() {
    StartedFilter current = started;
    return current == null ? 0 : current.pipeline().sessionsInUse();
  }

  /** The application and where its sessions travel; no key. */
  @Override
  public String toString() {
    StartedFilter current = started;
    return "StatelessSessionFilter["
        + (current == null ? "not initialised" : current.description())
        + "]";
  }

  /** Collects the settings of a filter. Each can be set once. Not thread-safe. */
  public static final class Builder {
    final FilterSettings settings;

    private Builder(String application, KeySource keySource) {
      settings =
          new FilterSettings(
              Objects.requireNonNull(application, "application"),
              Objects.requireNonNull(keySource, "keySource"));
    }

    /**
     * The rules of a session's life. Default: {@link SessionPolicy#defaults()}, with the idle
     * timeout that the application sets as its session timeout ({@code web.xml}, {@code
     * ServletContext.setSessionTimeout}) if it sets one.
     */
    public Builder policy(SessionPolicy newPolicy) {
      requireUnset("policy", settings.policy);
      settings.policy = Objects.requireNonNull(newPolicy, "policy");
      settings.idleTimeoutIsDefault = false;
      return this;
    }

    /** The types that attributes may have; default {@link AttributeTypes#builtIn()}. */
    public Builder attributeTypes(AttributeTypes types) {
      requireUnset("attributeTypes", settings.attributeTypes);
      settings.attributeTypes = Objects.requireNonNull(types, "attributeTypes");
      return this;
    }

    /**
     * Asked for every accepted session, before the {@linkplain KeySource#revocations() revocations}
     * of the key source, which are asked where there are some, whatever is set here; default {@link
     * RevocationCheck#none()}. {@code invalidate} and {@code changeSessionId} revoke the id that
     * ends in this check if it is a {@link dev.satchel.SessionRevocations}, else in those of the
     * key source.
     */
    public Builder revocationCheck(RevocationCheck check) {
      requireUnset("revocationCheck", settings.revocationCheck);
      settings.revocationCheck = Objects.requireNonNull(check, "revocationCheck");
      return this;
    }

    /** The clock; default the system's. */
    public Builder clock(InstantSource source) {
      requireUnset("clock", settings.clock);
      settings.clock = Objects.requireNonNull(source, "clock");
      return this;
    }

    /**
     * Sends the token in this cookie; default {@link SessionCookie#host} of the application.
     *
     * @throws IllegalStateException if a header was chosen
     */
    public Builder cookie(SessionCookie sessionCookie) {
      settings.requireNoTransport();
      settings.cookie = Objects.requireNonNull(sessionCookie, "cookie");
      return this;
    }

    /**
     * Sends the token in the cookie that the application configures for its sessions ({@code
     * cookie-config} in {@code web.xml}, {@code ServletContext.getSessionCookieConfig}), varied by
     * this: name, path (default the context's), domain, {@code Max-Age} and attributes, {@code
     * Secure} where that is configured or the request is secure. {@code HttpOnly} stays whatever is
     * configured. Where no name is, it follows from the application's and what the rest allows.
     *
     * <p>The container would use a configured name for its own sessions too, so then no path may be
     * excluded and no FORM login used, or the variation gives another name.
     *
     * @throws IllegalStateException if a cookie or a header was chosen
     */
    public Builder cookieFromContext(UnaryOperator<SessionCookie> variation) {
      settings.requireNoTransport();
      settings.cookieFromContext = Objects.requireNonNull(variation, "variation");
      return this;
    }

    /**
     * Sends the token in this header, both ways, for clients that keep it themselves. The client
     * takes the value of every response that has the header, and drops its token where that is
     * empty. Scripts of another origin need the header exposed (CORS), which is the application's
     * business.
     *
     * @param name 1 to 64 of {@code A-Z a-z 0-9 . _ -}
     * @throws IllegalStateException if a cookie was chosen
     */
    public Builder header(String name) {
      settings.requireNoTransport();
      settings.header = Objects.requireNonNull(name, "header");
      return this;
    }

    /** Hears what happens to sessions, one of any number, called in this order; default nobody. */
    public Builder events(SessionEvents sessionEvents) {
      settings.events.add(Objects.requireNonNull(sessionEvents, "events"));
      return this;
    }

    /**
     * Adds an {@code HttpSessionListener}, {@code HttpSessionAttributeListener} or {@code
     * HttpSessionIdListener}, called in this order and for the end of a session in reverse. Needed
     * only for listeners that the container does not have: its own are found in Tomcat, Jetty and
     * Undertow, and told before these; one that is added here too is told once. Attribute values
     * that are {@code HttpSessionBindingListener} or {@code HttpSessionActivationListener} are
     * called without being added.
     */
    public Builder listener(EventListener listener) {
      settings.listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Tells none of the container's own listeners ({@code web.xml}, annotations, {@code
     * addListener}) of these sessions.
     */
    public Builder ignoreContainerListeners() {
      settings.choices.add(Choice.IGNORE_CONTAINER_LISTENERS);
      return this;
    }

    /**
     * Leaves requests of this path alone, so that they have the container's sessions: {@code
     * /exact}, {@code /below/*} or {@code *.suffix}.
     */
    public Builder exclude(String pathPattern) {
      settings.excluded.add(Objects.requireNonNull(pathPattern, "pathPattern"));
      return this;
    }

    /**
     * Logs a change that comes after the response's headers, instead of refusing it. The change is
     * lost.
     */
    public Builder warnOnLateChange() {
      settings.choices.add(Choice.WARN_ON_LATE_CHANGE);
      return this;
    }

    /**
     * Refuses an attribute whose type has no registered form with an {@code
     * IllegalArgumentException} when it is set, as containers do for distributable applications.
     * Default: it can be used until the end of the request, and then is left out with a warning.
     */
    public Builder refuseUnserializable() {
      settings.choices.add(Choice.REFUSE_UNSERIALIZABLE);
      return this;
    }

    /**
     * Reads the session at every request that bears one and counts it as an access, as servers do
     * (BEHAVIOUR.md 4). Default: a request counts if the application asks for the session. Either
     * way the token is written again no more often than the policy's refresh point has it.
     */
    public Builder touchEveryRequest() {
      settings.choices.add(Choice.TOUCH_EVERY_REQUEST);
      return this;
    }

    /**
     * Tells values that are {@code HttpSessionActivationListener} nothing, for those that close
     * something when passivated: sessions are written while they are in use (BEHAVIOUR.md 62).
     */
    public Builder withoutActivationEvents() {
      settings.choices.add(Choice.NO_ACTIVATION_EVENTS);
      return this;
    }

    /**
     * Sends no token of a new session as long as it has no attribute, so that pages which merely
     * ask for a session set no cookie: the next request has none, and a further {@code
     * getSession()} makes another. A session that the client holds is written also when emptied
     * (BEHAVIOUR.md 15).
     */
    public Builder skipEmptySessions() {
      settings.choices.add(Choice.SKIP_EMPTY_SESSION);
      return this;
    }

    /**
     * Removes an attribute that cannot be read when it is asked for. Default: it is absent but
     * carried on, for nodes that can read it (BEHAVIOUR.md 19).
     */
    public Builder dropUnreadable() {
      settings.choices.add(Choice.DROP_UNREADABLE);
      return this;
    }

    /**
     * Ends a session that has an attribute which cannot be read, as servers do where a stored
     * session cannot be restored. To find out, each request that asks for its session reads all
     * attributes.
     */
    public Builder invalidateUnreadable() {
      settings.choices.add(Choice.INVALIDATE_UNREADABLE);
      return this;
    }

    /**
     * Undoes what a request did to its session if it ends in an exception that nobody caught, and
     * shows the error page the session as it was before. Undone is what happened to attributes, the
     * subject and the inactive interval, and a new session; an end or a new id stays, since others
     * were told, and so does what was sent. Each request then has a session object of its own, also
     * where requests overlap (BEHAVIOUR.md 47).
     */
    public Builder rollBackOnException() {
      settings.choices.add(Choice.ROLL_BACK_ON_EXCEPTION);
      return this;
    }

    /**
     * Shows the application the cookie or header that carries the token. Default: hidden, or
     * frameworks that save requests into the session would store it inside itself, and who logs
     * headers would log a credential (BEHAVIOUR.md 31).
     */
    public Builder showToken() {
      settings.choices.add(Choice.SHOW_TOKEN);
      return this;
    }

    /**
     * Takes settings as text, under the names of the init parameters but for {@code application}
     * and {@code keySource}, from wherever an application keeps them.
     *
     * @param where how messages name their place, such as {@code shop.yaml}
     * @throws IllegalArgumentException if a name is unknown or a value wrong
     * @throws IllegalStateException if one of them was set already
     */
    public Builder settings(Map<String, String> values, String where) {
      new InitParameters(values, where).applyTo(this);
      settings.origins.add(where);
      return this;
    }

    /**
     * The filter.
     *
     * @throws IllegalArgumentException if a setting is wrong: says which, what was got and what is
     *     allowed
     */
    public StatelessSessionFilter build() {
      FilterSetup.check(settings); // here, and not only when the container starts the filter
      return new StatelessSessionFilter(null, settings);
    }
  }
}
