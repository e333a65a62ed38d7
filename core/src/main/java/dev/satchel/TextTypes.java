package dev.satchel;

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
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The built-in types that are written as one tagged string, such as {@code {"@uuid":"…"}}. The tags
 * are part of the token format (FORMAT.md §5): never change one, only add.
 */
@SuppressWarnings("JavaUtilDate") // applications of server-side sessions put them there
final class TextTypes {
  /** A number of more digits is refused: its arithmetic would cost more than its bytes suggest. */
  private static final int MAX_NUMBER_LENGTH = 200;

  private static final int MAX_SCALE = 1_000;

  /** How one type is written. */
  record TextType<T>(
      String tag, Class<T> type, Function<T, String> write, Function<String, T> read) {
    String text(Object value) {
      return write.apply(type.cast(value));
    }
  }

  private static final Map<Class<?>, TextType<?>> BY_CLASS = new HashMap<>();
  private static final Map<String, TextType<?>> BY_TAG = new HashMap<>();

  static {
    add("@byte", Byte.class, Object::toString, Byte::valueOf);
    add("@short", Short.class, Object::toString, Short::valueOf);
    add("@long", Long.class, Object::toString, Long::valueOf);
    add("@float", Float.class, Object::toString, Float::valueOf);
    add("@double", Double.class, Object::toString, Double::valueOf);
    add("@char", Character.class, Object::toString, TextTypes::character);
    addChecked("@dec", BigDecimal.class, BigDecimal::toString, TextTypes::decimal);
    addChecked(
        "@int", BigInteger.class, BigInteger::toString, text -> new BigInteger(bounded(text)));
    add("@bytes", byte[].class, Base64Url::encode, TextTypes::bytes);
    add("@uuid", UUID.class, UUID::toString, UUID::fromString);
    add("@uri", URI.class, URI::toString, URI::create);
    addChecked("@locale", Locale.class, Locale::toLanguageTag, Locale::forLanguageTag);
    add("@currency", Currency.class, Currency::getCurrencyCode, Currency::getInstance);
    add(
        "@date",
        Date.class,
        d -> Long.toString(d.getTime()),
        text -> new Date(Long.parseLong(text)));
    add("@instant", Instant.class, Instant::toString, Instant::parse);
    add("@duration", Duration.class, Duration::toString, Duration::parse);
    add("@period", Period.class, Period::toString, Period::parse);
    add("@ldate", LocalDate.class, LocalDate::toString, LocalDate::parse);
    add("@ltime", LocalTime.class, LocalTime::toString, LocalTime::parse);
    add("@ldt", LocalDateTime.class, LocalDateTime::toString, LocalDateTime::parse);
    add("@otime", OffsetTime.class, OffsetTime::toString, OffsetTime::parse);
    add("@odt", OffsetDateTime.class, OffsetDateTime::toString, OffsetDateTime::parse);
    add("@zdt", ZonedDateTime.class, ZonedDateTime::toString, ZonedDateTime::parse);
    add("@year", Year.class, Year::toString, text -> Year.of(Integer.parseInt(text)));
    add("@ym", YearMonth.class, TextTypes::yearMonth, YearMonth::parse);
    add("@md", MonthDay.class, MonthDay::toString, MonthDay::parse);
    add("@dow", DayOfWeek.class, DayOfWeek::name, DayOfWeek::valueOf);
    add("@month", Month.class, Month::name, Month::valueOf);
    add("@offset", ZoneOffset.class, ZoneOffset::getId, ZoneOffset::of);
    add("@zone", ZoneId.class, ZoneId::getId, ZoneId::of);
  }

  private TextTypes() {}

  private static <T> void add(
      String tag, Class<T> type, Function<T, String> write, Function<String, T> read) {
    TextType<T> textType = new TextType<>(tag, type, write, read);
    BY_CLASS.put(type, textType);
    BY_TAG.put(tag, textType);
  }

  /** For types some of whose values have no text that the reader takes for the same value. */
  private static <T> void addChecked(
      String tag, Class<T> type, Function<T, String> write, Function<String, T> read) {
    add(
        tag,
        type,
        value -> {
          String text = write.apply(value);
          if (!readsBack(value, text, read)) {
            throw new AttributeException(
                "a value of type " + type.getName() + " does not come back from its text form");
          }
          return text;
        },
        read);
  }

  private static <T> boolean readsBack(T value, String text, Function<String, T> read) {
    try {
      return value.equals(read.apply(text));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static @Nullable TextType<?> of(Object value) {
    // ZoneId is abstract and its region class is not public.
    Class<?> type =
        value instanceof ZoneId && !(value instanceof ZoneOffset) ? ZoneId.class : value.getClass();
    return BY_CLASS.get(type);
  }

  static @Nullable TextType<?> of(String tag) {
    return BY_TAG.get(tag);
  }

  /** {@code YearMonth.parse} wants the sign that {@code toString} leaves out. */
  private static String yearMonth(YearMonth value) {
    return value.getYear() > 9999 ? "+" + value : value.toString();
  }

  private static Character character(String text) {
    if (text.length() != 1) {
      throw new IllegalArgumentException("one character expected");
    }
    return text.charAt(0);
  }

  private static BigDecimal decimal(String text) {
    BigDecimal value = new BigDecimal(bounded(text));
    if (Math.abs((long) value.scale()) > MAX_SCALE) {
      throw new IllegalArgumentException("scale out of range");
    }
    return value;
  }

  private static String bounded(String text) {
    if (text.length() > MAX_NUMBER_LENGTH) {
      throw new IllegalArgumentException("number too long");
    }
    return text;
  }

  private static byte[] bytes(String text) {
    byte[] bytes = Base64Url.decode(text);
    if (bytes == null) {
      throw new IllegalArgumentException("not base64url");
    }
    return bytes;
  }
}
