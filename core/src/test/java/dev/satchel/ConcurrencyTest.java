package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConcurrencyTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 60;

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void codec_usedByManyThreadsWhileTheRingTurns_mixesNothingUp(TokenAlgorithm algorithm)
      throws Exception {
    SessionKey one = TestKeys.key("test-1", algorithm);
    SessionKey two = TestKeys.key("test-2", algorithm);
    AtomicReference<KeyRing> ring = new AtomicReference<>(KeyRing.of(one, two));
    TokenCodec codec = TestKeys.codec(ring::get, () -> TestKeys.NOW).build();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Integer>> results = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        String user = "user" + t;
        results.add(
            threads.submit(
                () -> {
                  start.await();
                  return use(codec, user, ring, KeyRing.of(two, one), KeyRing.of(one, two));
                }));
      }
      start.countDown();
      for (Future<Integer> result : results) {
        assertThat(result.get()).isEqualTo(ROUNDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static int use(
      TokenCodec codec, String user, AtomicReference<KeyRing> ring, KeyRing... next) {
    SessionState state = codec.create().withSubject(user);
    int accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      if (i % 20 == 0) {
        ring.set(next[i / 20 % next.length]);
      }
      String token = codec.encode(state.withAttribute("n", i).withAttribute("who", user));
      state = TestKeys.accept(codec, token).state();
      assertThat(state.subject()).contains(user);
      assertThat(state.attribute("n")).isEqualTo(i);
      assertThat(state.attribute("who")).isEqualTo(user);
      accepted++;
    }
    return accepted;
  }
}
