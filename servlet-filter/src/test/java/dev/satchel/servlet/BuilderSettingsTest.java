package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.AttributeTypes;
import dev.satchel.KeySource;
import dev.satchel.RevocationCheck;
import dev.satchel.SessionPolicy;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Settings as text, for a filter that is made by program. */
class BuilderSettingsTest {
  private final StatelessSessionFilter.Builder builder =
      StatelessSessionFilter.builder("shop", TestKeys.source());

  @Test
  @DisplayName("they mean what init parameters mean, and only those that are given")
  void applied() {
    builder.settings(
        Map.of("cookieName", "sid", "absoluteLifetime", "PT2H", "lateChange", "warn"), "here");
    assertThat(builder.settings.cookie.name()).isEqualTo("sid");
    assertThat(builder.settings.policy.absoluteLifetime()).hasHours(2);
    assertThat(builder.settings.idleTimeoutIsDefault).isTrue();
    assertThat(builder.settings.choices).containsExactly(Choice.WARN_ON_LATE_CHANGE);
  }

  @Test
  @DisplayName(
      "5: without any of the policy's, the policy stays unset, for the application's timeout")
  void noPolicy() {
    builder.settings(Map.of("transport", "header"), "here");
    assertThat(builder.settings.policy).isNull();
    assertThat(builder.settings.header).isEqualTo("Satchel-Session");
  }

  @Test
  @DisplayName(
      "what is unknown, wrong, set already or the builder's own is refused, with its place")
  void refused() {
    assertRefused(Map.of("cookie", "sid"), "here: unknown 'cookie'");
    assertRefused(Map.of("refreshPercent", "x"), "here: 'refreshPercent' is 'x'");
    assertRefused(Map.of("application", "other"), "here: 'application' has no effect");
    assertRefused(Map.of("keySource", "file:/x"), "here: 'keySource' has no effect");
    builder.policy(SessionPolicy.defaults());
    assertThatThrownBy(() -> builder.settings(Map.of("idleTimeout", "PT5M"), "here"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("policy was already set");
  }

  private void assertRefused(Map<String, String> settings, String message) {
    assertThatThrownBy(() -> builder.settings(settings, "here"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  @DisplayName("the builder: set once, and what it refuses")
  void builder() {
    KeySource keys = TestKeys.source();
    SessionPolicy policy = SessionPolicy.defaults();
    assertThatThrownBy(
            () -> StatelessSessionFilter.builder("shop", keys).policy(policy).policy(policy))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("policy was already set to " + policy);
    assertThatThrownBy(
            () ->
                StatelessSessionFilter.builder("shop", keys)
                    .header("X-S")
                    .cookie(SessionCookie.host("a")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("header was already set to X-S");
    assertThatThrownBy(() -> StatelessSessionFilter.builder("a shop", keys).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> StatelessSessionFilter.builder("shop", keys).header("Authorization").build())
        .hasMessageContaining("session header: name is 'Authorization'");
    assertThatThrownBy(() -> StatelessSessionFilter.builder("shop", keys).exclude("static").build())
        .hasMessage("excluded path is 'static', allowed is /exact, /below/* or *.suffix");
    StatelessSessionFilter.builder("shop", keys)
        .attributeTypes(AttributeTypes.builtIn())
        .revocationCheck(RevocationCheck.none())
        .clock(InstantSource.system())
        .events(new SessionEvents() {})
        .build();
  }
}
