package dev.satchel;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a token is for: application, transport, and the cookie's or header's name. It is bound into
 * every token (through the key derivation, for asymmetric signatures as the {@code aud} claim), so
 * a token of one context is refused in every other although they share a key ring (RFC 8725 §3.9,
 * §3.12).
 *
 * @param application the application's id, the same on all its nodes: 1 to 64 of {@code A-Z a-z 0-9
 *     . _ -}
 * @param transport {@code cookie}, {@code header} or another word of your own: 1 to 16 of {@code
 *     a-z}
 * @param name the cookie's or header's name: 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 */
public record TokenContext(String application, String transport, String name) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern TRANSPORT = Pattern.compile("[a-z]{1,16}");

  /**
   * @throws IllegalArgumentException if a part has other characters or another length
   */
  public TokenContext {
    require(NAME, application, "application");
    require(TRANSPORT, transport, "transport");
    require(NAME, name, "name");
  }

  /** The context of a cookie. */
  public static TokenContext cookie(String application, String name) {
    return new TokenContext(application, "cookie", name);
  }

  /**
   * The context of a header. Header names are case-insensitive, so the name is taken in lower case.
   */
  public static TokenContext header(String application, String name) {
    return new TokenContext(application, "header", name.toLowerCase(Locale.ROOT));
  }

  private static void require(Pattern allowed, String value, String what) {
    if (!allowed.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "token context: " + what + " is '" + value + "', allowed is " + allowed.pattern());
    }
  }

  /**
   * The form that is bound into tokens: {@code application/transport/name}. No part may hold a
   * slash, so it is unambiguous.
   */
  @Override
  public String toString() {
    return application + "/" + transport + "/" + name;
  }
}
