package dev.satchel;

import java.nio.charset.StandardCharsets;

/**
 * Walks over a payload's JSON (RFC 8259) and says where its values lie, without making any of them.
 * Own code since no parser gives the positions of values it skips without interning every name it
 * meets, in a table that all users' texts would share.
 *
 * <p>Strict about grammar, depth and lengths. What a string's bytes mean is looked at only when it
 * is {@linkplain JsonText asked for}. Every violation is an {@link IllegalArgumentException}.
 */
final class PayloadScanner {
  private static final int MAX_DEPTH = StrictJson.MAX_DEPTH + 2; // the payload and its attributes

  /** Bytes with both quotes: 256 units, each an escape of six, are 1,538. */
  private static final int MAX_NAME_LENGTH = 2048;

  private byte[] json;
  private int at;
  private int nameStart;
  private int nameEnd;
  private boolean plainName;

  PayloadScanner(byte[] json) {
    this.json = json;
  }

  /** Goes to the beginning of another text. */
  void begin(byte[] text) {
    json = text;
    at = 0;
    nameStart = 0;
    nameEnd = 0;
    plainName = false;
  }

  /** The position of the next byte. */
  int position() {
    return at;
  }

  /** Steps into an object. */
  void enterObject() {
    at = expect('{', skipSpace(at));
  }

  /**
   * Steps over the next member's name, to its value; false at the end of the object, which is then
   * left. The name is not made.
   *
   * @param first whether no member was asked for before
   */
  boolean nextMember(boolean first) {
    int i = skipSpace(at);
    if (byteAt(i) == '}') {
      at = i + 1;
      return false;
    }
    if (!first) {
      i = skipSpace(expect(',', i));
    }
    nameStart = i;
    i = endOfPlainName(i);
    plainName = i >= 0;
    if (!plainName) {
      i = endOfString(nameStart);
    }
    nameEnd = i;
    if (nameEnd - nameStart > MAX_NAME_LENGTH) {
      throw violation("a name is too long");
    }
    if (!plainName) {
      name(); // refuses what is not UTF-8
    }
    at = skipSpace(expect(':', skipSpace(i)));
    return true;
  }

  /** What the member's name says. */
  String name() {
    return JsonText.of(json, nameStart, nameEnd);
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

  /**
   * The name as a number, if it has one to three bytes; else 0. None of other text is that of
   * ASCII.
   */
  int shortName() {
    if (plainName) {
      return shortName(json, nameStart + 1, nameEnd - nameStart - 2);
    }
    byte[] name = name().getBytes(StandardCharsets.UTF_8);
    return name.length > 0 && name[0] == 0 ? 0 : shortName(name, 0, name.length); // "\\u0000a"
  }

  private static int shortName(byte[] name, int from, int length) {
    return switch (length) {
      case 1 -> name[from];
      case 2 -> name[from] << 8 | name[from + 1];
      case 3 -> name[from] << 16 | name[from + 1] << 8 | name[from + 2];
      default -> 0;
    };
  }

  /** Steps over the value of a claim, to the byte behind it. */
  void skipValue() {
    at = endOfValue(at, 1);
  }

  /** Steps over the value of an attribute, to the byte behind it. */
  void skipAttribute() {
    at = endOfValue(at, 2);
  }

  /** Steps over white space, to the end of the payload. */
  void finish() {
    at = skipSpace(at);
    if (at != json.length) {
      throw violation("text behind the end");
    }
  }

  /** Steps over a string. */
  void skipString() {
    at = endOfString(at);
  }

  /** Steps over a string of canonical base64url of this length, where that is one; else stays. */
  boolean skipBase64Url(int length) {
    int end = at + 1 + length;
    boolean isThere =
        end < json.length
            && json[at] == '"'
            && json[end] == '"'
            && Base64Url.isCanonical(json, at + 1, end);
    at = isThere ? end + 1 : at;
    return isThere;
  }

  /** Steps over a string, and gives what it says. */
  String string() {
    int start = at;
    at = endOfString(start);
    return JsonText.of(json, start, at);
  }

  /** Steps over a whole number of so many digits at most, without sign, fraction and exponent. */
  long integer(int maxDigits) {
    int start = at;
    int i = start;
    long number = 0;
    while (i < json.length && json[i] >= '0' && json[i] <= '9' && i - start < maxDigits) {
      number = 10 * number + json[i++] - '0'; // a digit too many is not what follows a number
    }
    if (i == start || (json[start] == '0' && i - start > 1)) {
      throw violation("not a whole number in range");
    }
    at = i;
    return number;
  }

  /** Steps over a point and three digits, where there is one; else 0. */
  int thousandths() {
    if (at >= json.length || json[at] != '.') {
      return 0;
    }
    int start = at + 1;
    at = endOfDigits(start);
    if (at - start != 3) {
      throw violation("a fraction of a second is not milliseconds");
    }
    return 100 * json[start] + 10 * json[start + 1] + json[start + 2] - 111 * '0';
  }

  // What follows takes a position and gives another one: it would be slower to keep it in the field
  // for every byte.

  /**
   * Behind the value that begins there.
   *
   * @param depth objects and arrays around the value
   */
  private int endOfValue(int start, int depth) {
    long objects = 0; // a bit for each object or array that is open, 1 for objects
    int open = 0;
    int i = start;
    while (true) {
      byte first = byteAt(i);
      if (first == '"') {
        i = endOfString(i);
      } else if (first == '{' || first == '[') {
        open++;
        objects = objects << 1 | (first == '{' ? 1 : 0);
        if (depth + open > MAX_DEPTH) {
          throw violation("nested too deep");
        }
        i = skipSpace(i + 1);
        if (byteAt(i) != (first == '{' ? '}' : ']')) {
          i = first == '{' ? endOfName(i) : i;
          continue;
        }
        i++;
        open--;
        objects >>>= 1;
      } else {
        i = endOfWord(i, first);
      }
      boolean isEnded = true;
      while (isEnded) {
        if (open == 0) {
          return i;
        }
        i = skipSpace(i);
        boolean inObject = (objects & 1) != 0;
        byte next = byteAt(i++);
        if (next == ',') {
          i = skipSpace(i);
          i = inObject ? endOfName(i) : i;
          isEnded = false;
        } else if (next == (inObject ? '}' : ']')) {
          open--;
          objects >>>= 1;
        } else {
          throw violation("another character is expected");
        }
      }
    }
  }

  /** Behind the name that begins there, its colon and white space. */
  private int endOfName(int start) {
    return skipSpace(expect(':', skipSpace(endOfString(start))));
  }

  /** Behind the string that begins there; negative if it is not all plain. */
  private int endOfPlainName(int start) {
    byte[] text = json;
    int i = expect('"', start);
    while (i < text.length && isPlain(text[i])) {
      i++;
    }
    return i < text.length && text[i] == '"' ? i + 1 : -1;
  }

  private int endOfString(int start) {
    byte[] text = json;
    int i = expect('"', start);
    while (true) {
      while (i < text.length && isOrdinary(text[i])) {
        i++;
      }
      byte b = byteAt(i++);
      if (b == '"') {
        return i;
      }
      if (b != '\\') {
        throw violation("a control character in a string");
      }
      i = endOfEscape(i);
    }
  }

  /** Not a quote, a backslash or a control character; the most frequent first. */
  private static boolean isOrdinary(byte b) {
    return b > '"' ? b != '\\' : b != '"' && (b >= ' ' || b < 0);
  }

  /** The same within ASCII. */
  private static boolean isPlain(byte b) {
    return b > '"' ? b != '\\' : b >= ' ' && b != '"';
  }

  private int endOfEscape(int start) {
    byte escaped = byteAt(start);
    if (escaped == 'u') {
      for (int i = 1; i <= 4; i++) {
        JsonText.hexDigit(byteAt(start + i));
      }
      return start + 5;
    }
    if ("\"\\/bfnrt".indexOf(escaped) < 0) {
      throw violation("an unknown escape");
    }
    return start + 1;
  }

  private int endOfWord(int start, byte first) {
    return switch (first) {
      case 't' -> expect("true", start);
      case 'f' -> expect("false", start);
      case 'n' -> expect("null", start);
      default -> endOfNumber(start);
    };
  }

  private int endOfNumber(int start) {
    int i = byteAt(start) == '-' ? start + 1 : start;
    i = byteAt(i) == '0' ? i + 1 : endOfDigits(i);
    if (i < json.length && json[i] == '.') {
      i = endOfDigits(i + 1);
    }
    if (i < json.length && (json[i] == 'e' || json[i] == 'E')) {
      i++;
      byte sign = byteAt(i);
      i = endOfDigits(sign == '+' || sign == '-' ? i + 1 : i);
    }
    if (i - start > StrictJson.MAX_NUMBER_LENGTH) {
      throw violation("a number is too long");
    }
    return i;
  }

  private int endOfDigits(int start) {
    int i = start;
    while (i < json.length && json[i] >= '0' && json[i] <= '9') {
      i++;
    }
    if (i == start) {
      throw violation("a digit is missing");
    }
    return i;
  }

  /** Nearly always there is none: our writer writes none but the padding. */
  private int skipSpace(int start) {
    return start < json.length && json[start] > ' ' ? start : endOfSpace(start);
  }

  private int endOfSpace(int start) {
    int i = start;
    while (i < json.length
        && json[i] <= ' '
        && (json[i] == ' ' || json[i] == '\n' || json[i] == '\r' || json[i] == '\t')) {
      i++;
    }
    return i;
  }

  private byte byteAt(int i) {
    if (i >= json.length) {
      throw violation("it ends too early");
    }
    return json[i];
  }

  private int expect(char expected, int i) {
    if (byteAt(i) != expected) {
      throw violation("another character is expected");
    }
    return i + 1;
  }

  private int expect(String word, int start) {
    int i = start;
    for (int c = 0; c < word.length(); c++) {
      i = expect(word.charAt(c), i);
    }
    return i;
  }

  /** Where the value of the member begins whose name begins there; the member was read before. */
  static int startOfValue(byte[] json, int nameStart) {
    return new PayloadScanner(json).endOfName(nameStart);
  }

  /** What the name says that begins there. */
  static String nameAt(byte[] json, int nameStart) {
    return JsonText.of(json, nameStart, new PayloadScanner(json).endOfString(nameStart));
  }

  static IllegalArgumentException violation(String what) {
    return new IllegalArgumentException("payload: " + what);
  }
}
