package dev.satchel.examples.demo.check;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A browser as far as the check needs one: cookies, forms, and the patience to send a request again
 * that nobody answered. It follows no redirects; whoever drives it does.
 */
final class Browser {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofMillis(50);
  private static final int ATTEMPTS = 100;

  private final HttpClient client;
  private final URI front;
  private final Tally tally;
  private final CookieJar jar = new CookieJar();

  Browser(HttpClient client, URI front, Tally tally) {
    this.client = client;
    this.front = front;
    this.tally = tally;
  }

  CookieJar jar() {
    return jar;
  }

  Reply get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(front.resolve(path)));
  }

  /**
   * @param fields names and values in turn
   */
  Reply post(String path, String... fields) throws IOException, InterruptedException {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      form.append(i == 0 ? "" : "&")
          .append(fields[i])
          .append('=')
          .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return send(
        HttpRequest.newBuilder(front.resolve(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form.toString())));
  }

  /**
   * Sends it, again where the node went down with it in hand (502) or asks to come back (503). That
   * is safe even for a POST: all that a request can change here is the session, the session is in
   * the cookie, and a cookie that never arrived changed nothing.
   */
  private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
    String keyIdSent = jar.keyId();
    request.timeout(TIMEOUT);
    if (!jar.header().isEmpty()) {
      request.header("Cookie", jar.header());
    }
    HttpRequest built = request.build();
    Reply reply = Reply.of(client.send(built, BodyHandlers.ofString()));
    for (int i = 1; i < ATTEMPTS && (reply.status() == 502 || reply.status() == 503); i++) {
      tally.count(reply, false);
      LockSupport.parkNanos(PATIENCE.toNanos());
      reply = Reply.of(client.send(built, BodyHandlers.ofString()));
    }
    jar.take(reply.setCookies());
    tally.count(
        reply, !keyIdSent.isEmpty() && !jar.keyId().isEmpty() && !keyIdSent.equals(jar.keyId()));
    return reply;
  }
}
