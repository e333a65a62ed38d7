package dev.satchel.benchmarks;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Token to session and back. Threads share one carrier, as they do in a server, and have a session
 * each; the floor, which is not thread-safe, is one per thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public abstract class CodecBenchmark {
  private static final Map<List<Object>, Carrier<?>> SHARED = new ConcurrentHashMap<>();

  /** The session. */
  @Param Sample sample;

  private Exercise<?> exercise;

  abstract Library library();

  abstract Profile profile();

  @Setup
  public void prepare() {
    InstantSource clock = InstantSource.system();
    Library library = library();
    Profile profile = profile();
    Carrier<?> carrier =
        library == Library.FLOOR
            ? library.carrier(profile, clock)
            : SHARED.computeIfAbsent(
                List.of(library, profile), any -> library.carrier(profile, clock));
    exercise = Exercise.of(carrier, sample.attributes());
  }

  @Benchmark
  public Object readOne() {
    return exercise.readOne();
  }

  @Benchmark
  public void readAll(Blackhole sink) {
    exercise.readAll(sink::consume);
  }

  @Benchmark
  public String writeOne() {
    return exercise.writeOne();
  }

  @Benchmark
  public String writeAll() {
    return exercise.writeAll();
  }
}
