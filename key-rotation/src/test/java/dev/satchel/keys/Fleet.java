package dev.satchel.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Ten thousand nodes under the default policy in virtual time: what they ask of the store in each
 * second, and when each of them refuses a key that was revoked. Production key sources; the store
 * answers with a lag of up to P, as the policy allows. One seed, so the same figures every time.
 */
final class Fleet {
  static final int NODES = 10_000;

  private static final RotationPolicy POLICY = RotationPolicy.defaults();
  private static final Duration CHANGE = Duration.ofSeconds(80);
  private static final Duration END = Duration.ofSeconds(130);
  private static final Duration CUT_OFF_UNTIL = Duration.ofSeconds(120);

  private final VirtualTime time = new VirtualTime();
  private final Random random = new Random(4);
  private final KeyRingStore memory = new MemoryKeyRingStore(time::now);
  private final List<KeyRingStore.Stored> versions = new ArrayList<>();
  private final TreeMap<Long, int[]> requests = new TreeMap<>();
  private final List<Duration> latencies = new ArrayList<>();
  private String revoked = "";

  /** The table of the module's README. */
  String table() {
    KeyCustodian custodian =
        new KeyCustodian(
            memory,
            KeyEncryptionKey.insecurePlaintext(),
            null,
            time::now,
            new SeededRandom(random.nextLong()));
    custodian.creation("shop", POLICY).commit();
    keep();
    custodian.emergencyRotation().commit();
    keep();
    // Long ago, so that everybody reads the same.
    time.runUntil(time.now().plus(Duration.ofMinutes(5)));
    Instant start = time.now();
    for (int i = 0; i < NODES; i++) {
      Node node = new Node(i == 0);
      time.at(start, node::start); // The worst start: all in one moment.
    }
    time.at(
        start.plus(CHANGE),
        () -> {
          revoked = custodian.status().keys().get(0).id();
          custodian.revocation(Set.of(revoked)).commit();
          keep();
        });
    time.runUntil(start.plus(END));
    return render(start);
  }

  private void keep() {
    versions.add(memory.read().orElseThrow());
  }

  private Optional<KeyRingStore.Stored> seen() {
    long lag = (long) (random.nextDouble() * POLICY.propagation().toMillis());
    Instant at = time.now().minusMillis(lag);
    return versions.stream()
        .filter(version -> !version.committedAt().orElseThrow().isAfter(at))
        .reduce((first, last) -> last);
  }

  private void count(int kind) {
    requests.computeIfAbsent(time.now().getEpochSecond(), second -> new int[3])[kind]++;
  }

  private String render(Instant start) {
    latencies.sort(Duration::compareTo);
    long change = start.plus(CHANGE).getEpochSecond();
    long from = start.getEpochSecond();
    var table =
        new StringBuilder("| Requests to the store in a second | Reads | Probes | Reports |\n");
    table.append("|---|---|---|---|\n");
    table.append(row("the second in which all start", peak(from, from + 1)));
    table.append(row("worst of the minute after that", peak(from + 1, from + 60)));
    table.append(row("mean of the minute before the change", mean(change - 60, change)));
    table.append(row("worst of the twenty seconds after it", peak(change, change + 20)));
    table
        .append("\n| A revoked key is refused after | By so many of ")
        .append(number(NODES))
        .append(" nodes |\n");
    table.append("|---|---|\n");
    for (int bound = 5; bound <= 20; bound += 5) {
      Duration longest = Duration.ofSeconds(bound);
      long nodes = latencies.stream().filter(each -> each.compareTo(longest) <= 0).count();
      table.append("| ").append(bound).append(" s or less | ").append(number(nodes)).append(" |\n");
    }
    Duration last = latencies.get(latencies.size() - 1);
    table
        .append("| the one cut off, for ")
        .append(CUT_OFF_UNTIL.minus(CHANGE).toSeconds())
        .append(" s | after ")
        .append(String.format(Locale.ROOT, "%.1f", last.toMillis() / 1000.0))
        .append(" s |\n");
    return table.toString();
  }

  private static String row(String what, int[] counts) {
    return "| "
        + what
        + " | "
        + number(counts[0])
        + " | "
        + number(counts[1])
        + " | "
        + number(counts[2])
        + " |\n";
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private int[] peak(long from, long to) {
    return overSeconds(from, to, counts -> counts.stream().max(Integer::compare).orElse(0));
  }

  private int[] mean(long from, long to) {
    return overSeconds(
        from, to, counts -> (int) (counts.stream().mapToLong(each -> each).sum() / (to - from)));
  }

  private int[] overSeconds(long from, long to, Function<List<Integer>, Integer> summary) {
    int[] result = new int[3];
    for (int kind = 0; kind < 3; kind++) {
      int which = kind;
      result[kind] =
          summary.apply(
              requests.subMap(from, to).values().stream().map(counts -> counts[which]).toList());
    }
    return result;
  }

  Duration slowestThatReachedTheStore() {
    return latencies.get(latencies.size() - 2);
  }

  /** A reader, and its way to the store. */
  private final class Node implements KeyRingStore, NodeReports {
    private final boolean cutOff;
    private RotatingKeySource source;
    private boolean refuses;

    Node(boolean cutOff) {
      this.cutOff = cutOff;
    }

    void start() {
      source =
          RotatingKeySource.builder(this, KeyEncryptionKey.insecurePlaintext())
              .clock(time::now)
              .monotonicClock(() -> Duration.between(ManualTime.START, time.now()).toNanos())
              .random(new CopyableRandom(random.nextLong()))
              .node("node")
              .withoutThread()
              .build();
      tick();
    }

    private void tick() {
      long nanos = source.tick();
      if (!revoked.isEmpty() && !refuses && source.current().find(revoked).isEmpty()) {
        refuses = true;
        latencies.add(Duration.between(versions.get(2).committedAt().orElseThrow(), time.now()));
      }
      time.in(Duration.ofNanos(Math.max(1_000_000, nanos)), this::tick);
    }

    private void requireReachable() {
      Instant now = time.now();
      boolean after = versions.size() > 2;
      Instant until =
          after
              ? versions.get(2).committedAt().orElseThrow().plus(CUT_OFF_UNTIL.minus(CHANGE))
              : Instant.MIN;
      if (cutOff && now.isBefore(until)) {
        throw new KeyRingException(KeyRingException.Reason.UNAVAILABLE, "no answer");
      }
    }

    @Override
    public Optional<Stored> read() {
      requireReachable();
      count(0);
      return seen();
    }

    @Override
    public OptionalLong probe() {
      requireReachable();
      count(1);
      return seen().map(s -> OptionalLong.of(s.revision())).orElse(OptionalLong.empty());
    }

    @Override
    public Commit compareAndSet(long expectedRevision, byte[] document) {
      throw new AssertionError("a reader writes nothing");
    }

    @Override
    public Optional<Instant> time() {
      requireReachable();
      return Optional.of(time.now());
    }

    @Override
    public Optional<NodeReports> nodeReports() {
      return Optional.of(this);
    }

    @Override
    public void put(String node, String report) {
      count(2);
    }

    @Override
    public List<Kept> all() {
      return List.of();
    }

    @Override
    public void dropOlderThan(Duration age) {}

    @Override
    public void close() {}
  }
}
