package dev.satchel.keys.vault;

import dev.satchel.keys.KeyRingException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One question and its answer, both small. No redirect is followed: the token would go along. What
 * Vault says of an error stays there, since it may repeat what was sent.
 */
final class VaultClient {
  static final int BAD_REQUEST = 400;
  private static final int OK = 200;
  private static final int FORBIDDEN = 403;

  /** Tokens have 30 to some 1,000 characters. */
  private static final int MAX_TOKEN = 8 * 1024;

  /** Visible ASCII: it becomes a header field. */
  private static final Pattern TOKEN = Pattern.compile("[!-~]{1," + MAX_TOKEN + "}");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(BoundedBody.MAX_BYTES)
                          .maxNestingDepth(16)
                          .maxNameLength(128)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final VaultLocation location;

  VaultClient(VaultLocation location) {
    this.location = location;
  }

  /**
   * Asks for something to be done with the key.
   *
   * @return an answer of status 200 or 400
   * @throws KeyRingException with {@link KeyRingException.Reason#UNAVAILABLE} for any other
   */
  Answer post(String operation, ObjectNode question) {
    HttpRequest.BodyPublisher body =
        HttpRequest.BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(question));
    return ask(operation, request(operation).header("Content-Type", "application/json").POST(body));
  }

  /** What Vault says of the key; empty if the token has no right to know. */
  Optional<JsonNode> describe() {
    try {
      return Optional.of(ask("keys", request("keys").GET()))
          .filter(answer -> answer.status() == OK)
          .map(Answer::data);
    } catch (KeyRingException e) {
      return Optional.empty(); // The ring was read, so Vault is there, and this is not needed.
    }
  }

  private HttpRequest.Builder request(String operation) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(location.endpoint(operation)).timeout(location.timeout());
    // Vault's guard against requests that somebody was tricked into sending.
    request.header("X-Vault-Request", "true");
    location.namespace().ifPresent(namespace -> request.header("X-Vault-Namespace", namespace));
    return request;
  }

  private Answer ask(String operation, HttpRequest.Builder request) {
    String token = token();
    Answer answer = send(request.setHeader("X-Vault-Token", token));
    if (answer.status() == FORBIDDEN) {
      // An agent may have renewed it in between; the same one would be refused again.
      String renewed = token();
      if (!renewed.equals(token)) {
        answer = send(request.setHeader("X-Vault-Token", renewed));
      }
    }
    if (answer.status() == OK || answer.status() == BAD_REQUEST) {
      return answer;
    }
    throw unavailable(reason(operation, answer.status()));
  }

  /**
   * With the system's class loader, which threads of the client take over: they live until it is
   * collected, and a container would warn of an application that leaves them behind.
   */
  private Answer send(HttpRequest.Builder request) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    try {
      return exchange(request);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private Answer exchange(HttpRequest.Builder request) {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client().sendAsync(request.build(), new BoundedBody());
    try {
      // The request's own timeout ends with the header: a body that drips has this one.
      HttpResponse<byte[]> response =
          exchange.get(location.timeout().toMillis(), TimeUnit.MILLISECONDS);
      int status = response.statusCode();
      return new Answer(status, status == OK ? data(response.body()) : MAPPER.missingNode());
    } catch (TimeoutException e) {
      throw unavailable("did not answer within " + location.timeout().toSeconds() + " s");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw unavailable("did not answer: " + cause.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("was not waited for: interrupted");
    } finally {
      exchange.cancel(true); // Nothing, once it is complete.
    }
  }

  /** A client for one question: asked once a week, it would keep threads for nothing. */
  private HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(location.timeout());
    location.caFile().ifPresent(file -> builder.sslContext(TrustedCertificates.from(file)));
    return builder.build();
  }

  private JsonNode data(byte[] body) {
    try {
      JsonNode answer = MAPPER.readTree(body);
      if (answer.get("data") instanceof ObjectNode data) {
        return data;
      }
    } catch (JacksonException e) {
      throw unexpected(); // Its message may quote the answer.
    }
    throw unexpected();
  }

  private String token() {
    Path file = location.tokenFile();
    try (InputStream opened = Files.newInputStream(file)) {
      byte[] bytes = opened.readNBytes(MAX_TOKEN + 2);
      String token = new String(bytes, StandardCharsets.ISO_8859_1).strip();
      if (!TOKEN.matcher(token).matches()) {
        throw unavailable(
            "cannot be asked: "
                + file
                + " holds no token, which is one line of visible ASCII characters");
      }
      return token;
    } catch (IOException e) {
      throw unavailable(
          "cannot be asked: token file "
              + file
              + " cannot be read ("
              + e.getClass().getSimpleName()
              + ")");
    }
  }

  /** By https://developer.hashicorp.com/vault/api-docs#http-status-codes. */
  private String reason(String operation, int status) {
    return switch (status) {
      case FORBIDDEN ->
          "refuses the token (403): it has run out, or has no right to "
              + (operation.equals("keys") ? "read " : "update ")
              + location.path(operation);
      case 404 -> "has nothing there (404): a wrong mount or namespace, or no right to see it";
      case 412 -> "has not caught up yet (412)";
      case 429 -> "limits requests (429)";
      case 503 -> "is sealed or in maintenance (503)";
      default ->
          status >= 300 && status < 400
              ? "sends elsewhere (" + status + "), where the token does not go; name that address"
              : "answers with status " + status;
    };
  }

  /** For answers that are no answers. */
  KeyRingException unexpected() {
    return unavailable("answers with something else than Vault does");
  }

  private KeyRingException unavailable(String what) {
    return new KeyRingException(KeyRingException.Reason.UNAVAILABLE, location + " " + what);
  }

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param data member {@code data} of it; missing unless the status is 200
   */
  record Answer(int status, JsonNode data) {
    /** The status; the data may be a key. */
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }
}
