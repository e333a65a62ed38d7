package dev.satchel.servlet;

import dev.satchel.SessionPolicy;
import dev.satchel.TokenCodec;
import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** What every request of one filter shares, fixed once the filter is initialised. */
record FilterSetup(
    ServletContext servletContext,
    boolean isJetty,
    TokenCodec codec,
    SessionTransport transport,
    Revocations revocations,
    SessionEvents events,
    Rejections rejections,
    SessionListeners listeners,
    LiveSessions live,
    ExpiredSessions expired,
    PathPatterns excluded,
    Warnings warnings,
    InstantSource clock,
    Set<Choice> choices) {

  boolean has(Choice choice) {
    return choices.contains(choice);
  }

  boolean warnOnLateChange() {
    return has(Choice.WARN_ON_LATE_CHANGE);
  }

  boolean touchEveryRequest() {
    return has(Choice.TOUCH_EVERY_REQUEST);
  }

  /**
   * Checks all that can be checked before there is a servlet context.
   *
   * @throws IllegalArgumentException if a setting is wrong
   */
  static void check(FilterSettings settings) {
    if (settings.choices.containsAll(
        Set.of(Choice.DROP_UNREADABLE, Choice.INVALIDATE_UNREADABLE))) {
      throw new IllegalArgumentException(
          "filter settings: both dropUnreadable and invalidateUnreadable, allowed is one");
    }
    listeners(settings, ContainerListeners.NONE);
    new PathPatterns(settings.excluded);
    // What the context says of its cookie is not known yet.
    codec(settings, transport(settings, cookie(settings)), policy(settings));
  }

  /**
   * The settings, completed by what the application says of its sessions.
   *
   * @throws IllegalArgumentException if a setting is wrong
   */
  static FilterSetup of(FilterSettings settings, ServletContext context) {
    InstantSource clock = settings.clock == null ? InstantSource.system() : settings.clock;
    Warnings warnings = new Warnings(clock);
    SessionEvents events = GuardedEvents.of(settings.events, warnings);
    SessionCookie cookie = cookie(settings, context);
    SessionTransport transport = transport(settings, cookie);
    if (transport.isCookie()) {
      requireNameOfItsOwn(cookie, settings, context);
      warnOfBareName(cookie, warnings);
    }
    SessionListeners listeners = listeners(settings, containers(settings, context, warnings));
    SessionPolicy policy = policy(settings, context);
    TokenCodec codec = codec(settings, transport, policy);
    Revocations revocations = Revocations.of(settings, policy, codec, warnings);
    return new FilterSetup(
        context,
        JettyBridge.is(context),
        codec,
        transport,
        revocations,
        events,
        new Rejections(events, warnings),
        listeners,
        new LiveSessions(!settings.choices.contains(Choice.ROLL_BACK_ON_EXCEPTION)),
        expired(settings, listeners, revocations),
        new PathPatterns(settings.excluded),
        warnings,
        clock,
        Set.copyOf(settings.choices));
  }

  private static SessionListeners listeners(
      FilterSettings settings, ContainerListeners containers) {
    return new SessionListeners(
        containers, settings.listeners, !settings.choices.contains(Choice.NO_ACTIVATION_EVENTS));
  }

  private static ExpiredSessions expired(
      FilterSettings settings, SessionListeners listeners, Revocations revocations) {
    boolean isHeard =
        !settings.events.isEmpty() || listeners.hearEnd() || settings.attributeTypes != null;
    return new ExpiredSessions(revocations.check(), isHeard);
  }

  /** All are there: containers start listeners before filters (BEHAVIOUR.md 64). */
  private static ContainerListeners containers(
      FilterSettings settings, ServletContext context, Warnings warnings) {
    return settings.choices.contains(Choice.IGNORE_CONTAINER_LISTENERS)
        ? ContainerListeners.NONE
        : ContainerListeners.of(context, warnings);
  }

  /** Any host of the site can set a cookie without a prefix (RFC 6265bis §4.1.3). */
  private static void warnOfBareName(SessionCookie cookie, Warnings warnings) {
    if (!cookie.isPrefixed()) {
      warnings.once(
          "bare name",
          "session cookie '"
              + cookie.name()
              + "' has no prefix such as __Host-Http-, so hosts beside this one can set it");
    }
  }

  private static SessionPolicy policy(FilterSettings settings) {
    return settings.policy == null ? SessionPolicy.defaults() : settings.policy;
  }

  /** With the application's session timeout where nothing else is set (BEHAVIOUR.md 5). */
  private static SessionPolicy policy(FilterSettings settings, ServletContext context) {
    SessionPolicy policy = policy(settings);
    int minutes = context.getSessionTimeout(); // zero or less: never, or not known
    if (!settings.idleTimeoutIsDefault || minutes <= 0) {
      return policy;
    }
    Duration timeout = Duration.ofMinutes(minutes);
    boolean fits = timeout.compareTo(policy.absoluteLifetime()) <= 0;
    return policy.withIdleTimeout(fits ? timeout : policy.absoluteLifetime());
  }

  private static SessionCookie cookie(FilterSettings settings) {
    return settings.cookie == null ? SessionCookie.host(settings.application) : settings.cookie;
  }

  private static SessionCookie cookie(FilterSettings settings, ServletContext context) {
    return settings.cookieFromContext == null
        ? cookie(settings)
        : settings.cookieFromContext.apply(ContextCookie.of(context, settings.application));
  }

  private static SessionTransport transport(FilterSettings settings, SessionCookie cookie) {
    return settings.header == null
        ? new CookieTransport(cookie)
        : new HeaderTransport(settings.header);
  }

  private static TokenCodec codec(
      FilterSettings settings, SessionTransport transport, SessionPolicy policy) {
    TokenCodec.Builder codec =
        TokenCodec.builder(transport.context(settings.application), settings.keySource)
            .policy(policy);
    if (settings.attributeTypes != null) {
      codec.attributeTypes(settings.attributeTypes);
    }
    if (settings.revocationCheck != null) { // else the codec itself finds the key source's
      codec.revocationCheck(Revocations.check(settings, policy));
    }
    if (settings.clock != null) {
      codec.clock(settings.clock);
    }
    return codec.build();
  }

  /**
   * Container sessions may still exist, for excluded paths or FORM login; two cookies of one name
   * would not (BEHAVIOUR.md 66). The name that the application gave its session cookie is ours if
   * it is asked for, since the container then has no use for it.
   */
  private static void requireNameOfItsOwn(
      SessionCookie cookie, FilterSettings settings, ServletContext context) {
    String containers = ContextCookie.containersName(context);
    boolean ours = new CookieHeader(cookie).isOurs(containers);
    if (!ours || settings.cookieFromContext != null && settings.excluded.isEmpty()) {
      return;
    }
    throw new IllegalArgumentException(
        "session cookie: name is '"
            + containers
            + (settings.cookieFromContext == null
                ? "', the container's own; allowed is any other"
                : "', which the container's sessions of excluded paths have too; allowed is any"
                    + " other, or no excluded path"));
  }
}
