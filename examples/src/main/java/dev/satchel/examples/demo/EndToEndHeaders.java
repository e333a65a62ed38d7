package dev.satchel.examples.demo;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a proxy hands on: every header but those that belong to one connection (RFC 9110 §7.6.1).
 * Lines are never joined; two {@code Set-Cookie} lines in one would be one broken cookie (RFC 6265
 * §3).
 */
final class EndToEndHeaders {
  private static final Set<String> CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** Each hop makes these itself, from the body and the address. */
  private static final Set<String> OWN = Set.of("content-length", "host", "expect");

  private EndToEndHeaders() {}

  /** What the front sends on to a node. */
  static Map<String, List<String>> ofRequest(Map<String, List<String>> headers) {
    return endToEnd(headers);
  }

  /** What the front sends back, less what its server writes itself. */
  static Map<String, List<String>> ofResponse(Map<String, List<String>> headers) {
    Map<String, List<String>> kept = endToEnd(headers);
    kept.remove("date");
    return kept;
  }

  private static Map<String, List<String>> endToEnd(Map<String, List<String>> headers) {
    Map<String, List<String>> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    kept.putAll(headers);
    Set<String> named = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : kept.getOrDefault("connection", List.of())) {
      for (String name : line.split(",")) {
        named.add(name.strip());
      }
    }
    kept.keySet()
        .removeIf(
            name -> {
              String lower = name.toLowerCase(Locale.ROOT);
              return CONNECTION.contains(lower)
                  || OWN.contains(lower)
                  || named.contains(name)
                  || name.startsWith(":");
            });
    return kept;
  }
}
