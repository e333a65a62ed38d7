package dev.satchel.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a response that carries a token out of shared caches, which would hand it to others
 * (BEHAVIOUR.md 72). Remembers what it put in the place of what, since the application may add to
 * it later, and the token may be taken back. Not thread-safe.
 */
final class CacheControl {
  private static final String FIELD = "Cache-Control";

  private @Nullable String ours;
  private List<String> replaced = List.of();

  /**
   * Says {@code no-store} where the application says nothing, and else takes its {@code public} and
   * {@code s-maxage} back and says {@code private} (RFC 9111 §5.2.2).
   */
  void confine(HttpServletResponse response) {
    List<String> own = ofApplication(response.getHeaders(FIELD));
    List<String> kept = new ArrayList<>();
    boolean shared = false;
    boolean confined = false;
    for (String value : own) {
      for (String each : value.split(",", -1)) {
        String directive = each.strip();
        String lower = directive.toLowerCase(Locale.ROOT);
        if (lower.equals("public") || lower.startsWith("s-maxage")) {
          shared = true;
        } else if (!directive.isEmpty()) {
          confined |= lower.equals("private") || lower.equals("no-store");
          kept.add(directive);
        }
      }
    }
    if (confined && !shared) {
      restore(response, own);
      return;
    }
    if (!confined) {
      kept.add(kept.isEmpty() && !shared ? "no-store" : "private");
    }
    String value = String.join(", ", kept);
    response.setHeader(FIELD, value);
    ours = value;
    replaced = own;
  }

  /**
   * The response carries no token any more. Where nothing but ours stands there it is left, as
   * there is nothing that it contradicts.
   */
  void release(HttpServletResponse response) {
    List<String> own = ofApplication(response.getHeaders(FIELD));
    if (!own.isEmpty()) {
      restore(response, own);
    }
  }

  private void restore(HttpServletResponse response, List<String> own) {
    if (ours != null) {
      ours = null;
      response.setHeader(FIELD, own.get(0)); // replaces all values
      own.stream().skip(1).forEach(value -> response.addHeader(FIELD, value));
    }
  }

  /** With what ours replaced in its place; all of it, if the application took ours away. */
  private List<String> ofApplication(Collection<String> present) {
    List<String> own = new ArrayList<>(present);
    int at = ours == null ? -1 : own.indexOf(ours);
    if (at < 0) {
      ours = null;
    } else {
      own.remove(at);
      own.addAll(at, replaced);
    }
    return own;
  }
}
