package dev.satchel;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * RFC 8259 and nothing more: no duplicate names (RFC 7519 §4), no comments, bounded depth and
 * lengths.
 */
final class StrictJson {
  /** What a payload may inflate to; RFC 8725bis §3.15 allows four times as much. */
  static final int MAX_DOCUMENT_LENGTH = 64 * 1024;

  /** Levels of nesting in one attribute; the payload around it has two more. */
  static final int MAX_DEPTH = 32;

  /** Far below any parser's default, far above any date or identifier. */
  static final int MAX_NUMBER_LENGTH = 64;

  /**
   * Does not canonicalize names: the table for it would be shared by all texts, and whoever chooses
   * names in his own session could fill it with colliding ones for everybody.
   */
  private static final JsonFactory READING =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION) // messages would quote the content
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(MAX_DOCUMENT_LENGTH)
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxStringLength(MAX_DOCUMENT_LENGTH)
                  .maxNameLength(MAX_DOCUMENT_LENGTH)
                  .build())
          .build();

  private static final JsonFactory WRITING = new JsonFactory();

  private StrictJson() {}

  static JsonParser parser(byte[] json, int offset, int length) {
    return READING.createParser(ObjectReadContext.empty(), json, offset, length);
  }

  static JsonGenerator generator(OutputStream out) {
    return WRITING.createGenerator(ObjectWriteContext.empty(), out);
  }

  /**
   * A JSON string with its quotes. Half a surrogate pair is written as an escape, since UTF-8 has
   * no form for it and Java code does cut strings in the middle of a pair.
   */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    char[] escaped = JsonStringEncoder.getInstance().quoteAsCharArray(text);
    for (int i = 0; i < escaped.length; i++) {
      char c = escaped[i];
      if (Character.isHighSurrogate(c)
          && i + 1 < escaped.length
          && Character.isLowSurrogate(escaped[i + 1])) {
        quoted.append(c).append(escaped[++i]);
      } else if (Character.isSurrogate(c)) {
        quoted.append("\\u").append(Integer.toHexString(c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** A JSON string with its quotes, in UTF-8. */
  static byte[] quoted(String text) {
    int length = text.length();
    byte[] plain = new byte[length + 2];
    plain[0] = '"';
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return quote(text).getBytes(StandardCharsets.UTF_8);
      }
      plain[i + 1] = (byte) c;
    }
    plain[length + 1] = '"';
    return plain;
  }

  /** Whether every surrogate is half of a pair. */
  static boolean isWellFormed(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        i++;
        if (i == length || !Character.isSurrogatePair(c, text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }
}
