package dev.satchel.examples.jaxrs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.examples.TomcatNodes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.glassfish.jersey.server.ServerProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every request goes to the other node than the one before it, with the token that the last answer
 * brought.
 */
class PlaylistTest {
  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private TomcatNodes nodes;
  private String token = "";

  /** Jersey reports failures by {@code sendError}; told otherwise, by {@code reset}. */
  private void start(boolean reset) throws Exception {
    URI ring = TomcatNodes.ring(directory, PlaylistApplication.NAME);
    nodes =
        TomcatNodes.start(
            directory,
            server ->
                deploy(
                    server,
                    ring,
                    Map.of(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, reset)));
  }

  private static void deploy(Tomcat server, URI ring, Map<String, Object> settings) {
    Context context = server.addContext("", null);
    context.addServletContainerInitializer(
        (types, app) -> PlaylistApplication.deploy(app, ring, settings), Set.of());
  }

  @AfterEach
  void stop() throws Exception {
    nodes.close();
  }

  @ParameterizedTest(name = "by reset: {0}")
  @ValueSource(booleans = {false, true})
  @DisplayName("17, 38, 41, 47, 56, 75: streams, failures and late answers all keep the session")
  void journey(boolean reset) throws Exception {
    start(reset);
    assertThat(ask("POST", "songs/Help", 200)).isEqualTo("song 1");
    assertThat(ask("POST", "songs/Yesterday", 200)).isEqualTo("song 2");
    assertThat(ask("GET", "songs", 200)).isEqualTo("Help,Yesterday");

    assertThat(ask("GET", "songs/recording", 200)).hasSize(300_000);
    assertThat(ask("DELETE", "songs/Nothing", 404)).isEqualTo("There is no such song.");
    assertThat(ask("GET", "songs", 200)).isEqualTo("Help,Yesterday,recorded");

    assertThat(ask("POST", "songs/next", 200)).isEqualTo("playing Help");
    assertThat(ask("GET", "songs", 200)).isEqualTo("Yesterday,recorded");

    ask("POST", "songs/buy", 402);
    ask("POST", "songs/eject", 500);
    assertThat(ask("GET", "songs", 200)).isEqualTo("Yesterday,recorded,unpaid,jammed");
    assertThat(ask("DELETE", "songs/unpaid", 204)).isEmpty();
    assertThat(ask("GET", "songs", 200)).isEqualTo("Yesterday,recorded,jammed");
  }

  private String ask(String method, String path, int expected) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(nodes.next().resolve(path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header(PlaylistApplication.HEADER, token);
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(expected);
    assertThat(response.headers().allValues("Set-Cookie")).isEmpty();
    token = response.headers().firstValue(PlaylistApplication.HEADER).orElse(token);
    return response.body();
  }
}
