package dev.satchel.servlet;

import dev.satchel.Rejection;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads our cookie from the raw {@code Cookie} fields, and the fields without it.
 *
 * <p>A scan of our own because containers differ where it matters: in quoting, {@code $Version},
 * white space, and in which of two cookies of one name they show (BEHAVIOUR.md 33). The rule here
 * is RFC 6265's alone: fields are split at semicolons, a pair at its first equals sign, spaces and
 * tabs around a pair are no part of it, and everything else is. Names compare exactly, so {@code
 * __hOsT-} is another cookie (RFC 6265bis §4.1.3). One pass, linear in the fields' length.
 *
 * <p>One session may be spread over parts {@code name}, {@code name.1}, {@code name.2}…; the first
 * part then starts with their number and a dot. Parts that do not add up stand for nothing; that
 * they belong together is proven by the token's one authentication tag.
 */
final class CookieHeader {
  /**
   * Cookies of one name with different paths and domains happen; more than this is an attack on our
   * time.
   */
  static final int MAX_CANDIDATES = 4;

  private final SessionCookie cookie;

  CookieHeader(SessionCookie cookie) {
    this.cookie = cookie;
  }

  /** Our cookie's tokens in all fields, of which there may be several (RFC 9113 §8.2.3). */
  PresentedTokens read(Enumeration<String> fields) {
    Found found = null;
    while (fields.hasMoreElements()) {
      String field = fields.nextElement();
      if (field.contains(cookie.name())) { // almost always decides at once
        found = found == null ? new Found() : found;
        forEachPair(field, found);
      }
    }
    return found == null ? PresentedTokens.NONE : found.assemble();
  }

  /**
   * The field without our cookie, or null where nothing else is in it. The same string where it
   * holds none of ours.
   */
  @Nullable String without(String field) {
    if (!field.contains(cookie.name())) {
      return field;
    }
    StringBuilder others = new StringBuilder(field.length());
    boolean[] dropped = new boolean[1];
    forEachPair(
        field,
        (same, from, nameEnd, to) -> {
          if (partOf(field, from, nameEnd) >= 0) {
            dropped[0] = true;
          } else if (from < to) {
            others.append(others.isEmpty() ? "" : "; ").append(field, from, to);
          }
        });
    if (!dropped[0]) {
      return field;
    }
    return others.isEmpty() ? null : others.toString();
  }

  /** Whether a cookie of this name is ours. */
  boolean isOurs(String name) {
    return partOf(name, 0, name.length()) >= 0;
  }

  /**
   * The number of the part that a cookie of the name between these places is, or -1 for one that is
   * not ours. Strictly one digit: {@code .01} and {@code .+1} are not parts.
   */
  private int partOf(String field, int from, int nameEnd) {
    String name = cookie.name();
    int length = nameEnd - from;
    if (length < name.length() || !field.startsWith(name, from)) {
      return -1;
    }
    if (length == name.length()) {
      return 0;
    }
    // Without leave to spread, name.1 is somebody else's cookie.
    if (cookie.maxCookies() == 1
        || length != name.length() + 2
        || field.charAt(from + name.length()) != '.') {
      return -1;
    }
    int part = field.charAt(nameEnd - 1) - '0';
    return part >= 1 && part < SessionCookie.MAX_COOKIES ? part : -1;
  }

  /** Told of each pair by where in the field it is. */
  private interface PairConsumer {
    void accept(String field, int from, int nameEnd, int to);
  }

  private static void forEachPair(String field, PairConsumer consumer) {
    int start = 0;
    while (start <= field.length()) {
      int end = field.indexOf(';', start);
      if (end < 0) {
        end = field.length();
      }
      int from = start;
      int to = end;
      while (from < to && isBlank(field.charAt(from))) {
        from++;
      }
      while (to > from && isBlank(field.charAt(to - 1))) {
        to--;
      }
      int nameEnd = from;
      while (nameEnd < to && field.charAt(nameEnd) != '=') {
        nameEnd++;
      }
      // A pair without a name is nobody's.
      consumer.accept(field, from, nameEnd == to ? from : nameEnd, to);
      start = end + 1;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** The values found under each of our names. */
  private final class Found implements PairConsumer {
    /** Each value of the first part once; nearly always there is one, for which no list grows. */
    private List<String> first = List.of();

    private @Nullable String[] later = {};
    private int seen;
    private boolean tooMany;
    private boolean repeatedLater;

    @Override
    public void accept(String field, int from, int nameEnd, int to) {
      int part = partOf(field, from, nameEnd);
      if (part < 0) {
        return;
      }
      seen |= 1 << part;
      String value = field.substring(nameEnd + 1, to);
      if (part > 0) {
        later = later.length == 0 ? new @Nullable String[SessionCookie.MAX_COOKIES] : later;
        repeatedLater |= later[part] != null;
        later[part] = value;
      } else if (!first.contains(value)) {
        tooMany |= first.size() == MAX_CANDIDATES;
        if (first.isEmpty()) {
          first = List.of(value);
        } else if (!tooMany) {
          first = new ArrayList<>(first);
          first.add(value);
        }
      }
    }

    PresentedTokens assemble() {
      if (first.isEmpty()) {
        // Later parts alone stand for nothing; they are expired together with the next write.
        return seen == 0 ? PresentedTokens.NONE : PresentedTokens.of(List.of(), seen);
      }
      if (tooMany) {
        return PresentedTokens.refused(Rejection.AMBIGUOUS, seen);
      }
      if (first.size() == 1 && declaredParts(first.get(0)) == 0) { // as a rule
        return PresentedTokens.of(first, seen);
      }
      // A whole token stays a candidate whatever stands beside it: a sibling host can set a second
      // cookie of our name. Which later part belongs to which of two marked first parts is
      // anybody's guess, so then none of them is joined.
      List<String> candidates = new ArrayList<>(first.size());
      List<String> marked = new ArrayList<>(0);
      for (String value : first) {
        (declaredParts(value) > 0 ? marked : candidates).add(value);
      }
      String token = marked.size() == 1 && !repeatedLater ? join(marked.get(0)) : null;
      if (token != null) {
        candidates.add(token);
      }
      return candidates.isEmpty()
          ? PresentedTokens.refused(Rejection.MALFORMED, seen)
          : PresentedTokens.of(candidates, seen);
    }

    private @Nullable String join(String start) {
      int declared = declaredParts(start);
      if (declared < 2 || declared > cookie.maxCookies()) {
        return null;
      }
      StringBuilder token = new StringBuilder(start.substring(2));
      for (int part = 1; part < declared; part++) {
        if (later.length == 0 || later[part] == null) {
          return null;
        }
        token.append(later[part]);
      }
      return token.toString();
    }
  }

  /**
   * The number before the dot of a first part; 0 for a whole token, whose first segment is never
   * one digit.
   */
  private static int declaredParts(String value) {
    boolean marked =
        value.length() > 2
            && value.charAt(1) == '.'
            && value.charAt(0) >= '0'
            && value.charAt(0) <= '9';
    return marked ? Math.max(1, value.charAt(0) - '0') : 0;
  }
}
