package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeySource.Absence;
import dev.satchel.SessionKey;
import dev.satchel.keys.RotatingKeySource.Role;
import dev.satchel.keys.RotatingKeySource.WhenStale;
import dev.satchel.keys.micrometer.KeyRingMetrics;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node's meters, from its first day to its last. */
class KeyRingMetricsTest {
  private final RingFixture ring = new RingFixture();
  private final FaultyStore store = new FaultyStore(ring.store);
  private final MeterRegistry registry =
      new SimpleMeterRegistry(
          SimpleConfig.DEFAULT,
          new Clock() {
            @Override
            public long wallTime() {
              return ring.time.instant().toEpochMilli();
            }

            @Override
            public long monotonicTime() {
              return ring.time.monotonic().getAsLong();
            }
          });

  private RotatingKeySource node(Role role, WhenStale whenStale) {
    ring.init();
    RotatingKeySource node = ring.source(store).role(role).whenStale(whenStale).build();
    new KeyRingMetrics(node, List.of(Tag.of("site", "north"))).bindTo(registry);
    return node;
  }

  private double gauge(String name, String... tags) {
    return registry.get("satchel.ring." + name).tags("ring", "shop").tags(tags).gauge().value();
  }

  private double seconds(String name) {
    return registry
        .get("satchel.ring." + name)
        .tags("ring", "shop", "site", "north")
        .timeGauge()
        .value(TimeUnit.SECONDS);
  }

  private double count(String name, String tag, Enum<?> value) {
    return registry
        .get("satchel.ring." + name)
        .tags("ring", "shop", tag, value.name())
        .functionCounter()
        .count();
  }

  @Test
  void rotation_showsInAgesEpochAndPhases() {
    RotatingKeySource node = node(Role.WRITER, WhenStale.SERVE_KNOWN);
    Duration left = RotationPolicy.defaults().signingLimit();
    assertThat(seconds("signing.left")).isEqualTo(left.toSeconds());
    ring.pass(Duration.ofDays(6), node);
    assertThat(gauge("epoch")).isEqualTo(1);
    assertThat(seconds("signing.age")).isEqualTo(Duration.ofDays(6).toSeconds());
    assertThat(seconds("signing.left")).isEqualTo(left.minusDays(6).toSeconds());
    ring.pass(Duration.ofDays(2), node);
    assertThat(gauge("epoch")).isEqualTo(2);
    assertThat(seconds("signing.age")).isBetween(0.0, Duration.ofDays(1).toSeconds() + 1.0);
    assertThat(count("phase.changes", "to", KeyPhase.PRE_ACTIVATION)).isEqualTo(1);
    assertThat(count("phase.changes", "to", KeyPhase.ACTIVE)).isEqualTo(1);
    assertThat(count("phase.changes", "to", KeyPhase.DEACTIVATED)).isEqualTo(1);
    assertThat(gauge("health")).isZero();
    assertThat(seconds("clock.offset")).isZero();
    assertThat(registry.get("satchel.ring.reads").functionTimer().count()).isGreaterThan(1_000);
  }

  @Test
  void outage_showsInAlarmHealthAndAgeUntilItIsOver() {
    RotatingKeySource node = node(Role.READER, WhenStale.FENCE);
    node.tick();
    assertThat(seconds("read.age")).isZero();
    store.down = true;
    ring.pass(Duration.ofHours(1), node);
    assertThat(seconds("read.age")).isEqualTo(3_600);
    assertThat(gauge("alarm", "alarm", KeyRingAlarm.UNAVAILABLE.name())).isEqualTo(1);
    assertThat(gauge("alarm", "alarm", KeyRingAlarm.WIPED.name())).isZero();
    assertThat(gauge("health")).isEqualTo(1);
    assertThat(gauge("stale")).isZero();
    assertThat(count("failures", "reason", KeyRingException.Reason.UNAVAILABLE)).isEqualTo(6);
    ring.pass(Duration.ofHours(24), node);
    assertThat(gauge("stale")).isEqualTo(1);
    assertThat(gauge("health")).isEqualTo(2);
    assertThat(seconds("signing.age")).as("no key signs").isNaN();
    assertThat(seconds("signing.left")).isNaN();
    store.down = false;
    ring.pass(Duration.ofMinutes(10), node);
    assertThat(gauge("health")).isZero();
    assertThat(gauge("alarm", "alarm", KeyRingAlarm.UNAVAILABLE.name())).isZero();
    assertThat(seconds("signing.age")).isPositive();
  }

  @Test
  void unknownKeys_byClass_andNoClientMakesAMeter() {
    RotatingKeySource node = node(Role.READER, WhenStale.SERVE_KNOWN);
    List<String> before = meters();
    String first = node.health().issuing().orElseThrow();
    SeededRandom random = new SeededRandom(1);
    KeyId foreign = new KeyId(new byte[32]);
    for (int i = 0; i < 300; i++) {
      node.absent(foreign.mint(900_000 + i, random));
    }
    assertThat(count("unknown.keys", "absence", Absence.UNKNOWN)).isGreaterThan(295);
    ring.custodian.revocation(java.util.Set.of(first)).commit();
    KeyRingStatus after = ring.custodian.status();
    node.absent(after.active().orElseThrow().id());
    assertThat(count("unknown.keys", "absence", Absence.NOT_YET_KNOWN)).isPositive();
    node.refresh();
    node.absent(first);
    assertThat(count("unknown.keys", "absence", Absence.RETIRED)).isEqualTo(1);
    assertThat(meters()).isEqualTo(before);
  }

  @Test
  void revocations_heldAndWaiting() {
    ring.init();
    var log = new FaultyLog(ring);
    RotatingKeySource node = ring.source(log).revocations().build();
    new KeyRingMetrics(node, List.of(Tag.of("site", "north"))).bindTo(registry);
    log.down = true;
    node.revocations().orElseThrow().revokeSubject("ann", ring.time.instant());
    node.revocations().orElseThrow().revoke("A".repeat(22), ring.time.instant().plusSeconds(3_600));
    ring.pass(Duration.ofMinutes(10), node);
    assertThat(gauge("revocations.held", "of", "session")).isEqualTo(1);
    assertThat(gauge("revocations.held", "of", "subject")).isEqualTo(1);
    assertThat(gauge("revocations.waiting")).isEqualTo(2);
    assertThat(gauge("alarm", "alarm", KeyRingAlarm.REVOCATIONS_UNAVAILABLE.name())).isEqualTo(1);
    assertThat(count("failures", "reason", KeyRingException.Reason.UNAVAILABLE)).isEqualTo(1);
    log.down = false;
    log.append(new byte[] {1}, java.time.Instant.MAX);
    ring.pass(Duration.ofMinutes(10), node);
    assertThat(gauge("revocations.waiting")).isZero();
    assertThat(gauge("revocations.forged")).isEqualTo(1);
  }

  /** Names, tags and descriptions go to monitoring: ids of keys are not secret, and not there. */
  @Test
  void meters_holdNoMaterialAndNoKeyId() {
    RotatingKeySource node = node(Role.WRITER, WhenStale.SERVE_KNOWN);
    ring.pass(Duration.ofDays(8), node);
    String all = String.join("\n", meters());
    for (String id : node.current().keyIds()) {
      SessionKey key = node.current().find(id).orElseThrow();
      String jwk = key.toSecretJwk();
      String material = jwk.replaceAll(".*\"k\":\"([^\"]+)\".*", "$1");
      assertThat(material).hasSize(43);
      assertThat(all).doesNotContain(material, id);
    }
    assertThat(registry.getMeters())
        .allSatisfy(meter -> assertThat(meter.getId().getName()).startsWith("satchel.ring."))
        .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotEmpty());
  }

  private List<String> meters() {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .map(id -> id.getName() + id.getTags() + id.getDescription())
        .sorted()
        .toList();
  }
}
