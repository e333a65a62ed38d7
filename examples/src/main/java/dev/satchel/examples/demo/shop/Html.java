package dev.satchel.examples.demo.shop;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Markup that is safe to send. Values get into it through {@link #of} alone, which escapes them, so
 * a type says what a convention would have to remember.
 */
record Html(String markup) {
  static final Html NONE = new Html("");
  private static final Pattern HOLE = Pattern.compile("\\{\\}");

  /**
   * Fills the holes of a pattern, written {@code {}}, one by one. {@link Html} goes in as it is,
   * everything else as escaped text.
   *
   * @param pattern a constant of the program, never input
   */
  static Html of(String pattern, Object... values) {
    var filled = new StringBuilder();
    Matcher hole = HOLE.matcher(pattern);
    int next = 0;
    while (hole.find()) {
      if (next == values.length) {
        throw new IllegalArgumentException("more holes than the " + next + " values: " + pattern);
      }
      Object value = values[next++];
      String text = value instanceof Html html ? html.markup : escape(value.toString());
      hole.appendReplacement(filled, Matcher.quoteReplacement(text));
    }
    if (next != values.length) {
      throw new IllegalArgumentException(
          values.length + " values for " + next + " holes: " + pattern);
    }
    return new Html(hole.appendTail(filled).toString());
  }

  /** All parts, one behind the other. */
  static Html join(List<Html> parts) {
    var joined = new StringBuilder();
    parts.forEach(part -> joined.append(part.markup).append('\n'));
    return new Html(joined.toString());
  }

  /** Text for element content and for attributes in double or single quotes. */
  static String escape(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
