package dev.satchel.examples.function;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * Function compute: each request is handled by an instance that has just been started and is ended
 * right after. The session travels in a header, both ways; the key ring is mounted read-only.
 */
public final class FunctionExample {
  private FunctionExample() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException, InterruptedException {
    run(System.out);
  }

  static void run(PrintStream out) throws IOException, InterruptedException {
    try (ReadOnlyRing ring = ReadOnlyRing.create();
        Platform platform = new Platform(ring.environment())) {
      HttpClient client = HttpClient.newHttpClient();
      String token = "";
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> response = call(client, platform, token);
        token = response.headers().firstValue(VisitFunction.HEADER).orElseThrow();
        out.println("instance " + platform.instances() + ": " + response.body().strip());
      }
      out.println("without its token: " + call(client, platform, "").body().strip());
      out.println("with a damaged one: " + call(client, platform, token + "A").body().strip());
    }
  }

  private static HttpResponse<String> call(HttpClient client, Platform platform, String token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(platform.location());
    if (!token.isEmpty()) {
      request.header(VisitFunction.HEADER, token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
