package dev.satchel.examples.spring;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A browser and the balancer before the nodes, in one: each request goes to the next node, none
 * twice in a row to the same, and the browser sees one address.
 */
final class Balancer {
  private static final String ADDRESS = "https://shop.example";

  private final HttpClient http =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
  private final List<Integer> ports;
  private int requests;

  final Map<String, String> cookies = new LinkedHashMap<>();
  int longestCookieLine;

  Balancer(List<Integer> ports) {
    this.ports = ports;
  }

  HttpResponse<String> get(String pathOrAddress) throws Exception {
    return send(request(pathOrAddress).GET());
  }

  HttpResponse<String> post(String path, String form) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  /** Goes where the answer sends the browser. */
  HttpResponse<String> follow(HttpResponse<String> redirect) throws Exception {
    if (redirect.statusCode() != 302) {
      throw new IllegalStateException("not a redirect: " + redirect.statusCode());
    }
    return get(location(redirect));
  }

  static String location(HttpResponse<String> redirect) {
    String location = redirect.headers().firstValue("Location").orElseThrow();
    return location.startsWith(ADDRESS) ? location.substring(ADDRESS.length()) : location;
  }

  private HttpRequest.Builder request(String path) {
    int port = ports.get(requests++ % ports.size());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Host", "shop.example")
            .header("X-Forwarded-Port", "443");
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    return request;
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    for (String line : response.headers().allValues("Set-Cookie")) {
      longestCookieLine = Math.max(longestCookieLine, line.length());
      String pair = line.split(";", 2)[0];
      String name = pair.substring(0, pair.indexOf('='));
      if (line.contains("Max-Age=0")) {
        cookies.remove(name);
      } else {
        cookies.put(name, pair.substring(pair.indexOf('=') + 1));
      }
    }
    return response;
  }
}
