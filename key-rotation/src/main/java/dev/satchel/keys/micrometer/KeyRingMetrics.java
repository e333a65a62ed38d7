package dev.satchel.keys.micrometer;

import dev.satchel.KeySource.Absence;
import dev.satchel.keys.KeyPhase;
import dev.satchel.keys.KeyRingAlarm;
import dev.satchel.keys.KeyRingEvents;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.RotatingKeySource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a node's key ring is doing, as meters. Which of them to wake somebody for is in section h of
 * PROTOCOL.md.
 *
 * <pre>{@code
 * new KeyRingMetrics(source).bindTo(registry);
 * }</pre>
 *
 * <p>All have the tag {@code ring}, the ring's name. Other tags have no values but constants, so
 * that no client can make meters:
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>Name</th><th>Tag</th><th>Tells</th></tr>
 * <tr><td>{@code satchel.ring.health}</td><td></td><td>0 up, 1 degraded, 2 down</td></tr>
 * <tr><td>{@code satchel.ring.alarm}</td><td>{@code alarm}: a {@link
 *     KeyRingAlarm}</td><td>1 while it is raised, else 0</td></tr>
 * <tr><td>{@code satchel.ring.stale}</td><td></td><td>1 while the last read is longer ago than the
 *     staleness budget, else 0</td></tr>
 * <tr><td>{@code satchel.ring.epoch}</td><td></td><td>number of the document held</td></tr>
 * <tr><td>{@code satchel.ring.read.age}</td><td></td><td>time since the last good read
 *     began</td></tr>
 * <tr><td>{@code satchel.ring.signing.age}</td><td></td><td>time since the activation of the key
 *     that signs here</td></tr>
 * <tr><td>{@code satchel.ring.signing.left}</td><td></td><td>time until that key stops signing even
 *     without a successor</td></tr>
 * <tr><td>{@code satchel.ring.clock.offset}</td><td></td><td>how far this node's clock was ahead of
 *     the store's</td></tr>
 * <tr><td>{@code satchel.ring.reads}</td><td></td><td>good reads, and the time they took</td></tr>
 * <tr><td>{@code satchel.ring.failures}</td><td>{@code reason}: a {@link
 *     KeyRingException.Reason}</td><td>reads, probes and commits that failed, and reads
 *     and writes of revocations</td></tr>
 * <tr><td>{@code satchel.ring.phase.changes}</td><td>{@code to}: a {@link KeyPhase}</td><td>keys
 *     that came into a phase</td></tr>
 * <tr><td>{@code satchel.ring.unknown.keys}</td><td>{@code absence}: an {@link
 *     Absence}</td><td>tokens that named a key the ring lacks</td></tr>
 * <tr><td>{@code satchel.ring.revocations.held}</td><td>{@code of}: {@code session}, {@code
 *     subject}</td><td>whose revocation this node remembers, at most 2,097,152 of each</td></tr>
 * <tr><td>{@code satchel.ring.revocations.waiting}</td><td></td><td>revocations that the store does
 *     not have yet</td></tr>
 * <tr><td>{@code satchel.ring.revocations.forged}</td><td></td><td>records of revocations met since
 *     the start that no node of the ring made</td></tr>
 * </table>
 *
 * <p>Those of revocations are there where the source shares them. A gauge is NaN for what is not
 * there, such as the age of a key where none signs, or once the source is garbage. "Now" is the
 * registry's clock. Thread-safe; no meter does I/O.
 */
public final class KeyRingMetrics implements MeterBinder {
  private final RotatingKeySource source;
  private final Tags tags;
  private final Counts counts = new Counts();

  /** Meters of this source, counted from now on. One for each source: a second counts again. */
  public KeyRingMetrics(RotatingKeySource source) {
    this(source, Tags.empty());
  }

  /** As {@link #KeyRingMetrics(RotatingKeySource)}, with further tags. */
  public KeyRingMetrics(RotatingKeySource source, Iterable<Tag> tags) {
    this.source = Objects.requireNonNull(source, "source");
    this.tags = Tags.of("ring", source.status().ring()).and(tags);
    source.listen(counts);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bindHealth(registry);
    bindAges(registry);
    bindRevocations(registry);
    FunctionTimer.builder(
            "satchel.ring.reads",
            counts,
            all -> all.reads.sum(),
            all -> all.readNanos.sum(),
            TimeUnit.NANOSECONDS)
        .description("Good reads of the ring, and the time they took")
        .tags(tags)
        .register(registry);
    count(registry, "failures", "Reads, probes and commits that failed", "reason", counts.failures);
    count(registry, "phase.changes", "Keys that came into a phase", "to", counts.phases);
    String unknown = "Tokens that named a key which the ring lacks";
    count(registry, "unknown.keys", unknown, "absence", counts.unknown);
  }

  private void bindHealth(MeterRegistry registry) {
    gauge(registry, "health", "0 up, 1 degraded, 2 down", s -> s.health().status().ordinal());
    gauge(
        registry,
        "stale",
        "1 while the last read is longer ago than the staleness budget",
        s -> s.health().stale() ? 1 : 0);
    gauge(registry, "epoch", "Number of the document held", s -> (double) s.health().epoch());
    for (KeyRingAlarm alarm : KeyRingAlarm.values()) {
      Gauge.builder("satchel.ring.alarm", source, s -> s.health().alarms().contains(alarm) ? 1 : 0)
          .description("1 while it is raised")
          .tags(tags.and("alarm", alarm.name()))
          .register(registry);
    }
  }

  private void bindAges(MeterRegistry registry) {
    Function<Instant, Duration> age = at -> Duration.between(at, now(registry));
    time(
        registry,
        "read.age",
        "Time since the last good read began",
        s -> s.health().lastRead().map(age));
    time(
        registry,
        "signing.age",
        "Time since the activation of the key that signs here",
        s -> signing(s).map(KeyRingStatus.Key::activateAt).map(age));
    time(
        registry,
        "signing.left",
        "Time until the key that signs here stops, successor or not",
        s -> signing(s).map(key -> Duration.between(now(registry), key.notAfter())));
    time(
        registry,
        "clock.offset",
        "How far this node's clock was ahead of the store's when they were compared",
        s -> s.health().clockOffset());
  }

  private void bindRevocations(MeterRegistry registry) {
    if (source.revocationCounts().isEmpty()) {
      return;
    }
    String held = "Revocations that this node remembers";
    revocations(registry, "held", held, Tags.of("of", "session"), c -> c.sessions());
    revocations(registry, "held", held, Tags.of("of", "subject"), c -> c.subjects());
    String waiting = "Revocations that the store does not have yet";
    revocations(registry, "waiting", waiting, Tags.empty(), c -> c.waiting());
    String forged = "Records of revocations that no node of the ring made";
    revocations(registry, "forged", forged, Tags.empty(), c -> c.forged());
  }

  private void revocations(
      MeterRegistry registry,
      String name,
      String description,
      Tags more,
      ToDoubleFunction<RotatingKeySource.RevocationCounts> value) {
    Gauge.builder(
            "satchel.ring.revocations." + name,
            source,
            s -> s.revocationCounts().map(value::applyAsDouble).orElse(Double.NaN))
        .description(description)
        .tags(tags.and(more))
        .register(registry);
  }

  private static Instant now(MeterRegistry registry) {
    return Instant.ofEpochMilli(registry.config().clock().wallTime());
  }

  private static Optional<KeyRingStatus.Key> signing(RotatingKeySource source) {
    String id = source.health().issuing().orElse(null);
    return source.status().keys().stream().filter(key -> key.id().equals(id)).findFirst();
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      Function<RotatingKeySource, Number> value) {
    Gauge.builder("satchel.ring." + name, source, s -> value.apply(s).doubleValue())
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private void time(
      MeterRegistry registry,
      String name,
      String description,
      Function<RotatingKeySource, Optional<Duration>> value) {
    TimeGauge.builder(
            "satchel.ring." + name,
            source,
            TimeUnit.MILLISECONDS,
            s -> value.apply(s).map(time -> (double) time.toMillis()).orElse(Double.NaN))
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private <E extends Enum<E>> void count(
      MeterRegistry registry,
      String name,
      String description,
      String tag,
      Map<E, LongAdder> numbers) {
    numbers.forEach(
        (constant, number) ->
            FunctionCounter.builder("satchel.ring." + name, number, LongAdder::sum)
                .description(description)
                .tags(tags.and(tag, constant.name()))
                .register(registry));
  }

  /** Kept by the source, so for as long as there is something to count. */
  private static final class Counts implements KeyRingEvents {
    private final LongAdder reads = new LongAdder();
    private final LongAdder readNanos = new LongAdder();
    private final Map<KeyRingException.Reason, LongAdder> failures =
        adders(KeyRingException.Reason.class);
    private final Map<KeyPhase, LongAdder> phases = adders(KeyPhase.class);
    private final Map<Absence, LongAdder> unknown = adders(Absence.class);

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
      Map<E, LongAdder> adders = new EnumMap<>(type);
      for (E constant : type.getEnumConstants()) {
        adders.put(constant, new LongAdder());
      }
      return adders;
    }

    private static <E extends Enum<E>> void increment(Map<E, LongAdder> adders, E constant) {
      LongAdder adder = adders.get(constant);
      if (adder != null) {
        adder.increment();
      }
    }

    @Override
    public void read(long epoch, Duration took) {
      reads.increment();
      readNanos.add(took.toNanos());
    }

    @Override
    public void failed(KeyRingException.Reason reason) {
      increment(failures, reason);
    }

    @Override
    public void phaseChanged(String keyId, @Nullable KeyPhase from, KeyPhase to) {
      increment(phases, to);
    }

    @Override
    public void unknownKey(Absence absence) {
      increment(unknown, absence);
    }
  }
}
