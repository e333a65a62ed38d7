package dev.satchel.keys;

import dev.satchel.KeySource.Absence;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * Writes what happens to a ring into the JDK's flight recorder, where a recording runs. Costs next
 * to nothing where none does. No key and no byte that a client sent.
 */
final class FlightRecords implements KeyRingEvents {
  private final String store;

  FlightRecords(String store) {
    this.store = store;
  }

  /** Not in every run-time image: {@code jlink} leaves out what nobody asks for. */
  static boolean isPresent() {
    return ModuleLayer.boot().findModule("jdk.jfr").isPresent();
  }

  @Override
  public void read(long epoch, Duration took) {
    ReadEvent event = new ReadEvent();
    if (event.shouldCommit()) {
      event.store = store;
      event.epoch = epoch;
      event.took = took.toNanos();
      event.commit();
    }
  }

  @Override
  public void failed(KeyRingException.Reason reason) {
    FailureEvent event = new FailureEvent();
    if (event.shouldCommit()) {
      event.store = store;
      event.reason = reason.name();
      event.commit();
    }
  }

  @Override
  public void phaseChanged(String keyId, @Nullable KeyPhase from, KeyPhase to) {
    PhaseEvent event = new PhaseEvent();
    if (event.shouldCommit()) {
      event.store = store;
      event.keyId = keyId;
      event.from = from == null ? null : from.name();
      event.to = to.name();
      event.commit();
    }
  }

  @Override
  public void alarmRaised(KeyRingAlarm alarm) {
    alarm(alarm, true);
  }

  @Override
  public void alarmCleared(KeyRingAlarm alarm) {
    alarm(alarm, false);
  }

  private void alarm(KeyRingAlarm alarm, boolean raised) {
    AlarmEvent event = new AlarmEvent();
    if (event.shouldCommit()) {
      event.store = store;
      event.alarm = alarm.name();
      event.raised = raised;
      event.commit();
    }
  }

  @Override
  public void unknownKey(Absence absence) {
    UnknownKeyEvent event = new UnknownKeyEvent();
    if (event.shouldCommit()) {
      event.store = store;
      event.absence = absence.name();
      event.commit();
    }
  }

  @Name("dev.satchel.KeyRingRead")
  @Label("Key Ring Read")
  @Description("The store was read")
  @Category({"Satchel", "Key Ring"})
  @StackTrace(false)
  static final class ReadEvent extends Event {
    @Label("Store")
    @Nullable String store;

    @Label("Epoch")
    long epoch;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;
  }

  @Name("dev.satchel.KeyRingFailure")
  @Label("Key Ring Failure")
  @Description("The ring could not be read, probed, rotated or healed, or revocations not shared")
  @Category({"Satchel", "Key Ring"})
  @StackTrace(false)
  static final class FailureEvent extends Event {
    @Label("Store")
    @Nullable String store;

    @Label("Reason")
    @Nullable String reason;
  }

  @Name("dev.satchel.KeyPhaseChange")
  @Label("Key Phase Change")
  @Description("A key of the ring is in another phase")
  @Category({"Satchel", "Key Ring"})
  @StackTrace(false)
  static final class PhaseEvent extends Event {
    @Label("Store")
    @Nullable String store;

    @Label("Key")
    @Nullable String keyId;

    @Label("From")
    @Nullable String from;

    @Label("To")
    @Nullable String to;
  }

  @Name("dev.satchel.KeyRingAlarm")
  @Label("Key Ring Alarm")
  @Description("Something is wrong with the ring or its store, or no longer is")
  @Category({"Satchel", "Key Ring"})
  @StackTrace(false)
  static final class AlarmEvent extends Event {
    @Label("Store")
    @Nullable String store;

    @Label("Alarm")
    @Nullable String alarm;

    @Label("Raised")
    boolean raised;
  }

  /** Off by default: whoever sends bogus tokens must not wash all else out of a recording. */
  @Name("dev.satchel.UnknownKey")
  @Label("Unknown Key")
  @Description("A token named a key that the ring lacks")
  @Category({"Satchel", "Key Ring"})
  @Enabled(false)
  @StackTrace(false)
  static final class UnknownKeyEvent extends Event {
    @Label("Store")
    @Nullable String store;

    @Label("Absence")
    @Nullable String absence;
  }
}
