package dev.satchel.examples.jwks;

import dev.satchel.TokenAlgorithm;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import javax.net.ssl.SSLContext;

/**
 * One service signs people in, another lets them in, and all they share is an address: the issuer
 * signs with Ed25519 (or ES256) and publishes its public keys as a JWK set, over TLS; the gate
 * verifies with those.
 */
public final class JwksExample {
  private JwksExample() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    run(TokenAlgorithm.ED25519, System.out);
  }

  static void run(TokenAlgorithm algorithm, PrintStream out) throws Exception {
    try (OwnCertificate certificate = OwnCertificate.create();
        Issuer issuer = new Issuer(algorithm, certificate)) {
      SSLContext trust = certificate.trust();
      HttpClient client = HttpClient.newBuilder().sslContext(trust).build();
      URI jwks = issuer.location("/jwks.json");

      // What is published: public keys, with a tag by which nobody fetches them twice.
      HttpResponse<String> set = get(client, jwks, "");
      String etag = set.headers().firstValue("ETag").orElseThrow();
      boolean secret = set.body().contains("\"d\":");
      out.println("published: " + set.statusCode() + ", with a private part: " + secret);
      out.println("asked again with its tag: " + get(client, jwks, etag).statusCode());

      try (Gate gate = new Gate(jwks, trust)) {
        String token = signIn(client, issuer, "ada");
        show(out, "at the gate", gate.answer(token));
        show(out, "with a forged token", gate.answer(forged(token)));

        // The private key was stolen. The gate has not seen the key that signs from now on; it
        // says so, looks for it, and ada tries again.
        issuer.replaceStolenKey();
        String fresh = signIn(client, issuer, "ada");
        Gate.Answer answer = gate.answer(fresh);
        show(out, "with the new key", answer);
        for (int i = 0; answer.status() == 503 && i < 200; i++) {
          Thread.sleep(50); // a client's patience, shortened
          answer = gate.answer(fresh);
        }
        show(out, "a moment later", answer);
        show(out, "with the stolen key", gate.answer(token));
      }
    }
  }

  private static String signIn(HttpClient client, Issuer issuer, String name) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(issuer.location("/sign-in?name=" + name))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    return client
        .send(request, HttpResponse.BodyHandlers.ofString())
        .headers()
        .firstValue(Issuer.HEADER)
        .orElseThrow();
  }

  private static HttpResponse<String> get(HttpClient client, URI address, String etag)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    if (!etag.isEmpty()) {
      request.header("If-None-Match", etag);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The token with one character of its signature changed. */
  private static String forged(String token) {
    int at = token.lastIndexOf('.') + 1;
    return token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
  }

  private static void show(PrintStream out, String what, Gate.Answer answer) {
    out.println(what + ": " + answer.status() + ", " + answer.text());
  }
}
