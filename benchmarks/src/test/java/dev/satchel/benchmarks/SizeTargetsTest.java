package dev.satchel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The targets for bytes on the wire, held by counting: they do not hang on the machine. */
class SizeTargetsTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:30:00.345Z");

  /** Characters of the token that is written some time after the session was created. */
  private static int length(Library library, Profile profile, Sample sample, Duration age) {
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    return length(library.carrier(profile, now::get), sample, now, age);
  }

  private static <T> int length(
      Carrier<T> carrier, Sample sample, AtomicReference<Instant> now, Duration age) {
    T session = carrier.create(sample.attributes());
    now.set(NOW.plus(age));
    return carrier.encode(session).length();
  }

  private static int smallestPeer(Profile profile, Sample sample, Duration age) {
    return Arrays.stream(Library.values())
        .filter(library -> library != Library.SATCHEL && library != Library.FLOOR)
        .filter(library -> library.has(profile))
        .mapToInt(library -> length(library, profile, sample, age))
        .min()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "S, PT0S",
    "M, PT0S",
    "L, PT0S",
    "XL, PT0S",
    "S, PT5M",
    "M, PT5M",
    "L, PT5M",
    "XL, PT5M"
  })
  void token_isNotLongerThanAnyJoseLibrarys(Sample sample, Duration age) {
    assertThat(length(Library.SATCHEL, Profile.A256GCM_DEF, sample, age))
        .isLessThanOrEqualTo(smallestPeer(Profile.A256GCM, sample, age));
    assertThat(length(Library.SATCHEL, Profile.HS256, sample, age))
        .isLessThanOrEqualTo(smallestPeer(Profile.HS256, sample, age));
  }

  @Test
  void cart_compressed_isLessThanHalfOfAnyUncompressedToken() {
    assertThat(length(Library.SATCHEL, Profile.A256GCM_DEF, Sample.XL, Duration.ZERO))
        .isLessThanOrEqualTo(45 * smallestPeer(Profile.A256GCM, Sample.XL, Duration.ZERO) / 100);
  }
}
