package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeReporterTest implements NodeReportsContract {
  private final RingFixture ring = new RingFixture();
  private final KeyRingStore memory = new MemoryKeyRingStore(java.time.InstantSource.system());

  @Override
  public NodeReports reports() {
    return memory.nodeReports().orElseThrow();
  }

  @Test
  void node_named_reportsOncePerInterval() {
    ring.init();
    RotatingKeySource node =
        ring.source().node("web-1").role(RotatingKeySource.Role.WRITER).build();
    assertThat(ring.custodian.nodes()).hasValue(List.of());
    node.tick();
    Instant since = ring.time.instant();
    assertThat(only().state())
        .hasValue(new NodeReport.State(1, since, RotatingKeySource.Role.WRITER, false, Set.of()));
    ring.time.advance(Duration.ofSeconds(30));
    node.tick();
    assertThat(only().reportedAt()).isEqualTo(since);
    ring.time.advance(Duration.ofSeconds(31));
    ring.custodian.emergencyRotation().commit();
    node.tick();
    assertThat(only().reportedAt()).isEqualTo(ring.time.instant());
    assertThat(only().state().orElseThrow().epoch()).isEqualTo(2);
    assertThat(only().silent()).isFalse();
    ring.time.advance(Duration.ofSeconds(181));
    assertThat(only().silent()).isTrue();
  }

  @Test
  void node_withoutName_saysNothing() {
    ring.init();
    ring.pass(Duration.ofHours(1), ring.source().build());
    assertThat(ring.custodian.nodes()).hasValue(List.of());
  }

  @Test
  void report_hasAlarmsOfRevocations_andOfWritesThatFail() {
    ring.init();
    var log = new FaultyLog(ring);
    RotatingKeySource node = ring.source(log).node("web-1").revocations().build();
    node.tick();
    assertThat(only().state().orElseThrow().alarms()).isEmpty();
    log.down = true;
    ring.pass(Duration.ofMinutes(10), node);
    ring.pass(Duration.ofMinutes(10), node);
    assertThat(only().state().orElseThrow().alarms())
        .containsExactly(KeyRingAlarm.REVOCATIONS_UNAVAILABLE);
    log.down = false;
    log.readOnly = true;
    RotatingKeySource writer =
        ring.source(log).node("web-1").role(RotatingKeySource.Role.WRITER).build();
    ring.pass(Duration.ofDays(6).plusHours(1), writer);
    assertThat(only().silent()).isFalse();
    assertThat(only().state().orElseThrow().alarms()).containsExactly(KeyRingAlarm.UNAVAILABLE);
  }

  /** A ring must not suffer from a report. */
  @Test
  void report_failing_disturbsNothing() {
    ring.init();
    var failing = new Failing(ring.store);
    RotatingKeySource node = ring.source(failing).node("web-1").build();
    ring.pass(Duration.ofHours(2), node);
    assertThat(node.health().alarms()).isEmpty();
    assertThat(node.health().stale()).isFalse();
    assertThat(failing.puts).isBetween(2, 8); // not at each of 120 intervals
    RotatingKeySource none = ring.source(new FaultyStore(ring.store)).node("web-1").build();
    ring.pass(Duration.ofHours(1), none);
    assertThat(none.health().alarms()).isEmpty();
  }

  @Test
  void report_ofAnybody_isReadStrictly() {
    ring.init();
    NodeReports reports = ring.store.nodeReports().orElseThrow();
    String good =
        "{\"epoch\":1,\"since\":\"2026-01-01T00:00:00Z\",\"role\":\"reader\",\"stale\":false,"
            + "\"alarms\":[\"WIPED\"]}";
    reports.put("good", good);
    int number = 0;
    for (String bad :
        List.of(
            "",
            "[]",
            "\u001b[31m",
            good.replace(":1,", ":0,"),
            good.replace(":1,", ":9999999,"),
            good.replace("reader", "root"),
            good.replace("false", "\"no\""),
            good.replace("WIPED", "\\u001b[31m"),
            good.replace("2026-01-01T00:00:00Z", "now"),
            good + "x")) {
      reports.put("bad" + number++, bad);
    }
    reports.put("\u001b[31m", good);
    List<NodeReport> all = ring.custodian.nodes().orElseThrow();
    assertThat(all).hasSize(number + 1);
    assertThat(all)
        .filteredOn(report -> report.state().isPresent())
        .singleElement()
        .extracting(NodeReport::node)
        .isEqualTo("good");
  }

  private NodeReport only() {
    List<NodeReport> all = ring.custodian.nodes().orElseThrow();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  /** A store whose reports are refused. */
  private static final class Failing extends PassingStore {
    private int puts;

    private Failing(KeyRingStore store) {
      super(store);
    }

    @Override
    public Optional<NodeReports> nodeReports() {
      return Optional.of(
          new NodeReports() {
            @Override
            public void put(String node, String report) {
              puts++;
              throw new KeyRingException(KeyRingException.Reason.UNAVAILABLE, "refused");
            }

            @Override
            public List<Kept> all() {
              return List.of();
            }

            @Override
            public void dropOlderThan(Duration age) {}
          });
    }
  }
}
