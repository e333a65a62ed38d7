package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What every store does that keeps revocations; none of it touches the ring. */
public interface RevocationLogContract {

  /** A new handle on this test's place, whose ring is there. */
  RevocationLog revocations() throws Exception;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Instant later() {
    return Instant.now().plusSeconds(3600);
  }

  private static List<String> texts(List<RevocationLog.Kept> kept) {
    return kept.stream().map(k -> new String(k.record(), StandardCharsets.ISO_8859_1)).toList();
  }

  @Test
  default void revocations_none_isEmpty() throws Exception {
    assertThat(revocations().from(1, RevocationLog.MAX_RECORDS)).isEmpty();
    revocations().dropExpired();
  }

  @Test
  default void revocations_inOrderFromAPosition_andNoMoreThanAskedFor() throws Exception {
    for (String record : List.of("one", "two", "three", "four")) {
      revocations().append(bytes(record), later());
    }
    List<RevocationLog.Kept> all = revocations().from(1, RevocationLog.MAX_RECORDS);
    assertThat(texts(all)).containsExactly("one", "two", "three", "four");
    assertThat(all).extracting(RevocationLog.Kept::position).isSorted().doesNotHaveDuplicates();
    long third = all.get(2).position();
    assertThat(texts(revocations().from(third, 10))).containsExactly("three", "four");
    assertThat(texts(revocations().from(third, 1))).containsExactly("three");
    assertThat(revocations().from(all.get(3).position() + 1, 10)).isEmpty();
  }

  @Test
  default void revocations_anyBytesUpToTheMost_comeBackExactly() throws Exception {
    byte[] largest = new byte[RevocationLog.MAX_BYTES];
    new SeededRandom(1).nextBytes(largest);
    byte[] smallest = {0};
    revocations().append(largest, later());
    revocations().append(smallest, later());
    List<RevocationLog.Kept> all = revocations().from(1, 10);
    assertThat(all.get(0).record()).isEqualTo(largest);
    assertThat(all.get(1).record()).isEqualTo(smallest);
    for (int size : new int[] {0, RevocationLog.MAX_BYTES + 1}) {
      assertThatThrownBy(() -> revocations().append(new byte[size], later()))
          .isInstanceOfSatisfying(
              KeyRingException.class,
              e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNAVAILABLE))
          .hasMessageContaining("of " + size + " bytes");
    }
    assertThat(revocations().from(1, 10)).hasSize(2);
  }

  @Test
  default void revocations_outOfDate_go_butNotTheLast_andNoPositionComesTwice() throws Exception {
    Instant past = Instant.now().minusSeconds(3600);
    revocations().append(bytes("old"), past);
    revocations().append(bytes("living"), later());
    revocations().append(bytes("old too"), past);
    revocations().append(bytes("last"), past);
    long last = revocations().from(1, 10).get(3).position();
    revocations().dropExpired();
    assertThat(texts(revocations().from(1, 10))).containsExactly("living", "last");
    revocations().append(bytes("next"), later());
    revocations().dropExpired();
    List<RevocationLog.Kept> left = revocations().from(1, 10);
    assertThat(texts(left)).containsExactly("living", "next");
    assertThat(left.get(1).position()).isGreaterThan(last);
  }

  /** A position that is seen before one below it would make whoever reads on miss that. */
  @Test
  default void revocations_byManyAtOnce_whoReadsOnMissesNone() throws Exception {
    // So many that InnoDB's deadlocks starve a writer who tries again without a pause.
    int writers = 12;
    int each = 15;
    ExecutorService pool = Executors.newFixedThreadPool(writers + 1);
    try {
      var done = new AtomicBoolean();
      RevocationLog reading = revocations();
      Future<List<String>> reader =
          pool.submit(
              () -> {
                var seen = new ArrayList<String>();
                long position = 1;
                while (true) {
                  boolean last = done.get();
                  for (RevocationLog.Kept kept : reading.from(position, 7)) {
                    seen.add(new String(kept.record(), StandardCharsets.ISO_8859_1));
                    position = kept.position() + 1;
                  }
                  if (last && reading.from(position, 1).isEmpty()) {
                    return seen;
                  }
                }
              });
      var writing = new ArrayList<Callable<Void>>();
      Set<String> expected = new HashSet<>();
      for (int writer = 0; writer < writers; writer++) {
        RevocationLog log = revocations();
        String name = "w" + writer + ".";
        for (int i = 0; i < each; i++) {
          expected.add(name + i);
        }
        writing.add(
            () -> {
              for (int i = 0; i < each; i++) {
                log.append(bytes(name + i), later());
              }
              return null;
            });
      }
      for (Future<Void> written : pool.invokeAll(writing)) {
        written.get();
      }
      done.set(true);
      assertThat(new HashSet<>(reader.get())).isEqualTo(expected);
    } finally {
      pool.shutdownNow();
    }
  }
}
