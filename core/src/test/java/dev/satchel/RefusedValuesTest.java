package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused as an attribute, on the way out and on the way in. */
@SuppressWarnings("JavaUtilDate") // one of the built-in types
class RefusedValuesTest {
  private static final AttributeTypes TYPES = AttributeTypes.builtIn();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"@class\":\"javax.naming.InitialContext\"}",
        "{\"@type\":\"java.net.URL\",\"x\":1}",
        "{\"@unknown\":1}",
        "{\"#unknown\":1}",
        "{\"@set\":{}}",
        "{\"@set\":[1],\"x\":2}",
        "{\"@map\":[[1]]}",
        "{\"@map\":[[1,2,3]]}",
        "{\"@map\":[1]}",
        "{\"@map\":{\"a\":1}}",
        "{\"@strings\":[1]}",
        "{\"@strings\":[[\"a\"]]}",
        "{\"@uuid\":1}",
        "{\"@uuid\":null}",
        "{\"@uuid\":\"x\"}",
        "{\"@bytes\":\"AB\"}",
        "{\"@bytes\":\"A=\"}",
        "{\"@char\":\"ab\"}",
        "{\"@char\":\"\"}",
        "{\"@int\":\"1e5\"}",
        "{\"@dec\":\"1E+1000000000\"}",
        "{\"@dec\":\"1E-2147483647\"}",
        "{\"@uri\":\"a b\"}",
        "{\"@currency\":\"???\"}",
        "{\"@zone\":\"../../etc/passwd\"}",
        "{\"@dow\":\"FUNDAY\"}",
        "{\"@year\":\"99999999999\"}",
        "{\"@set\":1}",
        "null",
        "123456789012345678901234567890",
      })
  void storedForm_thatNoWriterWrites_isAnAttributeException(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> TYPES.read(new JsonSlice(bytes, 0, bytes.length)))
        .isInstanceOf(AttributeException.class);
  }

  static Stream<Object> valuesBeyondTheReadersBounds() {
    return Stream.of(
        BigInteger.TEN.pow(200),
        BigInteger.ONE.shiftLeft(4096),
        new BigDecimal(BigInteger.TEN.pow(300), 5),
        new BigDecimal("1E+1001"),
        new BigDecimal(BigInteger.ONE, Integer.MAX_VALUE),
        new BigDecimal(BigInteger.ONE, Integer.MIN_VALUE),
        new Locale("no", "NO", "NY"), // its language tag is that of another locale
        new Locale("de", "DE", "not a variant"));
  }

  @ParameterizedTest
  @MethodSource("valuesBeyondTheReadersBounds")
  void value_thatDoesNotComeBack_isNotWritten(Object value) {
    assertThatThrownBy(() -> TYPES.write(value)).isInstanceOf(AttributeException.class);
    assertThat(TYPES.canWrite(value)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {31, 32})
  void lists_nestedUpToTheBound_areWrittenAndRead(int depth) {
    Object value = "x";
    for (int i = 0; i < depth; i++) {
      value = List.of(value);
    }
    assertThat(TYPES.read(TYPES.write(value))).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(ints = {33, 34, 1001, 100_000})
  void lists_nestedDeeper_areRefused(int depth) {
    Object value = "x";
    for (int i = 0; i < depth; i++) {
      value = Collections.singletonList(value);
    }
    Object deep = value;
    assertThatThrownBy(() -> TYPES.write(deep))
        .isInstanceOf(AttributeException.class)
        .hasMessageContaining("32 levels");
  }

  @Test
  void list_thatContainsItself_isRefused() {
    List<Object> loop = new ArrayList<>();
    loop.add(loop);
    assertThatThrownBy(() -> TYPES.write(loop)).isInstanceOf(AttributeException.class);
    Map<String, Object> map = new HashMap<>();
    map.put("self", map);
    assertThatThrownBy(() -> TYPES.write(map)).isInstanceOf(AttributeException.class);
  }

  static Stream<Object> unregistered() {
    return Stream.of(
        new Object(),
        new int[] {1},
        Thread.State.NEW,
        new Date(0) {
          private static final long serialVersionUID = 1L;
        },
        new java.util.concurrent.atomic.AtomicInteger(1),
        new StringBuilder("x"),
        List.of(Map.of("deep", Set.of(new java.util.concurrent.atomic.AtomicLong(1)))),
        Class.class,
        new IllegalStateException("x"));
  }

  @ParameterizedTest
  @MethodSource("unregistered")
  void value_ofAnUnregisteredType_isRefusedByName(Object value) {
    assertThat(TYPES.canWrite(value)).isFalse();
    assertThatThrownBy(() -> TYPES.write(value))
        .isInstanceOf(AttributeException.class)
        .hasMessageContaining("is not registered; register it with");
  }
}
