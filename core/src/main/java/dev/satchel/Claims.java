package dev.satchel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The payload: a session as the JSON of JWT claims (FORMAT.md §4). Names are short, every byte is
 * paid twice per request.
 */
final class Claims {
  // The names of claims as PayloadScanner.shortName gives them.
  private static final int ID = 'j' << 16 | 't' << 8 | 'i'; // RFC 7519 §4.1.7
  private static final int ISSUED_AT = 'i' << 16 | 'a' << 8 | 't'; // RFC 7519 §4.1.6
  private static final int EXPIRES_AT = 'e' << 16 | 'x' << 8 | 'p'; // RFC 7519 §4.1.4
  private static final int SUBJECT = 's' << 16 | 'u' << 8 | 'b'; // RFC 7519 §4.1.2
  private static final int AUDIENCE = 'a' << 16 | 'u' << 8 | 'd'; // RFC 7519 §4.1.3
  private static final int LAST_ACCESS = 'l' << 8 | 'a'; // private: milliseconds after iat
  private static final int MAX_INACTIVE = 'm' << 8 | 'i'; // private: seconds, 0 for ever
  private static final int ATTRIBUTES = 'a'; // private: object of attributes

  /** OpenID Connect Core 1.0 §2: when somebody signed in. Longer than the numbers above. */
  private static final String SUBJECT_SINCE = "auth_time";

  private static final int ID_LENGTH = 22; // 128 bits in base64url

  /** FORMAT.md §4: what an absent exp and mi mean, in seconds; the defaults of SessionPolicy. */
  private static final int USUAL_LIFETIME = 8 * 3600;

  static final int USUAL_MAX_INACTIVE = 1800;
  private static final int LARGEST = 5; // attributes named when a session is too large

  private static final int FEW = 24; // beyond so many attributes, names are compared in a set
  private static final int MAX_SPARE = 1024; // characters of an array that is worth keeping

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
    Attributes attributes = state.content();
    int count = attributes.size();
    List<Piece> pieces = new ArrayList<>(count + 2);
    pieces.add(new Piece(null, head(state, withAudience)));
    for (int i = 0; i < count; i++) {
      int separator = i == 0 ? 0 : 1;
      byte[] piece = new byte[separator + attributes.memberLength(i)];
      piece[0] = ',';
      attributes.writeMember(i, piece, separator);
      pieces.add(new Piece(attributes.name(i), piece));
    }
    pieces.add(new Piece(null, new byte[] {'}', '}'}));
    return pieces;
  }

  /**
   * The payload in one piece, with white space behind it.
   *
   * @param bucket the length is a multiple of this
   */
  byte[] write(SessionState state, boolean withAudience, int bucket) {
    byte[] head = head(state, withAudience);
    Attributes attributes = state.content();
    int count = attributes.size();
    int length = head.length + Math.max(0, count - 1) + 2;
    for (int i = 0; i < count; i++) {
      length += attributes.memberLength(i);
    }
    byte[] payload = new byte[length + CompartmentedDeflate.padding(length, bucket)];
    System.arraycopy(head, 0, payload, 0, head.length);
    int at = head.length;
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        payload[at++] = ',';
      }
      at = attributes.writeMember(i, payload, at);
    }
    payload[at++] = '}';
    payload[at++] = '}';
    Arrays.fill(payload, at, payload.length, (byte) ' ');
    return payload;
  }

  private byte[] head(SessionState state, boolean withAudience) {
    StringBuilder json = new StringBuilder(128);
    json.append("{\"jti\":\"").append(state.id()).append("\",\"iat\":");
    appendNumericDate(json, state.createdAtMillis());
    // What goes without saying is not said, but to those who read with a published key alone.
    long lastAccess = state.lastAccessedAtMillis() - state.createdAtMillis();
    if (withAudience || state.expiresAtSecond() != usualExpiry(state.createdAtMillis())) {
      json.append(",\"exp\":").append(state.expiresAtSecond());
    }
    if (withAudience || lastAccess != 0) {
      json.append(",\"la\":").append(lastAccess);
    }
    if (withAudience || state.maxInactiveSeconds() != USUAL_MAX_INACTIVE) {
      json.append(",\"mi\":").append(state.maxInactiveSeconds());
    }
    String subject = state.subjectOrNull();
    if (subject != null) {
      json.append(",\"sub\":").append(StrictJson.quote(subject));
      if (state.subjectSinceMillis() != state.createdAtMillis()) {
        json.append(",\"" + SUBJECT_SINCE + "\":");
        appendNumericDate(json, state.subjectSinceMillis());
      }
    }
    if (withAudience) {
      json.append(",\"aud\":\"").append(audience).append('"');
    }
    json.append(",\"a\":{");
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static long usualExpiry(long createdAtMillis) {
    return createdAtMillis / 1000 + USUAL_LIFETIME;
  }

  /** RFC 7519 §2: seconds, with a fraction where there is one. */
  private static void appendNumericDate(StringBuilder json, long millis) {
    json.append(millis / 1000);
    int fraction = (int) (millis % 1000);
    if (fraction > 0) {
      json.append('.').append((char) ('0' + fraction / 100));
      json.append((char) ('0' + fraction / 10 % 10)).append((char) ('0' + fraction % 10));
    }
  }

  static int length(List<Piece> pieces) {
    int length = 0;
    for (Piece piece : pieces) {
      length += piece.bytes().length;
    }
    return length;
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
   *
   * @param values room to work in; nothing is left in it
   */
  SessionState read(byte[] payload, boolean withAudience, ClaimValues values)
      throws RejectedTokenException {
    // FORMAT.md §4: neither white space nor a byte order mark in front.
    if (payload.length < 2 || payload[0] != '{' || payload[1] != '"') {
      throw new RejectedTokenException(Rejection.UNREADABLE);
    }
    try {
      PayloadScanner json = values.json;
      json.begin(payload);
      json.enterObject();
      for (boolean more = json.nextMember(true); more; more = json.nextMember(false)) {
        readClaim(json, values, payload);
      }
      json.finish(); // nothing but the padding's white space
      // RFC 8725 §3.9. For symmetric keys the context is in the key derivation, and no byte is
      // spent.
      if (withAudience && !audience.equals(values.audience)) {
        throw new RejectedTokenException(Rejection.WRONG_CONTEXT);
      }
      return state(payload, values, withAudience ? ClaimValues.ALL : ClaimValues.FEWEST);
    } catch (RuntimeException e) {
      // Of the scanner, of Math: whoever holds a key can write anything.
      throw new RejectedTokenException(Rejection.UNREADABLE, e);
    } finally {
      values.clear();
    }
  }

  private SessionState state(byte[] payload, ClaimValues values, int required) {
    char[] places = values.attributes;
    if (places == null || (values.seen & required) != required) {
      throw new IllegalArgumentException("claim missing");
    }
    if (!values.has(ClaimValues.EXP)) {
      values.expiresAt = usualExpiry(values.createdAt);
    }
    long lastAccess = Math.addExact(values.createdAt, values.lastAccess);
    if (!values.has(ClaimValues.AUTH_TIME)) {
      values.subjectSince = values.createdAt;
    } else if (values.subject == null
        || values.subjectSince < values.createdAt
        || values.subjectSince > lastAccess) { // which is not in the future (FORMAT.md §7)
      throw new IllegalArgumentException("the subject's time is not within the session's");
    }
    return new SessionState(
        values.id,
        values.createdAt,
        lastAccess,
        values.expiresAt,
        values.maxInactive,
        values.subject,
        values.subjectSince,
        new Attributes(payload, values.idAt, places, values.plainNames, types));
  }

  private void readClaim(PayloadScanner json, ClaimValues values, byte[] payload) {
    switch (json.shortName()) {
      case ID -> {
        values.once(ClaimValues.JTI);
        readId(json, values, payload);
      }
      case SUBJECT -> {
        values.once(ClaimValues.SUB);
        values.subject = json.string();
        if (values.subject.isEmpty()) {
          throw new IllegalArgumentException("the subject is empty");
        }
      }
      case AUDIENCE -> {
        values.once(ClaimValues.AUD);
        values.audience = json.string();
      }
      case ISSUED_AT -> {
        values.once(ClaimValues.IAT);
        values.createdAt = numericDate(json);
      }
      case EXPIRES_AT -> {
        values.once(ClaimValues.EXP);
        values.expiresAt = json.integer(11);
      }
      case LAST_ACCESS -> {
        values.once(ClaimValues.LA);
        values.lastAccess = json.integer(13);
      }
      case MAX_INACTIVE -> {
        values.once(ClaimValues.MI);
        values.maxInactive = Math.toIntExact(json.integer(10));
      }
      case ATTRIBUTES -> {
        values.once(ClaimValues.A);
        readAttributes(json, values, payload);
      }
      default -> {
        String name = json.name();
        values.once(name);
        if (name.equals(SUBJECT_SINCE)) {
          values.seen |= ClaimValues.AUTH_TIME;
          values.subjectSince = numericDate(json);
        } else {
          json.skipValue(); // a later release's claim
        }
      }
    }
  }

  /** RFC 7519 §2, to the millisecond: FORMAT.md §4. */
  private static long numericDate(PayloadScanner json) {
    return 1000 * json.integer(11) + json.thousandths();
  }

  private static void readAttributes(PayloadScanner json, ClaimValues values, byte[] payload) {
    char[] places = values.places;
    int used = 0;
    long hashes = 0; // of the names so far, one bit each
    boolean plain = true;
    Set<String> names = null;
    json.enterObject();
    for (boolean more = json.nextMember(true); more; more = json.nextMember(false)) {
      int from = json.nameStart();
      int to = json.nameEnd();
      plain &= json.isNamePlain();
      if (names == null && (!plain || used == FEW * Attributes.PLACES)) {
        names = new HashSet<>();
        for (int i = 0; i < used; i += Attributes.PLACES) {
          names.add(PayloadScanner.nameAt(payload, places[i]));
        }
      }
      long hash = 1L << (31 * (to - from) + 7 * payload[from + 1] + payload[to - 2]);
      if (names != null
          ? !names.add(json.name())
          : (hashes & hash) != 0 && contains(payload, places, used, from, to)) {
        throw new IllegalArgumentException("an attribute stands there twice");
      }
      hashes |= hash;
      if (used == places.length) {
        places = Arrays.copyOf(places, 2 * used);
      }
      places[used++] = (char) from;
      json.skipAttribute();
      places[used++] = (char) json.position();
    }
    char[] own = Arrays.copyOf(places, used);
    if (places.length <= MAX_SPARE) {
      values.places = places;
    }
    values.attributes = own;
    values.plainNames = plain;
  }

  /** Whether one of the names so far has the same bytes. */
  private static boolean contains(byte[] payload, char[] places, int used, int from, int to) {
    for (int i = 0; i < used; i += Attributes.PLACES) {
      int other = places[i] - from;
      int at = from;
      while (at < to && payload[other + at] == payload[at]) {
        at++;
      }
      if (at == to) { // with the quote that ends it
        return true;
      }
    }
    return false;
  }

  /** Steps over a session's id, and keeps its place: most requests do not ask for it. */
  private static void readId(PayloadScanner json, ClaimValues values, byte[] payload) {
    int start = json.position();
    if (json.skipBase64Url(ID_LENGTH)) {
      values.idAt = start + 1;
      return;
    }
    json.skipString();
    int end = json.position();
    String text = JsonText.of(payload, start, end); // perhaps with escapes
    if (text.length() != ID_LENGTH || Base64Url.decode(text) == null) {
      throw new IllegalArgumentException("session id malformed");
    }
    values.id = text;
  }

  /** The session's id that lies there. */
  static String idAt(byte[] payload, int at) {
    return new String(payload, at, ID_LENGTH, StandardCharsets.ISO_8859_1);
  }
}
