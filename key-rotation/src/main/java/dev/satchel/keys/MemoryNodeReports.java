package dev.satchel.keys;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;

/** Reports that live and die with their process. */
final class MemoryNodeReports implements NodeReports {
  private final InstantSource clock;
  private final TreeMap<String, Kept> kept = new TreeMap<>();

  MemoryNodeReports(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void put(String node, String report) {
    if (kept.size() >= MAX_NODES && !kept.containsKey(node)) {
      throw new KeyRingException(
          KeyRingException.Reason.UNAVAILABLE, "reports of " + MAX_NODES + " nodes are kept");
    }
    kept.put(node, new Kept(node, clock.instant(), report));
  }

  @Override
  public synchronized List<Kept> all() {
    return List.copyOf(kept.values());
  }

  @Override
  public synchronized void dropOlderThan(Duration age) {
    Instant oldest = clock.instant().minus(age);
    kept.values().removeIf(report -> report.at().isBefore(oldest));
  }
}
