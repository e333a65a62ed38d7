package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a session can be given, it can be read again: with values from a generator that repeats
 * itself, so that a failure can be looked at.
 */
class WrittenIsReadableTest {
  private static final int SESSIONS = 300;

  record Point(int x, String label) {}

  private final AttributeTypes types =
      AttributeTypes.builder().register("point", Point.class).build();
  private SeededRandom random = new SeededRandom("");

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void session_ofAnyAttributes_isReadAgain(TokenAlgorithm algorithm) {
    random = new SeededRandom("sessions " + algorithm);
    TokenCodec codec =
        TestKeys.codec(TestKeys.key(algorithm))
            .attributeTypes(types)
            .policy(SessionPolicy.defaults().withCompressionThreshold(200))
            .build();
    int written = 0;
    for (int i = 0; i < SESSIONS; i++) {
      SessionState state = codec.create();
      Map<String, Object> values = new LinkedHashMap<>();
      for (int n = random.nextInt(6); n > 0; n--) {
        String name = wellFormed(text(256));
        Object value = value(random.nextInt(5));
        try {
          state = state.withAttribute(name, value);
          values.put(name, value);
        } catch (AttributeException e) {
          assertThat(e).hasMessageContaining("32 levels");
        }
      }
      if (random.nextBoolean()) {
        state = state.withSubject("s" + text(100));
      }
      String token;
      try {
        token = codec.encode(state);
      } catch (SessionTooLargeException e) {
        continue;
      }
      written++;
      SessionState read = TestKeys.accept(codec, token).state();
      assertThat(read.subject()).isEqualTo(state.subject());
      assertThat(List.copyOf(read.attributeNames())).isEqualTo(List.copyOf(values.keySet()));
      values.forEach((name, value) -> assertThat(read.attribute(name)).isEqualTo(value));
    }
    assertThat(written).isGreaterThan(SESSIONS / 2);
  }

  private Object value(int depth) {
    int kinds = depth > 0 ? 17 : 12;
    return switch (random.nextInt(kinds)) {
      case 0 -> text(60);
      case 1 -> random.nextInt();
      case 2 -> random.nextLong() >> random.nextInt(64);
      case 3 -> Double.longBitsToDouble(random.nextLong());
      case 4 -> random.nextBoolean();
      case 5 ->
          new BigDecimal(new BigInteger(random.nextInt(600), random), random.nextInt(-999, 999));
      case 6 -> new UUID(random.nextLong(), random.nextLong());
      case 7 -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
      case 8 -> LocalDate.ofEpochDay(random.nextInt());
      case 9 -> (char) random.nextInt(0x10000);
      case 10 -> Float.intBitsToFloat(random.nextInt());
      case 11 -> new Point(random.nextInt(), wellFormed(text(10)));
      case 12, 13 -> elements(new ArrayList<>(), depth);
      case 14 -> elements(new LinkedHashSet<>(), depth);
      case 15 -> map(depth, false);
      default -> map(depth, true);
    };
  }

  private <C extends java.util.Collection<Object>> C elements(C into, int depth) {
    for (int n = random.nextInt(4); n > 0; n--) {
      into.add(random.nextInt(8) == 0 ? null : value(depth - 1));
    }
    return into;
  }

  private Map<Object, Object> map(int depth, boolean anyKeys) {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int n = random.nextInt(4); n > 0; n--) {
      map.put(anyKeys ? value(0) : text(300), random.nextInt(8) == 0 ? null : value(depth - 1));
    }
    return map;
  }

  /** Any UTF-16, also what is no text: half surrogate pairs, controls, our own tags. */
  private String text(int maxLength) {
    if (random.nextInt(10) == 0) {
      List<String> special = Arrays.asList("@set", "#point", "@class", "__proto__", "\u0000", "");
      return special.get(random.nextInt(special.size()));
    }
    int length = random.nextInt(random.nextInt(maxLength) + 1);
    int range = new int[] {0x20, 0x80, 0x800, 0x10000}[random.nextInt(4)];
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(
          (char)
              (range == 0x10000 && random.nextBoolean()
                  ? 0xd800 + random.nextInt(0x800)
                  : random.nextInt(range)));
    }
    return text.toString();
  }

  /** Jackson's own writer has no form for half a surrogate pair, and says so. */
  private static String wellFormed(String text) {
    return text.replaceAll("[\ud800-\udfff]", "?");
  }

  record Price(BigDecimal v) {}

  record Count(BigInteger v) {}

  private static final TokenCodec NUMBERS =
      TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM))
          .attributeTypes(
              AttributeTypes.builder()
                  .register("price", Price.class)
                  .register("count", Count.class)
                  .build())
          .build();

  /** Whether it was accepted, and then read again. */
  private static boolean isReadAgain(Object value) {
    SessionState state;
    try {
      state = NUMBERS.create().withAttribute("before", 1).withAttribute("n", value);
    } catch (AttributeException e) {
      return false;
    }
    SessionState read = TestKeys.accept(NUMBERS, NUMBERS.encode(state)).state();
    assertThat(read.attribute("n")).isEqualTo(value);
    assertThat(read.attribute("before")).isEqualTo(1);
    return true;
  }

  @Test
  void number_longerThanTheReaderTakes_isRefusedAtOnce() {
    for (Object value :
        List.of(
            new Price(new BigDecimal("0." + "3".repeat(63))),
            new Price(new BigDecimal(Math.nextUp(0x1p-11))),
            new Count(new BigInteger("-" + "7".repeat(64))))) {
      SessionState state = NUMBERS.create();
      assertThatThrownBy(() -> state.withAttribute("n", value))
          .as("%s", value)
          .isInstanceOf(AttributeException.class);
      assertThatThrownBy(() -> state.withAttribute("n", Map.of("m", List.of(value))))
          .as("%s in a list", value)
          .isInstanceOf(AttributeException.class);
    }
  }

  @Test
  void number_asLongAsTheReaderTakes_isReadAgain() {
    for (Object value :
        List.of(
            new Price(new BigDecimal("0." + "3".repeat(62))),
            new Price(new BigDecimal("-0." + "3".repeat(61))),
            new Count(new BigInteger("7".repeat(64))),
            new Count(new BigInteger("-" + "7".repeat(63))))) {
      assertThat(isReadAgain(value)).as("%s", value).isTrue();
      assertThat(isReadAgain(Map.of("m", List.of(value)))).as("%s in a list", value).isTrue();
    }
  }

  @Test
  void number_ofAnyLength_isRefusedAtOnceOrReadAgain() {
    int accepted = 0;
    int refused = 0;
    for (int digits = 50; digits < 75; digits++) {
      BigInteger whole = new BigInteger("7".repeat(digits));
      for (Object value :
          List.of(
              new Count(whole),
              new Count(whole.negate()),
              new Price(new BigDecimal(whole)),
              new Price(new BigDecimal(whole, digits)), // 0.777…
              new Price(new BigDecimal(whole.negate(), digits)),
              new Price(new BigDecimal(whole, 3)),
              new Price(new BigDecimal(whole, -10)), // 7.77…E+59
              new Price(new BigDecimal(whole.negate(), digits + 20)))) { // -7.77…E-21
        boolean isAccepted = isReadAgain(value);
        assertThat(isReadAgain(List.of(value))).as("%s", value).isEqualTo(isAccepted);
        accepted += isAccepted ? 1 : 0;
        refused += isAccepted ? 0 : 1;
      }
    }
    assertThat(accepted).isPositive();
    assertThat(refused).isPositive();
  }

  /** Names at every bound of the reader. */
  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "HS256"})
  void attributeName_ofTheGreatestLength_isReadAgain(TokenAlgorithm algorithm) {
    TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    for (String unit : Set.of("a", "\u0001", "é", "\u20ac", "\ud83d\ude00", "\"")) {
      String name = unit.repeat(256 / unit.length());
      SessionState state =
          codec.create().withAttribute(name, 1).withAttribute("m", Map.of(name, 2));
      SessionState read = TestKeys.accept(codec, codec.encode(state)).state();
      assertThat(read.attribute(name)).isEqualTo(1);
      assertThat(read.attribute("m")).isEqualTo(Map.of(name, 2));
    }
  }

  @Test
  void attributeName_withHalfASurrogatePair_isRefused() {
    // Jackson refuses such a name in whatever form, and with it the whole token.
    TokenCodec codec = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();
    for (String name : List.of("\ud800", "\udc00", "a\ud800b", "\udc00\ud800", "a\ud83d")) {
      assertThatThrownBy(() -> codec.create().withAttribute(name, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("attribute name has half of a surrogate pair");
    }
  }
}
