package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("JavaUtilDate") // one of the built-in types
class BuiltInTypesTest {
  private static final AttributeTypes TYPES = AttributeTypes.builtIn();

  static Stream<Object> values() {
    return Stream.of(
        "",
        "text",
        "\u0000\u001f\"\\/",
        "é \u2028\u2029 \u202e",
        "\ud83d\ude00",
        "a\ud800",
        "\udc00\ud800",
        true,
        false,
        'x',
        '\u0000',
        '\ud800',
        '\uffff',
        (byte) -128,
        (byte) 127,
        (short) -32768,
        0,
        -1,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE,
        0L,
        1L,
        -1L,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        (long) Integer.MAX_VALUE + 1,
        0.0f,
        -0.0f,
        Float.MIN_VALUE,
        Float.MAX_VALUE,
        Float.NaN,
        Float.NEGATIVE_INFINITY,
        0.0,
        -0.0,
        1.0,
        0.1,
        1e100,
        -1e-100,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        4.9e-324,
        1.7976931348623157e308,
        BigInteger.ZERO,
        BigInteger.TEN.pow(199),
        BigInteger.TEN.pow(198).negate(),
        BigDecimal.ZERO,
        new BigDecimal("1.00"),
        new BigDecimal("-0.000001"),
        new BigDecimal("1E+1000"),
        new BigDecimal("1E-1000"),
        UUID.fromString("00000000-0000-0001-8000-00000000000f"),
        URI.create("https://user@example.org:8080/a%20b?c=d#e"),
        URI.create(""),
        URI.create("mailto:a@b"),
        URI.create("http://b\u00fccher.example/\u00e9"),
        Locale.ROOT,
        Locale.GERMANY,
        Locale.forLanguageTag("zh-Hant-TW"),
        Locale.forLanguageTag("de-DE-u-co-phonebk"),
        new Locale("de", "AT", "POSIX"),
        Currency.getInstance("EUR"),
        new Date(0),
        new Date(-1),
        new Date(Long.MAX_VALUE),
        Instant.EPOCH,
        Instant.MIN,
        Instant.MAX,
        Instant.ofEpochSecond(1, 1),
        Duration.ZERO,
        Duration.ofSeconds(-1, 1),
        Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
        Duration.ofSeconds(Long.MIN_VALUE),
        Period.ZERO,
        Period.of(1, -2, 3),
        Period.of(Integer.MAX_VALUE, 0, Integer.MIN_VALUE),
        LocalDate.MIN,
        LocalDate.MAX,
        LocalDate.of(2024, 2, 29),
        LocalTime.MIN,
        LocalTime.MAX,
        LocalTime.of(12, 30),
        LocalDateTime.MIN,
        LocalDateTime.MAX,
        OffsetTime.MIN,
        OffsetTime.MAX,
        OffsetDateTime.MIN,
        OffsetDateTime.MAX,
        ZonedDateTime.of(2025, 10, 26, 2, 30, 0, 0, ZoneId.of("Europe/Berlin")),
        ZonedDateTime.of(2025, 10, 26, 2, 30, 0, 0, ZoneId.of("Europe/Berlin"))
            .withLaterOffsetAtOverlap(),
        ZonedDateTime.of(2025, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC),
        ZonedDateTime.of(2025, 1, 1, 0, 0, 0, 0, ZoneId.of("UTC")),
        ZonedDateTime.of(2025, 1, 1, 0, 0, 0, 0, ZoneId.of("GMT0")),
        ZonedDateTime.of(2025, 1, 1, 0, 0, 0, 0, ZoneId.of("UTC+01:30")),
        Year.of(0),
        Year.of(Year.MIN_VALUE),
        Year.of(Year.MAX_VALUE),
        YearMonth.of(1, 1),
        YearMonth.of(Year.MAX_VALUE, 12),
        YearMonth.of(Year.MIN_VALUE, 1),
        MonthDay.of(2, 29),
        DayOfWeek.SUNDAY,
        Month.DECEMBER,
        ZoneOffset.UTC,
        ZoneOffset.MAX,
        ZoneOffset.ofHoursMinutesSeconds(-1, -2, -3),
        ZoneId.of("America/Argentina/Buenos_Aires"),
        ZoneId.of("UTC+01:00"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void value_ofABuiltInType_comesBackEqualAndOfItsType(Object value) {
    Object read = TYPES.read(TYPES.write(value));
    assertThat(read).isEqualTo(value);
    if (!(value instanceof ZoneId)) { // regions have a class that is not public
      assertThat(read).hasSameClassAs(value);
    }
    assertThat(TYPES.canWrite(value)).isTrue();
    // The same bytes again: what a comparison of serialized forms needs.
    assertThat(TYPES.write(read)).isEqualTo(TYPES.write(value));
    // And inside collections.
    List<Object> list = List.of(value, List.of(value), Map.of("k", value), Map.of(value, 1));
    assertThat(TYPES.read(TYPES.write(list))).isEqualTo(list);
  }

  @Test
  void value_ofEveryBuiltInTag_isTestedAbove() {
    Set<Class<?>> tested = new LinkedHashSet<>();
    values()
        .forEach(value -> tested.add(value instanceof ZoneId ? ZoneId.class : value.getClass()));
    for (String tag :
        List.of(
            "@byte",
            "@short",
            "@long",
            "@float",
            "@double",
            "@char",
            "@dec",
            "@int",
            "@uuid",
            "@uri",
            "@locale",
            "@currency",
            "@date",
            "@instant",
            "@duration",
            "@period",
            "@ldate",
            "@ltime",
            "@ldt",
            "@otime",
            "@odt",
            "@zdt",
            "@year",
            "@ym",
            "@md",
            "@dow",
            "@month",
            "@zone")) {
      assertThat(TextTypes.of(tag)).as(tag).isNotNull();
      assertThat(tested).contains(TextTypes.of(tag).type());
    }
  }

  @Test
  void bytesAndStrings_comeBackAsArrays() {
    for (byte[] bytes : new byte[][] {{}, {0}, {-1, 0, 1}, new byte[3000]}) {
      assertThat(TYPES.read(TYPES.write(bytes))).isEqualTo(bytes);
    }
    for (String[] strings : new String[][] {{}, {""}, {"a", null, "\ud800"}}) {
      assertThat(TYPES.read(TYPES.write(strings))).isEqualTo(strings);
    }
  }

  @Test
  void collections_comeBackInTheirOrder() {
    List<Object> withNull = new ArrayList<>(Arrays.asList(1, null, "x", List.of()));
    assertThat(TYPES.read(TYPES.write(withNull))).isInstanceOf(ArrayList.class).isEqualTo(withNull);
    Set<Object> set = new LinkedHashSet<>(Arrays.asList("z", null, "a", 1, 1L));
    Object read = TYPES.read(TYPES.write(set));
    assertThat(read).isInstanceOf(LinkedHashSet.class).isEqualTo(set);
    assertThat(List.copyOf(notNull((Set<?>) read))).isEqualTo(List.of("z", "a", 1, 1L));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", null);
    map.put("a", Map.of());
    assertThat((Map<?, ?>) TYPES.read(TYPES.write(map)))
        .isInstanceOf(LinkedHashMap.class)
        .isEqualTo(map);
    assertThat(TYPES.read(TYPES.write(Collections.unmodifiableList(withNull)))).isEqualTo(withNull);
  }

  private static Set<?> notNull(Set<?> set) {
    Set<Object> copy = new LinkedHashSet<>(set);
    copy.remove(null);
    return copy;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@class",
        "@type",
        "@set",
        "@map",
        "@bytes",
        "#x",
        "#",
        "@",
        "__proto__",
        "class",
        "constructor",
        "",
        "\u0000",
        "a\ud800",
        "\ud83d\ude00",
        "é",
        " ",
        "\u2028",
        "a.b",
        "\"",
        "\\"
      })
  void map_withThisKey_isPlainData(String key) {
    Map<String, Object> map = new HashMap<>();
    map.put(key, "java.net.URL");
    assertThat(TYPES.read(TYPES.write(map))).isEqualTo(map);
    map.put("other", List.of(Map.of(key, key)));
    assertThat(TYPES.read(TYPES.write(map))).isEqualTo(map);
    map.put(key, Map.of(key, Map.of(key, "x")));
    assertThat(TYPES.read(TYPES.write(map))).isEqualTo(map);
  }

  @Test
  void map_withKeysOfAnyType_comesBack() {
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put(1, "one");
    map.put(1L, "long one");
    map.put(null, "nothing");
    map.put(List.of(1, 2), "list");
    map.put(DayOfWeek.MONDAY, null);
    map.put("x".repeat(300), "long name");
    assertThat(TYPES.read(TYPES.write(map))).isEqualTo(map);
  }
}
