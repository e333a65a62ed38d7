package dev.satchel.keys;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Records that live and die with their process. */
final class MemoryRevocationLog implements RevocationLog {
  private final InstantSource clock;
  private final TreeMap<Long, Dated> records = new TreeMap<>();

  MemoryRevocationLog(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void append(byte[] record, Instant until) {
    if (record.length == 0 || record.length > MAX_BYTES) {
      throw new KeyRingException(
          KeyRingException.Reason.UNAVAILABLE,
          "memory: a record of " + record.length + " bytes, allowed are 1 to " + MAX_BYTES);
    }
    records.put(records.isEmpty() ? 1 : records.lastKey() + 1, new Dated(record.clone(), until));
  }

  @Override
  public synchronized List<Kept> from(long position, int limit) {
    return records.tailMap(position, true).entrySet().stream()
        .limit(limit)
        .map(entry -> new Kept(entry.getKey(), entry.getValue().record()))
        .toList();
  }

  @Override
  public synchronized void dropExpired() {
    Instant now = clock.instant();
    Map.Entry<Long, Dated> last = records.lastEntry();
    if (last != null) {
      records.headMap(last.getKey()).values().removeIf(dated -> !dated.until().isAfter(now));
    }
  }

  // Never compared.
  private record Dated(@SuppressWarnings("ArrayRecordComponent") byte[] record, Instant until) {}
}
