package dev.satchel.servlet;

import dev.satchel.RevocationCheck;
import dev.satchel.SessionPolicy;
import dev.satchel.TokenCodec;
import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What every request of one filter shares, fixed once the filter is initialised. */
record FilterSetup(
    ServletContext servletContext,
    TokenCodec codec,
    SessionTransport transport,
    SessionEvents events,
    SessionListeners listeners,
    LiveSessions live,
    ExpiredSessions expired,
    PathPatterns excluded,
    Warnings warnings,
    boolean warnOnLateChange,
    boolean refuseUnserializable,
    boolean touchEveryRequest,
    Set<Choice> choices) {

  boolean has(Choice choice) {
    return choices.contains(choice);
  }

  /**
   * Checks all that can be checked before there is a servlet context.
   *
   * @throws IllegalArgumentException if a setting is wrong
   */
  static void check(StatelessSessionFilter.Builder settings) {
    listeners(settings, ContainerListeners.NONE);
    new PathPatterns(settings.excluded);
    codec(settings, transport(settings), policy(settings));
  }

  /**
   * The settings, completed by what the application says of its sessions.
   *
   * @throws IllegalArgumentException if a setting is wrong
   */
  static FilterSetup of(StatelessSessionFilter.Builder settings, ServletContext context) {
    Warnings warnings = new Warnings();
    warnOfBareName(settings.cookie, warnings);
    SessionTransport transport = transport(settings);
    requireNameOfItsOwn(transport, context);
    SessionListeners listeners = listeners(settings, containers(settings, context, warnings));
    return new FilterSetup(
        context,
        codec(settings, transport, policy(settings, context)),
        transport,
        new GuardedEvents(
            settings.events == null ? new SessionEvents() {} : settings.events, warnings),
        listeners,
        new LiveSessions(),
        expired(settings, listeners),
        new PathPatterns(settings.excluded),
        warnings,
        settings.warnOnLateChange,
        settings.refuseUnserializable,
        settings.touchEveryRequest,
        Set.copyOf(settings.choices));
  }

  private static SessionListeners listeners(
      StatelessSessionFilter.Builder settings, ContainerListeners containers) {
    return new SessionListeners(
        containers, settings.listeners, !settings.choices.contains(Choice.NO_ACTIVATION_EVENTS));
  }

  private static ExpiredSessions expired(
      StatelessSessionFilter.Builder settings, SessionListeners listeners) {
    boolean isHeard =
        settings.events != null || listeners.hearEnd() || settings.attributeTypes != null;
    return new ExpiredSessions(
        settings.revocationCheck == null ? RevocationCheck.none() : settings.revocationCheck,
        isHeard);
  }

  /** All are there: containers start listeners before filters (BEHAVIOUR.md 64). */
  private static ContainerListeners containers(
      StatelessSessionFilter.Builder settings, ServletContext context, Warnings warnings) {
    return settings.ignoreContainerListeners
        ? ContainerListeners.NONE
        : ContainerListeners.of(context, warnings);
  }

  /** Any host of the site can set a cookie without a prefix (RFC 6265bis §4.1.3). */
  private static void warnOfBareName(@Nullable SessionCookie cookie, Warnings warnings) {
    if (cookie != null && !cookie.isPrefixed()) {
      warnings.once(
          "bare name",
          "session cookie '"
              + cookie.name()
              + "' has no prefix such as __Host-Http-, so hosts beside this one can set it");
    }
  }

  private static SessionPolicy policy(StatelessSessionFilter.Builder settings) {
    return settings.policy == null ? SessionPolicy.defaults() : settings.policy;
  }

  /** With the application's session timeout where nothing else is set (BEHAVIOUR.md 5). */
  private static SessionPolicy policy(
      StatelessSessionFilter.Builder settings, ServletContext context) {
    SessionPolicy policy = policy(settings);
    int minutes = context.getSessionTimeout(); // zero or less: never, or not known
    if (!settings.idleTimeoutIsDefault || minutes <= 0) {
      return policy;
    }
    Duration timeout = Duration.ofMinutes(minutes);
    boolean fits = timeout.compareTo(policy.absoluteLifetime()) <= 0;
    return policy.withIdleTimeout(fits ? timeout : policy.absoluteLifetime());
  }

  private static SessionTransport transport(StatelessSessionFilter.Builder settings) {
    if (settings.header != null) {
      return new HeaderTransport(settings.header);
    }
    return new CookieTransport(
        settings.cookie == null ? SessionCookie.host(settings.application) : settings.cookie);
  }

  private static TokenCodec codec(
      StatelessSessionFilter.Builder settings, SessionTransport transport, SessionPolicy policy) {
    TokenCodec.Builder codec =
        TokenCodec.builder(transport.context(settings.application), settings.keySource)
            .policy(policy);
    if (settings.attributeTypes != null) {
      codec.attributeTypes(settings.attributeTypes);
    }
    if (settings.revocationCheck != null) {
      codec.revocationCheck(settings.revocationCheck);
    }
    if (settings.clock != null) {
      codec.clock(settings.clock);
    }
    return codec.build();
  }

  /**
   * Container sessions may still exist, for excluded paths or FORM login; two cookies of one name
   * would not (BEHAVIOUR.md 66).
   */
  private static void requireNameOfItsOwn(SessionTransport transport, ServletContext context) {
    String containers = context.getSessionCookieConfig().getName();
    if (containers == null) {
      containers = "JSESSIONID"; // the specification's default
    }
    if (transport.isOurCookie(containers)) {
      throw new IllegalArgumentException(
          "session cookie: name is '"
              + containers
              + "', the container's own; allowed is any other");
    }
  }
}
