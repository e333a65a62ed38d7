package dev.satchel;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks over a payload's JSON (RFC 8259) and says where its values lie, without making any of them.
 * Own code since no parser gives the positions of values it skips without interning every name it
 * meets, in a table that all users' texts would share.
 *
 * <p>Strict about grammar, depth and lengths. What a string's bytes mean is looked at only when it
 * is {@linkplain #text asked for}. Every violation is an {@link IllegalArgumentException}.
 */
final class PayloadScanner {
  private static final int MAX_DEPTH = StrictJson.MAX_DEPTH + 2; // the payload and its attributes
  private static final int MAX_NAME_LENGTH =
      2048; // bytes: 256 units, each a four-digit escape, and quotes

  /**
   * Whether a string's run of ordinary bytes ends there: quotes, backslashes, control characters.
   */
  private static final boolean[] ENDS_RUN = new boolean[256];

  static {
    Arrays.fill(ENDS_RUN, 0, ' ', true);
    ENDS_RUN['"'] = true;
    ENDS_RUN['\\'] = true;
  }

  private final byte[] json;
  private int at;
  private int nameStart;
  private int nameEnd;
  private boolean plainName;

  PayloadScanner(byte[] json) {
    this.json = json;
  }

  /** The position of the next byte. */
  int position() {
    return at;
  }

  /** Steps into an object. */
  void enterObject() {
    skipSpace();
    expect('{');
  }

  /**
   * The next member's name, with the position behind its colon; null at the end of the object,
   * which is then left.
   *
   * @param first whether no member was asked for before
   */
  @Nullable String nextName(boolean first) {
    return nextMember(first) ? name() : null;
  }

  /**
   * Steps over the next member's name, to its value; false at the end of the object, which is then
   * left. The name is not made.
   *
   * @param first whether no member was asked for before
   */
  boolean nextMember(boolean first) {
    skipSpace();
    if (peek() == '}') {
      at++;
      return false;
    }
    if (!first) {
      expect(',');
      skipSpace();
    }
    nameStart = at;
    skipString();
    nameEnd = at;
    if (nameEnd - nameStart > MAX_NAME_LENGTH) {
      throw violation("a name is too long");
    }
    plainName = isPlain(json, nameStart + 1, nameEnd - 1);
    if (!plainName) {
      name(); // refuses what is not UTF-8
    }
    skipSpace();
    expect(':');
    skipSpace();
    return true;
  }

  /** What the member's name says. */
  String name() {
    return text(json, nameStart, nameEnd);
  }

  /** Where the member's name begins, with its quote. */
  int nameStart() {
    return nameStart;
  }

  /** Behind the quote that ends the member's name. */
  int nameEnd() {
    return nameEnd;
  }

  /** Whether the member's name has neither an escape nor a character beyond ASCII. */
  boolean isNamePlain() {
    return plainName;
  }

  /** The name as a number, one byte per character, if it has at most three of ASCII; else 0. */
  int shortName() {
    if (!plainName) {
      byte[] name = name().getBytes(StandardCharsets.UTF_8);
      return shortName(name, 0, name.length);
    }
    return shortName(json, nameStart + 1, nameEnd - 1);
  }

  private static int shortName(byte[] name, int from, int to) {
    if (to - from > 3) {
      return 0;
    }
    int number = 0;
    for (int i = from; i < to; i++) {
      if (name[i] <= 0) {
        return 0;
      }
      number = number << 8 | name[i];
    }
    return number;
  }

  /** Steps over the value of a claim, to the byte behind it. */
  void skipValue() {
    skipValue(1);
  }

  /** Steps over the value of an attribute, to the byte behind it. */
  void skipAttribute() {
    skipValue(2);
  }

  /** Steps over white space, to the end of the payload. */
  void finish() {
    skipSpace();
    if (at != json.length) {
      throw violation("text behind the end");
    }
  }

  /** Steps over a string, and gives what it says. */
  String string() {
    int start = at;
    skipString();
    return text(json, start, at);
  }

  /** Steps over a whole number of so many digits at most, without sign, fraction and exponent. */
  long integer(int maxDigits) {
    int start = at;
    long number = 0;
    while (at < json.length && json[at] >= '0' && json[at] <= '9') {
      if (at - start == maxDigits) {
        throw violation("a number has too many digits");
      }
      number = 10 * number + json[at++] - '0';
    }
    if (at == start || (json[start] == '0' && at - start > 1)) {
      throw violation("not a whole number in range");
    }
    return number;
  }

  /** Steps over a point and three digits, where there is one; else 0. */
  int thousandths() {
    if (at >= json.length || json[at] != '.') {
      return 0;
    }
    at++;
    int number = 0;
    for (int i = 0; i < 3; i++) {
      byte digit = next();
      if (digit < '0' || digit > '9') {
        throw violation("a digit is missing");
      }
      number = 10 * number + digit - '0';
    }
    return number;
  }

  /**
   * @param depth objects and arrays around the value
   */
  private void skipValue(int depth) {
    switch (peek()) {
      case '"' -> skipString();
      case '{' -> skipMembers(depth + 1);
      case '[' -> skipElements(depth + 1);
      case 't' -> skipWord("true");
      case 'f' -> skipWord("false");
      case 'n' -> skipWord("null");
      default -> skipNumber();
    }
  }

  private void skipMembers(int depth) {
    requireDepth(depth);
    at++;
    skipSpace();
    if (peek() == '}') {
      at++;
      return;
    }
    while (true) {
      skipString();
      skipSpace();
      expect(':');
      skipSpace();
      skipValue(depth);
      skipSpace();
      if (peek() == '}') {
        at++;
        return;
      }
      expect(',');
      skipSpace();
    }
  }

  private void skipElements(int depth) {
    requireDepth(depth);
    at++;
    skipSpace();
    if (peek() == ']') {
      at++;
      return;
    }
    while (true) {
      skipValue(depth);
      skipSpace();
      if (peek() == ']') {
        at++;
        return;
      }
      expect(',');
      skipSpace();
    }
  }

  private static void requireDepth(int depth) {
    if (depth > MAX_DEPTH) {
      throw violation("nested too deep");
    }
  }

  private void skipString() {
    expect('"');
    byte[] text = json;
    int i = at;
    while (true) {
      while (i < text.length && !ENDS_RUN[text[i] & 0xff]) {
        i++;
      }
      at = i;
      byte b = next();
      if (b == '"') {
        return;
      }
      if (b != '\\') {
        throw violation("a control character in a string");
      }
      skipEscape();
      i = at;
    }
  }

  private void skipEscape() {
    byte escaped = next();
    if (escaped == 'u') {
      for (int i = 0; i < 4; i++) {
        hexDigit(next());
      }
    } else if ("\"\\/bfnrt".indexOf(escaped) < 0) {
      throw violation("an unknown escape");
    }
  }

  private void skipNumber() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      skipDigits();
    }
    if (at < json.length && json[at] == '.') {
      at++;
      skipDigits();
    }
    if (at < json.length && (json[at] == 'e' || json[at] == 'E')) {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      skipDigits();
    }
    if (at - start > StrictJson.MAX_NUMBER_LENGTH) {
      throw violation("a number is too long");
    }
  }

  private void skipDigits() {
    int start = at;
    while (at < json.length && json[at] >= '0' && json[at] <= '9') {
      at++;
    }
    if (at == start) {
      throw violation("a digit is missing");
    }
  }

  private void skipWord(String word) {
    for (int i = 0; i < word.length(); i++) {
      expect(word.charAt(i));
    }
  }

  private void skipSpace() {
    while (at < json.length
        && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
      at++;
    }
  }

  private byte peek() {
    if (at >= json.length) {
      throw violation("it ends too early");
    }
    return json[at];
  }

  private byte next() {
    byte b = peek();
    at++;
    return b;
  }

  private void expect(char expected) {
    if (next() != expected) {
      throw violation("another character is expected");
    }
  }

  /** Whether these bytes of a string are ASCII without an escape, and so say what they are. */
  static boolean isPlain(byte[] json, int from, int to) {
    boolean plain = true;
    for (int i = from; i < to; i++) {
      plain &= json[i] >= 0 && json[i] != '\\';
    }
    return plain;
  }

  /** What the string says that lies there with its quotes. */
  static String text(byte[] json, int start, int end) {
    int length = end - start - 2;
    if (isPlain(json, start + 1, end - 1)) {
      return new String(json, start + 1, length, StandardCharsets.ISO_8859_1);
    }
    String raw;
    try {
      // A decoder of its own refuses what is not UTF-8; a String would replace it silently.
      raw =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(json, start + 1, length))
              .toString();
    } catch (CharacterCodingException e) {
      throw violation("a string is not UTF-8");
    }
    return raw.indexOf('\\') < 0 ? raw : unescaped(raw);
  }

  private static String unescaped(String raw) {
    StringBuilder text = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escaped = raw.charAt(++i);
      switch (escaped) {
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          int unit = 0;
          for (int digit = 0; digit < 4; digit++) {
            unit = unit << 4 | hexDigit((byte) raw.charAt(++i));
          }
          text.append((char) unit);
        }
        default -> text.append(escaped);
      }
    }
    return text.toString();
  }

  private static int hexDigit(byte b) {
    int value = Character.digit(b, 16);
    if (value < 0) {
      throw violation("a hexadecimal digit is missing");
    }
    return value;
  }

  private static IllegalArgumentException violation(String what) {
    return new IllegalArgumentException("payload: " + what);
  }
}
