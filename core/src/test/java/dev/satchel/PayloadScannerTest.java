package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Our scanner and Jackson's parser must agree on what JSON is, or one lets pass what the other
 * reads.
 */
class PayloadScannerTest {
  private static final JsonFactory JACKSON = new JsonFactory();
  private static final String PIECES =
      "{}[]:,\"\\ \t\n01289.-+eEtruefalsnu/*'xbAF\u0000\u001f\u007f";

  private final SeededRandom random = new SeededRandom("scanner");

  private static boolean isJsonToUs(String value) {
    byte[] json = value.getBytes(StandardCharsets.UTF_8);
    PayloadScanner scanner = new PayloadScanner(json);
    try {
      scanner.skipValue();
      scanner.finish();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isJsonToJackson(String value) {
    byte[] json = value.getBytes(StandardCharsets.UTF_8);
    try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      parser.skipChildren();
      parser.finishToken();
      return parser.currentToken() != null && parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  private static String firstNameToJackson(byte[] json) {
    try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      return parser.nextName();
    }
  }

  private static String escaped(char c, int form) {
    int known = "\"\\/\b\f\n\r\t".indexOf(c);
    return known >= 0 && form == 0
        ? "\\" + "\"\\/bfnrt".charAt(known)
        : String.format(form == 1 ? "\\u%04x" : "\\u%04X", (int) c);
  }

  private String json(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> StrictJson.quote(text());
      case 1 -> String.valueOf(random.nextInt());
      case 2 -> String.valueOf(random.nextGaussian() * Math.pow(10, random.nextInt(-20, 20)));
      case 3 -> List.of("true", "false", "null", "0", "-0", "0.0e+0").get(random.nextInt(6));
      case 4 -> "\"\\u00e" + Integer.toHexString(random.nextInt(16)) + "\\n\\/\"";
      case 5 -> {
        StringBuilder array = new StringBuilder("[");
        for (int n = random.nextInt(4); n > 0; n--) {
          array.append(space()).append(json(depth - 1)).append(n > 1 ? "," : "");
        }
        yield array.append(space()).append(']').toString();
      }
      default -> {
        StringBuilder object = new StringBuilder("{");
        for (int n = random.nextInt(4); n > 0; n--) {
          object.append(space()).append(StrictJson.quote("n" + n + text())).append(space());
          object.append(':').append(space()).append(json(depth - 1)).append(n > 1 ? "," : "");
        }
        yield object.append(space()).append('}').toString();
      }
    };
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(5); n > 0; n--) {
      text.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0xd000));
    }
    return text.toString();
  }

  private String space() {
    return List.of("", "", "", " ", "\t", "\r\n").get(random.nextInt(6));
  }

  private String damaged(String json) {
    StringBuilder text = new StringBuilder(json);
    for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
      int at = random.nextInt(text.length() + 1);
      char piece = PIECES.charAt(random.nextInt(PIECES.length()));
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, piece);
        case 1 -> {
          if (at < text.length()) {
            text.setCharAt(at, piece);
          }
        }
        default -> {
          if (at < text.length()) {
            text.deleteCharAt(at);
          }
        }
      }
      if (text.isEmpty()) {
        text.append(piece);
      }
    }
    return text.toString();
  }

  @Test
  void text_wellFormedOrDamaged_isJsonToBothOrNeither() {
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < 40_000; i++) {
      String good = json(4);
      assertThat(isJsonToUs(good)).as(good).isTrue();
      String text = damaged(good);
      if (text.charAt(0) == '\u0000' || text.contains("\u0000") && text.length() < 5) {
        continue; // Jackson takes it for UTF-16 or UTF-32; a payload begins with {"
      }
      boolean ours = isJsonToUs(text);
      if (text.isBlank() || Character.isWhitespace(text.charAt(0))) {
        assertThat(ours).as(text).isFalse(); // asked for at the value's first byte
        continue;
      }
      assertThat(ours).as("%s (%s)", text, StrictJson.quote(text)).isEqualTo(isJsonToJackson(text));
      accepted += ours ? 1 : 0;
      refused += ours ? 0 : 1;
    }
    assertThat(accepted).isGreaterThan(1_000);
    assertThat(refused).isGreaterThan(1_000);
  }

  @Test
  void names_withAnyEscape_sayWhatJacksonSays() {
    for (int i = 0; i < 5_000; i++) {
      String name = text() + "\"\\/\b\f\n\r\tz".charAt(random.nextInt(9)) + text();
      StringBuilder escaped = new StringBuilder("{\"");
      for (char c : name.toCharArray()) {
        if (c < 0x20 || c == '"' || c == '\\' || random.nextInt(3) == 0) {
          escaped.append(escaped(c, random.nextInt(3)));
        } else {
          escaped.append(c);
        }
      }
      byte[] json = escaped.append("\" : 1}").toString().getBytes(StandardCharsets.UTF_8);
      PayloadScanner scanner = new PayloadScanner(json);
      scanner.enterObject();
      assertThat(scanner.nextMember(true)).isTrue();
      assertThat(scanner.name()).isEqualTo(name).isEqualTo(firstNameToJackson(json));
      scanner.skipValue();
      assertThat(scanner.nextMember(false)).isFalse();
      scanner.finish();
      assertThat(scanner.position()).isEqualTo(json.length);
    }
  }

  @Test
  void text_cutAnywhere_isRefusedAndNothingElse() {
    String whole = "{\"a\":[1,-2.5e+3,\"\\u00e9\\n\",{\"b\":null,\"c\":[true,false]}],\"d\":{}}";
    assertThat(isJsonToUs(whole)).isTrue();
    for (int length = 0; length < whole.length(); length++) {
      assertThat(isJsonToUs(whole.substring(0, length))).as("cut at %d", length).isFalse();
    }
  }
}
