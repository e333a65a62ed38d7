package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept between tokens is bounded, in one pair of hands at a time, and tells nothing on. */
class SparesTest {

  private static int kept(Spares<?> spares) {
    return Integer.parseInt(spares.toString().replaceAll("\\D", ""));
  }

  /** As many as processors, rounded up to a power of two, within 2 to 32. */
  private static int slots() {
    int slots = 2;
    while (slots < Math.min(32, Runtime.getRuntime().availableProcessors())) {
      slots *= 2;
    }
    return slots;
  }

  private static String forged(String token) {
    int at = token.lastIndexOf('.') + 1;
    return token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
  }

  @Test
  void spare_isTakenByOneAndKeptUpToABound() {
    Spares<Object> spares = new Spares<>();
    assertThat(spares.take()).isNull();
    Object one = new Object();
    spares.give(one);
    assertThat(spares.take()).isSameAs(one);
    assertThat(spares.take()).isNull();

    for (int i = 0; i < 10_000; i++) {
      spares.give(new Object());
    }

    assertThat(kept(spares))
        .isBetween(2, Math.max(2, 2 * Runtime.getRuntime().availableProcessors()));
    Set<Object> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Object spare = spares.take(); spare != null; spare = spares.take()) {
      assertThat(taken.add(spare)).isTrue();
    }
  }

  @Test
  void spare_amongManyThreads_isInOnePairOfHands() throws Exception {
    Spares<AtomicInteger> spares = new Spares<>();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> clashes = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        clashes.add(
            threads.submit(
                () -> {
                  int met = 0;
                  for (int i = 0; i < 20_000; i++) {
                    AtomicInteger users = spares.take();
                    if (users == null) {
                      users = new AtomicInteger();
                    }
                    met += users.incrementAndGet() == 1 ? 0 : 1;
                    users.decrementAndGet();
                    spares.give(users);
                  }
                  return met;
                }));
      }
      for (Future<Integer> met : clashes) {
        assertThat(met.get()).isZero();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "A256CBC_HS512", "A256KW"})
  void cipherThatThrew_isNotKept_andOneOfAWrappedKeyNever(TokenAlgorithm algorithm)
      throws Exception {
    Minter minter = new Minter(TestKeys.key(algorithm));
    WorkingKey key = minter.workingKey();
    PinnedHeader header = key.header(false);
    String token = minter.tokenOf("{}");
    int one = algorithm == TokenAlgorithm.A256KW ? 0 : 1;
    Segments segments = new Segments();

    byte[] payload = key.format().open(token, header, segments);
    assertThat(kept(key.opening())).isEqualTo(one);
    assertThat(kept(key.sealing())).isEqualTo(one);
    assertThatThrownBy(() -> key.format().open(forged(token), header, segments))
        .isInstanceOf(RejectedTokenException.class);
    assertThat(kept(key.opening())).isZero();
    assertThat(key.format().open(token, header, segments)).isEqualTo(payload);
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void codec_afterAnyRefusedToken_readsTheNextOne(TokenAlgorithm algorithm) {
    TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    SessionState state = codec.create().withAttribute("user", "alice");
    String token = codec.encode(state);
    List<String> bad = new ArrayList<>();
    for (int length = 0; length < token.length(); length += 7) {
      bad.add(token.substring(0, length));
      bad.add(token.substring(0, length) + '\u0100' + token.substring(length + 1));
      bad.add(token.substring(0, length) + '\u00c1' + token.substring(length + 1));
      bad.add(token.substring(0, length) + '=' + token.substring(length + 1));
      bad.add(token.substring(0, length) + "\ud83d\ude00" + token.substring(length));
      bad.add(token.substring(0, length) + '\ud83d' + token.substring(length + 1));
    }
    bad.add(forged(token));
    bad.add(token + '\ud83d');
    for (String refused : bad) {
      assertThat(codec.decode(refused)).as(refused).isInstanceOf(Decoded.Rejected.class);
      assertThat(TestKeys.accept(codec, token).state().attribute("user")).isEqualTo("alice");
    }
  }

  @Test
  void tokensOfAllLengths_leaveBehindWhatFewTokensNeed() throws Exception {
    TokenCodec codec = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();
    String token = codec.encode(codec.create());
    int body = token.lastIndexOf('.', token.lastIndexOf('.') - 1) + 1;
    for (int more = 0; token.length() + more <= TokenCodec.MAX_TOKEN_LENGTH; more += 4) {
      String longer = token.substring(0, body) + "AAAA".repeat(more / 4) + token.substring(body);
      assertThat(codec.decode(longer) instanceof Decoded.Accepted).isEqualTo(more == 0);
    }
    long kept =
        ReachableObjects.of(codec).stream()
            .mapToLong(
                object ->
                    object instanceof byte[] bytes
                        ? bytes.length
                        : object instanceof char[] characters ? 2L * characters.length : 0)
            .sum();
    // 16 arrays of at most 4 KiB, and four times the longest token.
    assertThat(kept).isLessThan(160 * 1024);
  }

  @Test
  void stuckGenerator_givesTheSameTokenAgain_andNoException() {
    // The JDK's cipher refuses the IV that it used last, which here is the same plaintext's.
    TokenCodec codec =
        TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).random(new StuckRandom()).build();
    SessionState state = codec.create();
    assertThat(codec.encode(state)).isEqualTo(codec.encode(state));
  }

  @Test
  void tenThousandVirtualThreads_getTheirOwnSession_andLeaveLittleBehind() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
    Method executor = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
    TokenCodec codec = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();
    SessionState state = codec.create();
    ExecutorService threads = (ExecutorService) executor.invoke(null);
    try {
      List<Future<Object>> read = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        String who = "user" + i;
        read.add(
            threads.submit(
                () -> {
                  String token = codec.encode(state.withAttribute("who", who));
                  Thread.yield();
                  return TestKeys.accept(codec, token).state().attribute("who");
                }));
      }
      for (int i = 0; i < read.size(); i++) {
        assertThat(read.get(i).get()).isEqualTo("user" + i);
      }
    } finally {
      threads.shutdownNow();
    }
    int kept = 0;
    for (Object object : ReachableObjects.of(codec)) {
      if (object instanceof Spares<?> spares) {
        assertThat(kept(spares)).isLessThanOrEqualTo(slots());
        kept += kept(spares);
      }
    }
    assertThat(kept).isPositive(); // or it was not there that we looked
  }

  /** Always the same bytes. */
  private static final class StuckRandom extends java.security.SecureRandom {
    private static final long serialVersionUID = 1L;

    @Override
    public void nextBytes(byte[] bytes) {
      java.util.Arrays.fill(bytes, (byte) 7);
    }
  }
}
