package dev.satchel.examples.demo.check;

import dev.satchel.examples.demo.shop.TokenFacts;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The cookies of one browser, kept as RFC 6265bis §5.7 demands for the {@code __Host-Http-} prefix:
 * a line that breaks the prefix's promise is refused, and whoever sent it finds out.
 */
final class CookieJar {
  private static final String PREFIX = "__Host-Http-";

  private final Map<String, String> cookies = new LinkedHashMap<>();

  /** Takes the lines of one response. */
  void take(List<String> setCookieLines) {
    for (String line : setCookieLines) {
      take(line);
    }
  }

  private void take(String line) {
    String[] parts = line.split(";");
    String name = parts[0].substring(0, parts[0].indexOf('='));
    String value = parts[0].substring(parts[0].indexOf('=') + 1);
    List<String> attributes =
        Arrays.stream(parts).skip(1).map(part -> part.strip().toLowerCase(Locale.ROOT)).toList();
    if (name.startsWith(PREFIX)
        && !(attributes.contains("secure")
            && attributes.contains("httponly")
            && attributes.contains("path=/")
            && attributes.stream().noneMatch(attribute -> attribute.startsWith("domain=")))) {
      throw new IllegalStateException(name + " breaks the promise of its prefix: " + attributes);
    }
    if (attributes.contains("max-age=0")) {
      cookies.remove(name);
    } else {
      cookies.put(name, value);
    }
  }

  /** The request's {@code Cookie} header; empty for none. */
  String header() {
    return cookies.entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .collect(Collectors.joining("; "));
  }

  /** The session token. */
  Optional<String> token() {
    return cookies.entrySet().stream()
        .filter(cookie -> cookie.getKey().startsWith(PREFIX))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Replaces the session token, as an attacker with the browser in hand can. */
  void forge(String token) {
    cookies.replaceAll((name, value) -> name.startsWith(PREFIX) ? token : value);
  }

  /** The id of the key that sealed the token, without the hour; empty for no token. */
  String keyId() {
    return token()
        .flatMap(TokenFacts::read)
        .map(facts -> facts.kid().substring(0, facts.kid().indexOf('.')))
        .orElse("");
  }
}
