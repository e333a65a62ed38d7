package dev.satchel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is measured does the work that it is measured for. */
class LibraryTest {
  private static final Instant START = Instant.parse("2026-06-01T12:00:00.345Z");

  private Instant now = START;
  private final InstantSource clock = () -> now;

  static Stream<Arguments> everyProfile() {
    return Stream.of(Library.values())
        .flatMap(
            library ->
                Stream.of(Profile.values())
                    .filter(library::has)
                    .map(profile -> Arguments.of(library, profile)));
  }

  static Stream<Arguments> everyProfileOfALibrary() {
    return everyProfile().filter(arguments -> arguments.get()[0] != Library.FLOOR);
  }

  @ParameterizedTest
  @MethodSource("everyProfileOfALibrary")
  void carriesEverySample(Library library, Profile profile) {
    for (Sample sample : Sample.values()) {
      assertThat(roundTrip(library.carrier(profile, clock), sample.attributes()))
          .as("%s", sample)
          .isEqualTo(sample.attributes());
    }
  }

  private static <T> Map<String, Object> roundTrip(
      Carrier<T> carrier, Map<String, Object> attributes) {
    T session = carrier.decode(carrier.encode(carrier.create(attributes)));
    Map<String, Object> read = new LinkedHashMap<>();
    carrier.names(session).forEach(name -> read.put(name, carrier.attribute(session, name)));
    return read;
  }

  @ParameterizedTest
  @MethodSource("everyProfile")
  void everyExerciseWorks(Library library, Profile profile) {
    Exercise<?> exercise = Exercise.of(library.carrier(profile, clock), Sample.M.attributes());
    List<Object> read = new ArrayList<>();
    exercise.readAll(read::add);
    if (library == Library.FLOOR) {
      assertThat(new String((byte[]) exercise.readOne(), java.nio.charset.StandardCharsets.UTF_8))
          .contains("\"user\":\"u-18234\"");
    } else {
      assertThat(exercise.readOne()).isEqualTo("u-18234");
      assertThat(read).hasSize(13);
    }
    assertThat(exercise.writeOne()).startsWith("ey");
    assertThat(exercise.writeAll()).startsWith("ey");
  }

  @ParameterizedTest
  @MethodSource("everyProfileOfALibrary")
  void refusesWhatSatchelRefuses(Library library, Profile profile) {
    Carrier<?> carrier = library.carrier(profile, clock);
    String token = Exercise.of(carrier, Sample.S.attributes()).token();

    char last = token.charAt(token.length() - 3);
    String forged =
        token.substring(0, token.length() - 3)
            + (last == 'A' ? 'B' : 'A')
            + token.substring(token.length() - 2);
    assertThatThrownBy(() -> carrier.decode(forged)).isInstanceOf(IllegalArgumentException.class);

    now = START.plus(Duration.ofMinutes(31));
    assertThatThrownBy(() -> carrier.decode(token))
        .as("idle")
        .isInstanceOf(IllegalArgumentException.class);
    now = START.plus(Duration.ofHours(9));
    assertThatThrownBy(() -> carrier.decode(token))
        .as("expired")
        .isInstanceOf(IllegalArgumentException.class);
    now = START.minus(Duration.ofHours(1));
    assertThatThrownBy(() -> carrier.decode(token))
        .as("of the future")
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "A256GCM_DEF")
  void theFloorHasSatchelsBytes(Profile profile) {
    for (Sample sample : Sample.values()) {
      assertThat(Exercise.of(Library.FLOOR.carrier(profile, clock), sample.attributes()).token())
          .hasSameSizeAs(
              Exercise.of(Library.SATCHEL.carrier(profile, clock), sample.attributes()).token());
    }
  }

  @ParameterizedTest
  @MethodSource("everyProfile")
  void everyBenchmarkRuns(Library library, Profile profile) {
    CodecBenchmark benchmark;
    if (profile.sealed()) {
      SealedBenchmark sealed = new SealedBenchmark();
      sealed.library = library;
      sealed.profile = profile;
      benchmark = sealed;
    } else if (profile == Profile.ED25519) {
      Ed25519Benchmark signed = new Ed25519Benchmark();
      signed.library = library;
      benchmark = signed;
    } else {
      SignedBenchmark signed = new SignedBenchmark();
      signed.library = library;
      signed.profile = profile;
      benchmark = signed;
    }
    benchmark.sample = Sample.S;
    benchmark.prepare();
    assertThat(benchmark.readOne()).isNotNull();
    assertThat(benchmark.writeOne()).isNotBlank();
    assertThat(benchmark.writeAll()).isNotBlank();
  }
}
