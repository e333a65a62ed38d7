package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyAndContextTest {
  private static final SessionPolicy DEFAULTS = SessionPolicy.defaults();

  static Stream<Arguments> outOfRange() {
    return Stream.of(
        refused(
            p -> p.withAbsoluteLifetime(Duration.ZERO),
            "absoluteLifetime is PT0S, allowed is PT1S to PT9600H"),
        refused(
            p -> p.withAbsoluteLifetime(Duration.ofSeconds(-1)),
            "absoluteLifetime is PT-1S, allowed is PT1S to PT9600H"),
        refused(
            p -> p.withAbsoluteLifetime(Duration.ofDays(400).plusNanos(1)),
            "absoluteLifetime is PT9600H0.000000001S, allowed is PT1S to PT9600H"),
        refused(
            p -> p.withAbsoluteLifetime(Duration.ofMinutes(29)),
            "idleTimeout is PT30M, allowed is PT0S (none) or PT1S to absoluteLifetime PT29M"),
        refused(
            p -> p.withIdleTimeout(Duration.ofHours(9)),
            "idleTimeout is PT9H, allowed is PT0S (none) or PT1S to absoluteLifetime PT8H"),
        refused(
            p -> p.withIdleTimeout(Duration.ofMillis(999)),
            "idleTimeout is PT0.999S, allowed is PT0S (none) or PT1S to absoluteLifetime PT8H"),
        refused(
            p -> p.withIdleTimeout(Duration.ofSeconds(-1)),
            "idleTimeout is PT-1S, allowed is PT0S (none) or PT1S to absoluteLifetime PT8H"),
        refused(
            p -> p.withClockSkew(Duration.ofSeconds(-1)),
            "clockSkew is PT-1S, allowed is PT0S to PT5M"),
        refused(
            p -> p.withClockSkew(Duration.ofSeconds(301)),
            "clockSkew is PT5M1S, allowed is PT0S to PT5M"),
        refused(p -> p.withRefreshPercent(-1), "refreshPercent is -1, allowed is 0 to 50"),
        refused(p -> p.withRefreshPercent(51), "refreshPercent is 51, allowed is 0 to 50"),
        refused(
            p -> p.withCompressionThreshold(-1),
            "compressionThreshold is -1, allowed is 0 or more bytes"));
  }

  private static Arguments refused(UnaryOperator<SessionPolicy> change, String message) {
    return Arguments.of(change, message);
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("outOfRange")
  void policy_outOfRange_saysWhatGotAndAllowed(
      UnaryOperator<SessionPolicy> change, String message) {
    assertThatThrownBy(() -> change.apply(DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("session policy: " + message);
  }

  @Test
  void policy_atItsBounds_isTaken() {
    DEFAULTS
        .withAbsoluteLifetime(Duration.ofDays(400))
        .withIdleTimeout(Duration.ofDays(400))
        .withClockSkew(Duration.ofMinutes(5))
        .withRefreshPercent(50)
        .withCompressionThreshold(0);
    DEFAULTS
        .withoutIdleTimeout()
        .withAbsoluteLifetime(Duration.ofSeconds(1))
        .withClockSkew(Duration.ZERO)
        .withRefreshPercent(0)
        .withoutCompression();
  }

  @Test
  void policy_defaults_areThoseOfTheDocumentation() {
    assertThat(DEFAULTS)
        .hasToString(
            "SessionPolicy[absoluteLifetime=PT8H, idleTimeout=PT30M, clockSkew=PT1M,"
                + " refreshPercent=10, compressionThreshold=512, secretAttributes=[]]");
  }

  @Test
  void policy_bothLifetimes_areSetInOneStep() {
    SessionPolicy brief = DEFAULTS.withLifetimes(Duration.ofMinutes(5), Duration.ofMinutes(1));
    assertThat(brief.absoluteLifetime()).isEqualTo(Duration.ofMinutes(5));
    assertThat(brief.idleTimeout()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void policy_copiesTheSecretNames() {
    Set<String> names = new HashSet<>(Set.of("pin"));
    SessionPolicy policy = DEFAULTS.withSecretAttributes(names);
    names.add("more");
    assertThat(policy.secretAttributes()).containsExactly("pin");
    assertThat(policy.withRefreshPercent(1).secretAttributes()).containsExactly("pin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "a b", "a;b", "a\r\nb", "é", "a=b", "a,b", "\u0000", "a\n"})
  void context_withOtherCharacters_isRefused(String text) {
    assertThatThrownBy(() -> TokenContext.cookie(text, "name"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token context: application is ")
        .hasMessageContaining("allowed is [A-Za-z0-9._-]{1,64}");
    assertThatThrownBy(() -> TokenContext.cookie("shop", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token context: name is ");
    assertThatThrownBy(() -> new TokenContext("shop", text, "name"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token context: transport is ");
  }

  @Test
  void context_ofAHeader_isInLowerCase() {
    assertThat(TokenContext.header("shop", "X-Session")).hasToString("shop/header/x-session");
    assertThat(TokenContext.cookie("shop", "__Host-S")).hasToString("shop/cookie/__Host-S");
    assertThatThrownBy(() -> new TokenContext("shop", "Cookie", "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TokenContext.cookie("a".repeat(65), "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
