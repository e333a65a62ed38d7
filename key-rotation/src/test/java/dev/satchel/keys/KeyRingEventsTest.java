package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeySource.Absence;
import dev.satchel.KeySource.Health.Status;
import dev.satchel.keys.RotatingKeySource.Role;
import dev.satchel.keys.RotatingKeySource.WhenStale;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node says of its ring: to listeners, to the flight recorder, and as its health. */
class KeyRingEventsTest {
  private final RingFixture ring = new RingFixture();
  private final FaultyStore store = new FaultyStore(ring.store);
  private final List<String> told = new ArrayList<>();

  private final KeyRingEvents telling =
      new KeyRingEvents() {
        @Override
        public void read(long epoch, Duration took) {
          told.add("read " + epoch);
        }

        @Override
        public void failed(KeyRingException.Reason reason) {
          told.add("failed " + reason);
        }

        @Override
        public void phaseChanged(String keyId, @Nullable KeyPhase from, KeyPhase to) {
          told.add(from + " to " + to);
        }

        @Override
        public void alarmRaised(KeyRingAlarm alarm) {
          told.add("raised " + alarm);
        }

        @Override
        public void alarmCleared(KeyRingAlarm alarm) {
          told.add("cleared " + alarm);
        }

        @Override
        public void unknownKey(Absence absence) {
          told.add("unknown " + absence);
        }
      };

  private RotatingKeySource node(Role role) {
    ring.init();
    RotatingKeySource node = ring.source(store).role(role).build();
    node.listen(telling);
    return node;
  }

  private List<String> take() {
    List<String> taken = told.stream().filter(event -> !event.startsWith("read")).toList();
    told.clear();
    return taken;
  }

  @Test
  void rotation_everyPhaseIsToldOnce() {
    RotatingKeySource node = node(Role.WRITER);
    ring.pass(Duration.ofDays(12), node);
    assertThat(take())
        .containsExactly(
            "null to PRE_ACTIVATION",
            "PRE_ACTIVATION to ACTIVE",
            "ACTIVE to DEACTIVATED",
            "DEACTIVATED to EXPIRED");
  }

  @Test
  void read_isToldWithItsEpoch() {
    RotatingKeySource node = node(Role.READER);
    node.refresh();
    ring.time.advance(Duration.ofHours(13));
    ring.custodian.rotation().commit();
    node.refresh();
    assertThat(told).containsExactly("read 1", "read 2");
  }

  @Test
  void outage_toldAsFailuresAndOneAlarm() {
    RotatingKeySource node = node(Role.READER);
    store.down = true;
    ring.pass(Duration.ofMinutes(20), node);
    store.broken = true;
    ring.pass(Duration.ofMinutes(10), node);
    store.down = false;
    store.broken = false;
    ring.pass(Duration.ofMinutes(10), node);
    assertThat(take())
        .containsExactly(
            "failed UNAVAILABLE",
            "raised UNAVAILABLE",
            "failed UNAVAILABLE",
            "failed UNAVAILABLE",
            "cleared UNAVAILABLE");
  }

  /** Probes in between go well: neither they nor the wait for the next attempt end the alarm. */
  @Test
  void writerWithoutRights_oneAlarmUntilACommitSucceeds() {
    RotatingKeySource node = node(Role.WRITER);
    ring.pass(Duration.ofDays(6).minusMinutes(1), node);
    take();
    store.readOnly = true;
    int up = 0;
    for (int i = 0; i < 360; i++) {
      ring.time.advance(Duration.ofSeconds(10));
      node.tick();
      up += node.health().status() == Status.UP ? 1 : 0;
    }
    assertThat(up).as("before the first attempt alone").isLessThan(14);
    assertThat(take()).containsOnlyOnce("raised UNAVAILABLE").doesNotContain("cleared UNAVAILABLE");
    assertThat(node.health().alarms()).containsExactly(KeyRingAlarm.UNAVAILABLE);
    store.readOnly = false;
    ring.pass(Duration.ofMinutes(30), node);
    assertThat(take()).containsOnlyOnce("cleared UNAVAILABLE");
    assertThat(node.health().alarms()).isEmpty();
  }

  @Test
  void writerWithoutRights_whoseRotationAnotherDoes_isWell() {
    RotatingKeySource node = node(Role.WRITER);
    store.readOnly = true;
    ring.pass(Duration.ofDays(6).plusMinutes(30), node);
    assertThat(node.health().alarms()).containsExactly(KeyRingAlarm.UNAVAILABLE);
    ring.custodian.rotationIfDue().orElseThrow().commit();
    ring.pass(Duration.ofMinutes(10), node);
    assertThat(node.health().alarms()).isEmpty();
  }

  @Test
  void writerWithoutRights_thatCannotHeal_oneAlarmUntilItCan() {
    RotatingKeySource node = node(Role.WRITER);
    KeyRingStore.Stored first = ring.store.read().orElseThrow();
    ring.time.advance(Duration.ofHours(13));
    ring.custodian.rotation().commit();
    ring.pass(Duration.ofMinutes(10), node);
    take();
    store.readOnly = true;
    store.instead = Optional.of(first);
    for (int i = 0; i < 360; i++) {
      ring.time.advance(Duration.ofSeconds(10));
      node.tick();
      assertThat(i == 0 || node.health().alarms().contains(KeyRingAlarm.UNAVAILABLE) || i == 1)
          .as("tick %s", i)
          .isTrue();
    }
    assertThat(take())
        .containsOnlyOnce("raised UNAVAILABLE")
        .containsOnlyOnce("raised ROLLED_BACK")
        .doesNotContain("cleared UNAVAILABLE");
    store.readOnly = false;
    store.instead = Optional.empty();
    ring.pass(Duration.ofMinutes(30), node);
    assertThat(node.health().alarms()).isEmpty();
  }

  @Test
  void unknownKey_toldByClassOnly() {
    RotatingKeySource node = node(Role.READER);
    node.absent("AAAAAAAA");
    ring.time.advance(Duration.ofHours(13));
    KeyRingStatus next = ring.custodian.rotation().commit();
    node.absent(next.keys().get(1).id());
    assertThat(take()).containsExactly("unknown UNKNOWN", "unknown NOT_YET_KNOWN");
  }

  @Test
  void listenerThatThrows_stopsNeitherTheNodeNorTheNextListener() {
    ring.init();
    RotatingKeySource node = ring.source(store).role(Role.WRITER).build();
    node.listen(
        new KeyRingEvents() {
          @Override
          public void read(long epoch, Duration took) {
            throw new IllegalStateException("a bug of a listener");
          }

          @Override
          public void failed(KeyRingException.Reason reason) {
            throw new AssertionError("a bug of a listener");
          }

          @Override
          public void unknownKey(Absence absence) {
            throw new IllegalStateException("a bug of a listener");
          }
        });
    node.listen(telling);
    node.refresh();
    store.down = true;
    ring.pass(Duration.ofMinutes(10), node);
    store.down = false;
    assertThat(node.absent("AAAAAAAA")).isEqualTo(Absence.UNKNOWN);
    ring.pass(Duration.ofDays(8), node);
    assertThat(node.status().epoch()).isEqualTo(2);
    assertThat(node.health().alarms()).isEmpty();
    assertThat(told).contains("read 1", "unknown UNKNOWN", "PRE_ACTIVATION to ACTIVE");
  }

  @Test
  void health_upDegradedDown_eachSaysWhatToDo() {
    RotatingKeySource node = node(Role.READER);
    assertThat(node.health().status()).isEqualTo(Status.UP);
    assertThat(node.health().reason()).isEmpty();

    store.down = true;
    ring.pass(Duration.ofMinutes(10), node);
    assertThat(node.health().status()).isEqualTo(Status.DEGRADED);
    assertThat(node.health().reason())
        .startsWith("the store does not answer, or this node cannot change the ring: ");

    ring.pass(Duration.ofHours(24), node);
    assertThat(node.health().status()).isEqualTo(Status.DEGRADED);
    assertThat(node.health().reason()).startsWith("the ring could not be read for too long; ");

    ring.pass(Duration.ofDays(29), node);
    assertThat(node.health().status()).isEqualTo(Status.DOWN);
    assertThat(node.health().issuing()).isEmpty();
    assertThat(node.health().reason()).startsWith("no key may sign here, ");
  }

  @Test
  void health_fenced_isDown() {
    ring.init();
    RotatingKeySource node = ring.source(store).whenStale(WhenStale.FENCE).build();
    store.down = true;
    ring.pass(Duration.ofHours(25), node);
    assertThat(node.health().status()).isEqualTo(Status.DOWN);
  }

  /** Whoever adds an alarm says what to do about it. */
  @Test
  void alarms_allHaveAdvice() {
    for (KeyRingAlarm alarm : KeyRingAlarm.values()) {
      assertThat(alarm.advice()).hasSizeGreaterThan(20).doesNotEndWith(".");
    }
  }

  @Test
  void flightRecorder_hasItAllAndNoByteOfAClient(@TempDir Path dir) throws Exception {
    Path file = dir.resolve("ring.jfr");
    try (Recording recording = new Recording()) {
      for (String name :
          List.of("KeyRingRead", "KeyRingFailure", "KeyPhaseChange", "KeyRingAlarm")) {
        recording.enable("dev.satchel." + name);
      }
      recording.enable("dev.satchel.UnknownKey");
      recording.start();
      RotatingKeySource node = node(Role.WRITER);
      node.absent("AAAAAAAA");
      ring.pass(Duration.ofDays(8), node);
      store.down = true;
      ring.pass(Duration.ofMinutes(10), node);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().startsWith("dev.satchel."))
            .filter(event -> "faulty".equals(event.getString("store")))
            .toList();
    assertThat(events.stream().map(event -> event.getEventType().getName()))
        .containsOnly(
            "dev.satchel.KeyRingRead",
            "dev.satchel.KeyRingFailure",
            "dev.satchel.KeyPhaseChange",
            "dev.satchel.KeyRingAlarm",
            "dev.satchel.UnknownKey");
    RecordedEvent phase = only(events, "KeyPhaseChange", "to", "ACTIVE").orElseThrow();
    assertThat(phase.getString("from")).isEqualTo("PRE_ACTIVATION");
    assertThat(only(events, "UnknownKey", "absence", "UNKNOWN")).isPresent();
    assertThat(
            only(events, "KeyRingAlarm", "alarm", "UNAVAILABLE").orElseThrow().getBoolean("raised"))
        .isTrue();
    assertThat(events.stream().map(Object::toString).collect(Collectors.joining()))
        .doesNotContain("AAAAAAAA");
    assertThat(new TreeSet<>(events.stream().map(e -> e.getEventType().getLabel()).toList()))
        .first()
        .isEqualTo("Key Phase Change");
  }

  private static Optional<RecordedEvent> only(
      List<RecordedEvent> events, String name, String field, String value) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("dev.satchel." + name))
        .filter(event -> value.equals(event.getString(field)))
        .findFirst();
  }
}
