package dev.satchel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The payload: a session as the JSON of JWT claims (FORMAT.md §4). Names are short, every byte is
 * paid twice per request.
 */
final class Claims {
  private static final String ID = "jti"; // RFC 7519 §4.1.7
  private static final String ISSUED_AT = "iat"; // RFC 7519 §4.1.6
  private static final String EXPIRES_AT = "exp"; // RFC 7519 §4.1.4
  private static final String SUBJECT = "sub"; // RFC 7519 §4.1.2
  private static final String AUDIENCE = "aud"; // RFC 7519 §4.1.3
  private static final String LAST_ACCESS = "la"; // private: milliseconds after iat
  private static final String MAX_INACTIVE = "mi"; // private: seconds, 0 for ever
  private static final String ATTRIBUTES = "a"; // private: object of attributes

  private static final int ID_LENGTH = 22; // 128 bits in base64url
  private static final int LARGEST = 5; // attributes named when a session is too large

  private final String audience;
  private final AttributeTypes types;

  Claims(TokenContext context, AttributeTypes types) {
    this.audience = context.toString();
    this.types = types;
  }

  /**
   * One piece of the payload, compressed on its own or not at all.
   *
   * @param attribute the attribute's name; null for the claims around the attributes
   */
  record Piece(@Nullable String attribute, byte[] bytes) {}

  /** The payload in pieces: the claims, one piece per attribute, the end. */
  List<Piece> write(SessionState state, boolean withAudience) {
    List<Piece> pieces = new ArrayList<>(state.attributes().size() + 2);
    pieces.add(new Piece(null, head(state, withAudience)));
    String separator = "";
    for (Map.Entry<String, JsonSlice> attribute : state.attributes().entrySet()) {
      JsonSlice value = attribute.getValue();
      byte[] name =
          (separator + StrictJson.quote(attribute.getKey()) + ":").getBytes(StandardCharsets.UTF_8);
      byte[] piece = Arrays.copyOf(name, name.length + value.length());
      System.arraycopy(value.buffer(), value.offset(), piece, name.length, value.length());
      pieces.add(new Piece(attribute.getKey(), piece));
      separator = ",";
    }
    pieces.add(new Piece(null, new byte[] {'}', '}'}));
    return pieces;
  }

  private byte[] head(SessionState state, boolean withAudience) {
    StringBuilder json = new StringBuilder(128);
    json.append("{\"jti\":\"").append(state.id()).append("\",\"iat\":");
    appendNumericDate(json, state.createdAt());
    json.append(",\"exp\":").append(state.expiresAt().getEpochSecond());
    json.append(",\"la\":")
        .append(Duration.between(state.createdAt(), state.lastAccessedAt()).toMillis());
    json.append(",\"mi\":").append(state.maxInactiveInterval().toSeconds());
    String subject = state.subjectOrNull();
    if (subject != null) {
      json.append(",\"sub\":").append(StrictJson.quote(subject));
    }
    if (withAudience) {
      json.append(",\"aud\":\"").append(audience).append('"');
    }
    json.append(",\"a\":{");
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** RFC 7519 §2: seconds, with a fraction where there is one. */
  private static void appendNumericDate(StringBuilder json, Instant instant) {
    json.append(instant.getEpochSecond());
    int millis = instant.getNano() / 1_000_000;
    if (millis > 0) {
      json.append('.').append(Integer.toString(1000 + millis), 1, 4);
    }
  }

  static byte[] join(List<Piece> pieces) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream(512);
    for (Piece piece : pieces) {
      joined.writeBytes(piece.bytes());
    }
    return joined.toByteArray();
  }

  /** The largest attributes by serialized size, largest first. */
  static Map<String, Integer> largest(SessionState state) {
    Map<String, Integer> largest = new LinkedHashMap<>();
    state.attributes().entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<String, JsonSlice> e) -> e.getValue().length())
                .reversed())
        .limit(LARGEST)
        .forEach(e -> largest.put(e.getKey(), e.getValue().length()));
    return largest;
  }

  /**
   * Reads an authentic payload. Attributes become slices of it, their content is only checked to be
   * JSON.
   */
  SessionState read(byte[] payload, boolean withAudience) throws RejectedTokenException {
    // FORMAT.md §4: neither white space nor a byte order mark in front.
    if (payload.length < 2 || payload[0] != '{' || payload[1] != '"') {
      throw new RejectedTokenException(Rejection.UNREADABLE);
    }
    try {
      PayloadScanner json = new PayloadScanner(payload);
      Values values = new Values();
      json.enterObject();
      for (String name = json.nextName(true); name != null; name = json.nextName(false)) {
        if (!values.names.add(name)) {
          throw new IllegalArgumentException("a claim stands there twice"); // RFC 7519 §4
        }
        readClaim(json, name, values, payload);
      }
      json.finish(); // nothing but the padding's white space
      // RFC 8725 §3.9. For symmetric keys the context is in the key derivation, and no byte is
      // spent.
      if (withAudience && !audience.equals(values.audience)) {
        throw new RejectedTokenException(Rejection.WRONG_CONTEXT);
      }
      return state(values);
    } catch (RuntimeException e) {
      // Of the scanner, of Instant, of Math: whoever holds a key can write anything.
      throw new RejectedTokenException(Rejection.UNREADABLE);
    }
  }

  private SessionState state(Values values) {
    Instant createdAt = Objects.requireNonNullElseGet(values.createdAt, Claims::missing);
    Instant expiresAt = Objects.requireNonNullElseGet(values.expiresAt, Claims::missing);
    long lastAccess = Objects.requireNonNullElseGet(values.lastAccess, Claims::missing);
    long maxInactive = Objects.requireNonNullElseGet(values.maxInactive, Claims::missing);
    return new SessionState(
        Objects.requireNonNullElseGet(values.id, Claims::missing),
        createdAt,
        createdAt.plusMillis(lastAccess),
        expiresAt,
        Duration.ofSeconds(maxInactive),
        values.subject,
        Objects.requireNonNullElseGet(values.attributes, Claims::missing),
        types);
  }

  private static <T> T missing() {
    throw new IllegalArgumentException("claim missing");
  }

  private void readClaim(PayloadScanner json, String name, Values values, byte[] payload) {
    switch (name) {
      case ID -> values.id = id(json.string());
      case SUBJECT -> values.subject = json.string();
      case AUDIENCE -> values.audience = json.string();
      case ISSUED_AT -> values.createdAt = numericDate(json.number());
      case EXPIRES_AT -> values.expiresAt = Instant.ofEpochSecond(integer(json.number(), 11));
      case LAST_ACCESS -> values.lastAccess = integer(json.number(), 13);
      case MAX_INACTIVE -> values.maxInactive = (long) Math.toIntExact(integer(json.number(), 10));
      case ATTRIBUTES -> values.attributes = attributes(json, payload);
      default -> json.skipValue(); // a later release's claim
    }
  }

  private static Map<String, JsonSlice> attributes(PayloadScanner json, byte[] payload) {
    Map<String, JsonSlice> attributes = new LinkedHashMap<>();
    json.enterObject();
    for (String name = json.nextName(true); name != null; name = json.nextName(false)) {
      int start = json.position();
      json.skipAttribute();
      JsonSlice value = new JsonSlice(payload, start, json.position() - start);
      if (attributes.put(name, value) != null) {
        throw new IllegalArgumentException("an attribute stands there twice");
      }
    }
    return attributes;
  }

  private static String id(String text) {
    byte[] bytes = text.length() == ID_LENGTH ? Base64Url.decode(text) : null;
    if (bytes == null) {
      throw new IllegalArgumentException("session id malformed");
    }
    return text;
  }

  /**
   * At most 11 digits of seconds and 3 of milliseconds: no sign, no exponent, nothing that
   * overflows into a plausible date.
   */
  private static Instant numericDate(String text) {
    int point = text.indexOf('.');
    long seconds = integer(point < 0 ? text : text.substring(0, point), 11);
    if (point < 0) {
      return Instant.ofEpochSecond(seconds);
    }
    String fraction = text.substring(point + 1);
    if (fraction.length() != 3) {
      throw new IllegalArgumentException("fraction of a second is not milliseconds");
    }
    return Instant.ofEpochSecond(seconds, integer(fraction, 3) * 1_000_000);
  }

  private static long integer(String text, int maxDigits) {
    if (text.isEmpty()
        || text.length() > maxDigits
        || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("not a whole number in range");
    }
    return Long.parseLong(text);
  }

  /** The claims read so far. */
  private static final class Values {
    final Set<String> names = new HashSet<>();
    @Nullable String id;
    @Nullable String subject;
    @Nullable String audience;
    @Nullable Instant createdAt;
    @Nullable Instant expiresAt;
    @Nullable Long lastAccess;
    @Nullable Long maxInactive;
    @Nullable Map<String, JsonSlice> attributes;
  }
}
