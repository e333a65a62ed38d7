package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.TokenAlgorithm;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotationPolicyTest {
  private static final RotationPolicy DEFAULTS = RotationPolicy.defaults();

  @Test
  void defaults_areThoseOfTheStudy() {
    assertThat(DEFAULTS.period()).isEqualTo(Duration.ofDays(7));
    assertThat(DEFAULTS.lead()).isEqualTo(Duration.ofHours(24));
    // PROTOCOL.md b.4, corollary: the lead is an outage budget of 23 h 55 min and more.
    assertThat(DEFAULTS.staleAfter()).isBetween(Duration.ofHours(23), Duration.ofHours(24));
    assertThat(DEFAULTS.hold()).isEqualTo(DEFAULTS.staleAfter().plusSeconds(10));
    assertThat(DEFAULTS.grace()).isEqualTo(Duration.ofSeconds(2 * 60 + 10 + 60));
    assertThat(DEFAULTS.lag()).isEqualTo(Duration.ofSeconds(10 + 60));
    assertThat(DEFAULTS.revocationBound()).isEqualTo(Duration.ofSeconds(10 + 10));
  }

  @ParameterizedTest
  @CsvSource({
    "PT24H, PT24H, PT24H, PT10S, period is PT24H",
    "PT168H, PT2M, PT24H, PT10S, staleAfter is PT-40S",
    "PT168H, PT24H, PT9601H, PT10S, maxTokenLifetime is PT9601H",
    "PT168H, PT24H, PT24H, PT-1S, propagation is PT-1S",
    "PT168H, PT24H, PT1200H, PT10S, signingLimit is PT672H",
    "PT5000H, PT24H, PT24H, PT10S, signingLimit is PT20000H",
    "PT168H, PT10M, PT24H, PT10S, refreshInterval is PT1M",
  })
  void build_outOfRange_saysWhatGotAndAllowed(
      Duration period, Duration lead, Duration lifetime, Duration propagation, String message) {
    assertThatThrownBy(
            () -> RotationPolicy.of(TokenAlgorithm.A256GCM, period, lead, lifetime, propagation))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("allowed is");
  }

  @Test
  void build_leadDoesNotCoverStaleness_refused() {
    assertThatThrownBy(
            () ->
                new RotationPolicy(
                    TokenAlgorithm.A256GCM,
                    DEFAULTS.period(),
                    DEFAULTS.lead(),
                    DEFAULTS.maxTokenLifetime(),
                    DEFAULTS.staleAfter().plusSeconds(1),
                    DEFAULTS.propagation(),
                    DEFAULTS.clockSkew(),
                    DEFAULTS.commitTimeout(),
                    DEFAULTS.refreshInterval(),
                    DEFAULTS.probeInterval(),
                    DEFAULTS.signingLimit()))
        .hasMessageContaining("lead is PT24H, allowed is at least staleAfter + propagation");
  }
}
