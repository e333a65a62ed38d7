package dev.satchel.servlet;

import dev.satchel.SessionPolicy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The settings of a session's life. */
final class PolicySettings {
  private static final String IDLE_TIMEOUT = "idleTimeout";

  private static final List<Setting<SessionPolicy>> ALL =
      List.of(
          Setting.of("absoluteLifetime", SettingsText::duration, PolicySettings::withLifetime),
          Setting.of(IDLE_TIMEOUT, SettingsText::duration, SessionPolicy::withIdleTimeout),
          Setting.of("clockSkew", SettingsText::duration, SessionPolicy::withClockSkew),
          Setting.of("refreshPercent", SettingsText::integer, SessionPolicy::withRefreshPercent),
          Setting.of(
              "compressionThreshold",
              SettingsText::integer,
              SessionPolicy::withCompressionThreshold),
          Setting.of(
              "secretAttributes",
              (text, name) -> new LinkedHashSet<>(text.list(name)),
              SessionPolicy::withSecretAttributes));

  static final Set<String> NAMES = Setting.names(ALL);

  private PolicySettings() {}

  /**
   * What is said of the policy, to be given to a builder.
   *
   * @throws IllegalArgumentException if a value is wrong
   */
  static Consumer<StatelessSessionFilter.Builder> read(SettingsText text) {
    if (!text.hasAny(NAMES)) {
      return builder -> {};
    }
    SessionPolicy policy =
        Setting.all(ALL, text, "the session's policy").apply(SessionPolicy.defaults());
    return builder -> {
      builder.policy(policy);
      builder.settings.idleTimeoutIsDefault = !text.has(IDLE_TIMEOUT);
    };
  }

  /** A lifetime that is shorter than the idle timeout is one, unless that is set too. */
  private static SessionPolicy withLifetime(SessionPolicy policy, Duration lifetime) {
    Duration idle = policy.idleTimeout();
    return policy.withLifetimes(lifetime, lifetime.compareTo(idle) < 0 ? lifetime : idle);
  }
}
