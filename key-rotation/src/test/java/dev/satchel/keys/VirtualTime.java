package dev.satchel.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/**
 * True time, which passes only from one event to the next. One thread; events of one instant in
 * order.
 */
final class VirtualTime {
  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private Instant now = ManualTime.START;
  private long events;

  Instant now() {
    return now;
  }

  void in(Duration delay, Runnable action) {
    queue.add(new Event(now.plus(delay), events++, action));
  }

  /** At this instant, or now if it is past. */
  void at(Instant instant, Runnable action) {
    queue.add(new Event(instant, events++, action));
  }

  /** May be called by an event: what sleeps there, sleeps while everybody else goes on. */
  void runUntil(Instant end) {
    while (!queue.isEmpty() && !queue.peek().at().isAfter(end)) {
      Event event = queue.poll();
      if (event.at().isAfter(now)) {
        now = event.at();
      }
      event.action().run();
    }
    if (end.isAfter(now)) {
      now = end;
    }
  }

  private record Event(Instant at, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int earlier = at.compareTo(other.at);
      return earlier != 0 ? earlier : Long.compare(number, other.number);
    }
  }
}
