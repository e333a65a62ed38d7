package dev.satchel.keys;

import dev.satchel.KeySource.Absence;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log, the flight recorder and whoever listens what happens to a node's ring. Called by
 * {@link RingRefresher} under its monitor, and for unknown keys by anybody. {@link
 * RevocationExchange}, which has a thread and a lock of its own, has another one, with the same
 * listeners: each knows what it told last, and their alarms are not the same.
 */
final class RingMonitor {
  private static final System.Logger LOGGER = System.getLogger("dev.satchel.keys");

  private final String place;
  private final AlarmLog log;
  private final List<KeyRingEvents> listeners;

  /** Classes and methods that threw. Bounded by the program's own. */
  private final Set<String> threw;

  private Set<KeyRingAlarm> alarms = Set.of();
  private @Nullable Map<String, KeyPhase> phases;

  RingMonitor(String store) {
    this(store, new CopyOnWriteArrayList<>(), ConcurrentHashMap.newKeySet());
    if (FlightRecords.isPresent()) {
      listeners.add(new FlightRecords(store));
    }
  }

  private RingMonitor(String place, List<KeyRingEvents> listeners, Set<String> threw) {
    this.place = place;
    this.log = new AlarmLog(place);
    this.listeners = listeners;
    this.threw = threw;
  }

  /** One for what happens to revocations, which whoever listens to this one hears too. */
  RingMonitor forRevocations() {
    return new RingMonitor(place + ", revocations", listeners, threw);
  }

  void listen(KeyRingEvents events) {
    listeners.add(events);
  }

  void read(long epoch, Duration took) {
    tell("read", events -> events.read(epoch, took));
  }

  /**
   * The store went back or forked, and the ring that was put back leaves these recipients out.
   *
   * @param thumbprints of recipients; nothing is said if there are none
   */
  void unsealedFor(List<String> thumbprints) {
    if (!thumbprints.isEmpty()) {
      log.unsealedFor(thumbprints);
    }
  }

  void failed(Throwable failure) {
    log.failure(failure);
    KeyRingException.Reason reason =
        failure instanceof KeyRingException e ? e.reason() : KeyRingException.Reason.UNAVAILABLE;
    tell("failed", events -> events.failed(reason));
  }

  void alarms(EnumSet<KeyRingAlarm> now) {
    log.alarms(now);
    if (now.equals(alarms)) {
      return;
    }
    Set<KeyRingAlarm> before = alarms;
    alarms = Set.copyOf(now);
    for (KeyRingAlarm alarm : KeyRingAlarm.values()) {
      if (now.contains(alarm) && !before.contains(alarm)) {
        tell("alarmRaised", events -> events.alarmRaised(alarm));
      } else if (before.contains(alarm) && !now.contains(alarm)) {
        tell("alarmCleared", events -> events.alarmCleared(alarm));
      }
    }
  }

  /** Tells of keys whose phase is another than the last time; the first time of none. */
  void phases(KeyRingStatus status) {
    Map<String, KeyPhase> now = new HashMap<>();
    status.keys().forEach(key -> now.put(key.id(), key.phase()));
    Map<String, KeyPhase> before = phases;
    phases = now;
    if (before == null || before.equals(now)) {
      return;
    }
    now.forEach(
        (id, phase) -> {
          KeyPhase from = before.get(id);
          if (from != phase) {
            tell("phaseChanged", events -> events.phaseChanged(id, from, phase));
          }
        });
  }

  void unknownKey(Absence absence) {
    tell("unknownKey", events -> events.unknownKey(absence));
  }

  private void tell(String what, Consumer<KeyRingEvents> call) {
    for (KeyRingEvents events : listeners) {
      try {
        call.accept(events);
      } catch (RuntimeException | Error e) {
        // Errors too: an assertion of a listener must not end the thread that reads the ring.
        String whose = events.getClass().getName() + "." + what;
        if (threw.add(whose)) {
          LOGGER.log(System.Logger.Level.WARNING, whose + " threw, which is ignored", e);
        }
      }
    }
  }
}
