package dev.satchel.examples.demo.check;

import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One answer, and what the shop's page says in it.
 *
 * @param node which node answered; empty if none did
 * @param setCookies the {@code Set-Cookie} lines, one by one
 */
record Reply(int status, String node, List<String> setCookies, String body) {
  private static final Pattern USER = Pattern.compile("id=\"user\">([^<]*)<");
  private static final Pattern VIEWS = Pattern.compile("id=\"views\">(\\d+)<");
  private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");
  private static final Pattern ITEM =
      Pattern.compile("<tr data-product=\"(\\w+)\"><td>[^<]*</td><td class=\"number\">(\\d+)<");

  static Reply of(HttpResponse<String> response) {
    return new Reply(
        response.statusCode(),
        response.headers().firstValue("X-Node").orElse(""),
        response.headers().allValues("Set-Cookie"),
        response.body());
  }

  /** Who is signed in; empty for nobody. */
  String user() {
    return find(USER)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  /** The counter. */
  int views() {
    String views = find(VIEWS);
    return views.isEmpty() ? 0 : Integer.parseInt(views);
  }

  /** What the forms of the page must bring back. */
  String csrf() {
    return find(CSRF);
  }

  /** Quantities by product. */
  Map<String, Integer> cart() {
    Map<String, Integer> cart = new LinkedHashMap<>();
    Matcher item = ITEM.matcher(body);
    while (item.find()) {
      cart.put(item.group(1), Integer.valueOf(item.group(2)));
    }
    return cart;
  }

  /** Whether a key is published and waits for its turn. */
  boolean awaitsKey() {
    return body.contains("published, signs from");
  }

  /** How many of the lines make the browser drop a cookie. */
  long expiringCookies() {
    return setCookies.stream().filter(line -> line.contains("Max-Age=0")).count();
  }

  private String find(Pattern pattern) {
    Matcher found = pattern.matcher(body);
    return found.find() ? found.group(1) : "";
  }
}
