package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.satchel.keys.Revocation.Kind;
import dev.satchel.keys.RevokedSessions.Taken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevokedSessionsTest {
  private static final Duration LIFE = Duration.ofHours(24);

  private static RevocationKeys keys() {
    return new RevocationKeys(new byte[32]);
  }

  private static Revocation session(long high, long low, long until) {
    return new Revocation(Kind.SESSION, high, low, until);
  }

  @Test
  void id_bits_areThoseOfBase64url() {
    var random = new SeededRandom(7);
    for (int i = 0; i < 1000; i++) {
      byte[] bits = new byte[16];
      random.nextBytes(bits);
      String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
      var expected = java.nio.ByteBuffer.wrap(bits);
      assertThat(Revocation.isSessionId(id)).isTrue();
      assertThat(Revocation.high(id)).isEqualTo(expected.getLong());
      assertThat(Revocation.low(id)).isEqualTo(expected.getLong());
    }
    for (String no :
        List.of("", "A".repeat(21), "A".repeat(23), "A".repeat(21) + "B", "é".repeat(22))) {
      assertThat(Revocation.isSessionId(no)).as(no).isFalse();
    }
  }

  /**
   * Whatever the order, the repetitions and the tables in between: what is known is, for each, the
   * latest date there was; and nothing is forgotten before its time, unless it is ended for
   * everybody.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void merging_isOrderless_andForgetsOnlyWhatIsOver(long seed) {
    var random = new Random(seed);
    var entries = new ArrayList<Revocation>();
    var expected = new HashMap<List<Object>, Long>();
    for (int i = 0; i < 3000; i++) {
      Kind kind = Kind.values()[random.nextInt(10) == 0 ? 2 : random.nextInt(2)];
      // Few keys, so that they meet; some share the bits by which they are placed.
      long high = kind == Kind.ALL ? 0 : random.nextInt(40);
      long low = kind == Kind.ALL ? 0 : (long) random.nextInt(40) << 8;
      long value = 1 + random.nextInt(kind == Kind.ALL ? 600_000 : 1_000_000);
      entries.add(new Revocation(kind, high, low, value));
      expected.merge(List.of(kind, high, low), value, Math::max);
    }
    expected.entrySet().removeIf(entry -> isEndedByAll(entry, expected));
    var one = new RevokedSessions(keys());
    var two = new RevokedSessions(keys());
    entries.forEach(one::add);
    Collections.shuffle(entries, random);
    entries.addAll(entries.subList(0, 500));
    entries.forEach(two::add);
    assertThat(all(one)).isEqualTo(expected);
    assertThat(all(two)).isEqualTo(expected);
    // Through records, as by the store, and back.
    var restored = new RevokedSessions(keys());
    var batch = new ArrayList<Revocation>();
    two.forEach(batch::add);
    for (int from = 0; from < batch.size(); from += RevocationKeys.MAX_ENTRIES) {
      List<Revocation> part =
          batch.subList(from, Math.min(batch.size(), from + RevocationKeys.MAX_ENTRIES));
      List<Revocation> read = keys().read(keys().record(part));
      assertThat(read).isEqualTo(part);
      part.forEach(restored::add);
    }
    assertThat(all(restored)).isEqualTo(expected);
    long now = 500_000;
    one.forget(now, LIFE);
    expected
        .entrySet()
        .removeIf(
            entry -> {
              Kind kind = (Kind) entry.getKey().get(0);
              return kind != Kind.ALL
                  && new Revocation(kind, 0, 0, entry.getValue()).overSecond(LIFE) <= now;
            });
    assertThat(all(one)).isEqualTo(expected);
  }

  /** Two units in one place of a record: who takes one for the other is told. */
  @Test
  void date_inTheOtherKindsUnit_isRefused() {
    assertThat(Revocation.ofSession(1, 1, 7).untilSecond()).isEqualTo(7);
    assertThat(Revocation.ofSubject(1, 1, 7_000).beforeMilli()).isEqualTo(7_000);
    assertThatIllegalStateException().isThrownBy(Revocation.ofSession(1, 1, 7)::beforeMilli);
    assertThatIllegalStateException().isThrownBy(Revocation.ofSubject(1, 1, 7)::untilSecond);
    assertThatIllegalStateException().isThrownBy(Revocation.ofAll(7)::untilSecond);
  }

  private static Map<List<Object>, Long> all(RevokedSessions revoked) {
    var all = new HashMap<List<Object>, Long>();
    revoked.forEach(e -> all.put(List.of(e.kind(), e.high(), e.low()), e.when()));
    all.entrySet().removeIf(entry -> isEndedByAll(entry, all));
    return all;
  }

  private static boolean isEndedByAll(
      Map.Entry<List<Object>, Long> entry, Map<List<Object>, Long> all) {
    long before = all.getOrDefault(List.<Object>of(Kind.ALL, 0L, 0L), 0L);
    return entry.getKey().get(0) == Kind.SUBJECT && entry.getValue() <= before;
  }

  /** What ends everybody makes room for subjects; of sessions nobody knows when they began. */
  @Test
  void all_makesSubjectsBeforeRedundant_andNoSession() {
    var revoked = new RevokedSessions(keys(), 10);
    for (int i = 0; i < 10; i++) {
      revoked.add(new Revocation(Kind.SUBJECT, i, i, 5_000_000_000L + i));
      revoked.add(session(i, i, 5_000_100));
    }
    assertThat(revoked.isNearlyFull()).isTrue();
    var more = new Revocation(Kind.SUBJECT, 99, 99, 5_000_000_100L);
    assertThat(revoked.add(more)).isEqualTo(Taken.FULL);
    revoked.add(new Revocation(Kind.ALL, 0, 0, 5_000_000_007L));
    revoked.forget(5_000_000, LIFE);
    assertThat(revoked.size(Kind.SUBJECT)).isEqualTo(2);
    assertThat(revoked.size(Kind.SESSION)).isEqualTo(10);
    assertThat(revoked.add(more)).isEqualTo(Taken.NEW);
    var redundant = new Revocation(Kind.SUBJECT, 3, 3, 5_000_000_007L);
    assertThat(revoked.has(redundant)).isTrue();
    assertThat(revoked.add(redundant)).isEqualTo(Taken.KNOWN);
  }

  @Test
  void full_refusesTheNew_andForgetsNobody() {
    var revoked = new RevokedSessions(keys(), 100);
    for (int i = 0; i < 100; i++) {
      assertThat(revoked.add(session(i, i, 10))).isEqualTo(Taken.NEW);
    }
    assertThat(revoked.add(session(100, 100, 10))).isEqualTo(Taken.FULL);
    assertThat(revoked.add(session(5, 5, 9))).isEqualTo(Taken.KNOWN);
    assertThat(revoked.add(session(5, 5, 11))).isEqualTo(Taken.NEW); // takes no room
    // A flood of one kind does not keep the others out.
    assertThat(revoked.add(new Revocation(Kind.SUBJECT, 1, 1, 1))).isEqualTo(Taken.NEW);
    assertThat(revoked.add(new Revocation(Kind.ALL, 0, 0, 1))).isEqualTo(Taken.NEW);
    for (int i = 0; i < 100; i++) {
      assertThat(revoked.has(session(i, i, 10))).isTrue();
    }
    revoked.forget(10, LIFE);
    assertThat(revoked.add(session(100, 100, 20))).isEqualTo(Taken.NEW);
  }

  /** There may be millions to look at, and nobody who signs out is to wait for that. */
  @Test
  void forEach_holdsUpNobodyWhoAdds() {
    var revoked = new RevokedSessions(keys());
    revoked.add(session(1, 1, 10));
    revoked.forEach(
        entry ->
            CompletableFuture.runAsync(() -> revoked.add(session(2, 2, 10)))
                .orTimeout(10, TimeUnit.SECONDS)
                .join());
    assertThat(revoked.size()).isEqualTo(2);
  }

  /** Whoever makes sessions and ends them, over and over, leaves room for those who sign out. */
  @Test
  void sessionsOfNobody_haveAQuarter() {
    var revoked = new RevokedSessions(keys(), 100);
    for (int i = 1; i <= 25; i++) {
      assertThat(revoked.add(session(i, i, 10), true)).isEqualTo(Taken.NEW);
    }
    assertThat(revoked.add(session(26, 26, 10), true)).isEqualTo(Taken.FULL);
    assertThat(revoked.add(session(25, 25, 11), true)).isEqualTo(Taken.NEW);
    for (int i = 26; i <= 100; i++) {
      assertThat(revoked.add(session(i, i, 10), false)).isEqualTo(Taken.NEW);
    }
    assertThat(revoked.add(session(101, 101, 10), false)).isEqualTo(Taken.FULL);
  }

  @Test
  void renewed_isDeniedUntilItsEnd_butNoEnd() {
    var revoked = new RevokedSessions(keys());
    var renewed = new Revocation(Kind.RENEWED, 7, 7, 20);
    assertThat(revoked.add(renewed)).isEqualTo(Taken.NEW);
    assertThat(revoked.add(renewed)).isEqualTo(Taken.KNOWN);
    assertThat(revoked.knows(7, 7)).isTrue();
    assertThat(revoked.isEnded(7, 7)).isFalse();
    assertThat(revoked.has(session(7, 7, 20))).isFalse();
    assertThat(revoked.add(session(7, 7, 10))).isEqualTo(Taken.NEW); // earlier, but an end
    assertThat(revoked.isEnded(7, 7)).isTrue();
    assertThat(revoked.add(renewed)).isEqualTo(Taken.KNOWN);
    assertThat(revoked.has(session(7, 7, 20))).isTrue();
    var all = new ArrayList<Revocation>();
    revoked.forEach(all::add);
    assertThat(all).containsExactly(session(7, 7, 20));
    revoked.forget(19, LIFE);
    assertThat(revoked.knows(7, 7)).isTrue();
    revoked.forget(20, LIFE);
    assertThat(revoked.knows(7, 7)).isFalse();
  }

  /** What it takes: counted, not measured. */
  @Test
  void room_isAtMost72BytesForEach() {
    var revoked = new RevokedSessions(keys());
    var random = new Random(1);
    long empty = revoked.bytes();
    double worst = 0;
    for (int i = 1; i <= 200_000; i++) {
      revoked.add(session(random.nextLong(), random.nextLong(), 10));
      if (i > 1000) {
        worst = Math.max(worst, (revoked.bytes() - empty) / (double) i);
      }
    }
    assertThat(worst).isLessThan(73);
    for (int i = 200_001; i <= 1_000_000; i++) {
      revoked.add(session(random.nextLong(), random.nextLong(), 10));
    }
    assertThat(revoked.size()).isEqualTo(1_000_000);
    assertThat(revoked.bytes() / 1_000_000.0).isLessThan(51);
  }

  /** Once revoked is revoked, for whoever looks while tables grow and are replaced. */
  @Test
  void readers_whileOneWrites_missNothing() throws Exception {
    var revoked = new RevokedSessions(keys());
    var written = new AtomicLong();
    var stop = new AtomicBoolean();
    var missed = new AtomicLong(-1);
    Thread reader =
        new Thread(
            () -> {
              var random = new Random(1);
              while (!stop.get() && missed.get() < 0) {
                long until = written.get();
                if (until > 0) {
                  long each = 1 + (long) (random.nextDouble() * until);
                  if (!revoked.knows(mixed(each), mixed(~each))) {
                    missed.set(each);
                  }
                }
              }
            });
    reader.start();
    for (long i = 1; i <= 300_000; i++) {
      revoked.add(session(mixed(i), mixed(~i), 10));
      written.set(i);
      if (i % 100_000 == 0) {
        revoked.forget(5, LIFE);
      }
    }
    stop.set(true);
    reader.join();
    assertThat(missed.get()).isEqualTo(-1);
  }

  /** SplitMix64, so that keys are as random as ids. */
  private static long mixed(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
