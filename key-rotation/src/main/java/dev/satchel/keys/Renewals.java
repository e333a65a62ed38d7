package dev.satchel.keys;

import dev.satchel.keys.Revocation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Which session's id this node has lately replaced by which. A sign-out at another node names the
 * id that it knew; who renewed the session meanwhile, before hearing of it, knows under which id it
 * has to end as well. Thread-safe.
 */
final class Renewals {
  /**
   * Far longer than a revocation takes to get here (PROTOCOL.md b.5), so that a store that is away
   * for minutes does not help a thief either.
   */
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  /** So many at most, the oldest go first: 100 a second for all that time, in some 12 MiB. */
  static final int MAX_RENEWALS = 1 << 16;

  private final LongSupplier nanos;
  private final int max;
  private final LinkedHashMap<Id, List<Renewal>> byFormerId = new LinkedHashMap<>();
  private int size;

  Renewals(LongSupplier nanos) {
    this(nanos, MAX_RENEWALS);
  }

  Renewals(LongSupplier nanos, int max) {
    this.nanos = nanos;
    this.max = max;
  }

  private record Id(long high, long low) {}

  private record Renewal(Revocation ended, long at) {}

  /**
   * Remembers a new id of a session. One id may get several, if requests that overlap renew it.
   *
   * @param former the end of the former id
   * @param next the end of the new one, should that turn out to be due
   */
  synchronized void add(Revocation former, Revocation next) {
    long now = nanos.getAsLong();
    byFormerId
        .computeIfAbsent(new Id(former.high(), former.low()), id -> new ArrayList<>(1))
        .add(new Renewal(next, now));
    size++;
    Iterator<List<Renewal>> oldest = byFormerId.values().iterator();
    while (oldest.hasNext()) {
      List<Renewal> renewals = oldest.next();
      if (size <= max && now - renewals.get(0).at() <= REMEMBERED.toNanos()) {
        return;
      }
      size -= renewals.size();
      oldest.remove();
    }
  }

  /** What else has to end as this session does. */
  synchronized List<Revocation> of(Revocation ended) {
    List<Renewal> renewals =
        ended.kind() == Kind.SESSION
            ? byFormerId.getOrDefault(new Id(ended.high(), ended.low()), List.of())
            : List.of();
    return renewals.stream().map(Renewal::ended).toList();
  }

  synchronized int size() {
    return size;
  }

  /** Counts only. */
  @Override
  public String toString() {
    return "Renewals[" + size() + "]";
  }
}
