package dev.satchel.examples.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.TokenAlgorithm;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JwksExampleTest {
  /** Held, or their levels would be forgotten with them. */
  private static final List<Logger> LOGGERS =
      Stream.of("org.apache", "dev.satchel").map(Logger::getLogger).toList();

  @BeforeAll
  static void quiet() {
    LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ED25519", "ES256"})
  void saysWhatItsDescriptionPromises(TokenAlgorithm algorithm) throws Exception {
    var bytes = new ByteArrayOutputStream();
    JwksExample.run(algorithm, new PrintStream(bytes, true, StandardCharsets.UTF_8));

    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "published: 200, with a private part: false",
            "asked again with its tag: 304",
            "at the gate: 200, welcome, ada",
            "with a forged token: 401, sign in first",
            "with the new key: 503, try again in a moment",
            "a moment later: 200, welcome, ada",
            "with the stolen key: 401, sign in first");
  }

  /** PROTOCOL.md (c) row 6: what a server has to say. */
  @Test
  void servlet_methodsAndFields() throws Exception {
    try (OwnCertificate certificate = OwnCertificate.create();
        Issuer issuer = new Issuer(TokenAlgorithm.ES256, certificate)) {
      HttpClient client = HttpClient.newBuilder().sslContext(certificate.trust()).build();
      HttpResponse<String> get = ask(client, issuer, "GET");
      assertThat(get.body()).startsWith("{\"keys\":[{\"kty\":\"EC\"");
      assertThat(get.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("application/jwk-set+json");
      long age = get.headers().firstValueAsLong("Age").orElseThrow();
      assertThat(get.headers().firstValue("Cache-Control"))
          .contains("public, max-age=" + (60 + Math.min(age, 60)));
      assertThat(get.headers().firstValue("Set-Cookie")).isEmpty();
      assertThat(get.headers().firstValue(Issuer.HEADER)).isEmpty();
      String etag = get.headers().firstValue("ETag").orElseThrow();

      HttpResponse<String> head = ask(client, issuer, "HEAD");
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers().firstValue("ETag")).contains(etag);
      assertThat(head.headers().firstValue("Content-Length"))
          .isEqualTo(get.headers().firstValue("Content-Length"));

      assertThat(ask(client, issuer, "HEAD", "If-None-Match", etag).statusCode()).isEqualTo(304);
      HttpResponse<String> same =
          ask(client, issuer, "GET", "If-None-Match", "\"a\"", "If-None-Match", "W/" + etag);
      assertThat(same.statusCode()).isEqualTo(304);
      assertThat(same.body()).isEmpty();
      assertThat(same.headers().firstValue("ETag")).contains(etag);
      assertThat(same.headers().firstValue("Cache-Control")).isPresent();
      assertThat(same.headers().firstValueAsLong("Age")).isPresent();

      issuer.replaceStolenKey();
      assertThat(ask(client, issuer, "GET", "If-None-Match", etag).statusCode()).isEqualTo(200);
      assertThat(ask(client, issuer, "POST").statusCode()).isEqualTo(405);
    }
  }

  private static HttpResponse<String> ask(
      HttpClient client, Issuer issuer, String method, String... fields) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(issuer.location("/jwks.json"))
            .method(method, HttpRequest.BodyPublishers.noBody());
    for (int i = 0; i < fields.length; i += 2) {
      request.header(fields[i], fields[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
