package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.AttributeTypes;
import dev.satchel.KeySource;
import dev.satchel.RevocationCheck;
import dev.satchel.SessionPolicy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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
        .hasMessageStartingWith("here: [idleTimeout]: policy was already set to SessionPolicy[");
  }

  @Test
  @DisplayName("what says nothing of cookie or header goes with either, before and after")
  void besideTransport() {
    Map<String, String> settings = Map.of("lateChange", "warn");
    SessionCookie cookie = SessionCookie.named("sid");
    assertThat(another().cookie(cookie).settings(settings, "here").settings.cookie)
        .isSameAs(cookie);
    assertThat(another().settings(settings, "here").cookie(cookie).settings.cookie)
        .isSameAs(cookie);
    assertThat(another().header("X").settings(settings, "here").settings.header).isEqualTo("X");
    assertThat(another().settings(settings, "here").header("X").settings.header).isEqualTo("X");
    assertThat(another().settings(settings, "here").cookieFromContext(c -> c).settings.cookie)
        .isNull();
  }

  @Test
  @DisplayName("what was set already is refused by its setting and place, and says what it is")
  void setAlready() {
    SessionCookie cookie = SessionCookie.named("sid").withMaxAge(Duration.ofDays(1));
    for (Map<String, String> settings :
        List.of(Map.of("sameSite", "Strict"), Map.of("transport", "header"))) {
      assertThatThrownBy(() -> another().cookie(cookie).settings(settings, "here"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "here: %s: cookie was already set to SessionCookie[sid; Max-Age=86400; Path=/;"
                  + " Secure; HttpOnly; SameSite=Lax]",
              settings.keySet());
    }
    assertThatThrownBy(() -> another().settings(Map.of("cookieName", "sid"), "here").header("X"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("cookie was already set to SessionCookie[sid; ");
  }

  private static StatelessSessionFilter.Builder another() {
    return StatelessSessionFilter.builder("shop", TestKeys.source());
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
