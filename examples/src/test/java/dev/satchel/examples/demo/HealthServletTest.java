package dev.satchel.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.examples.TomcatNodes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.catalina.core.StandardContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthServletTest {
  private final HttpClient client = HttpClient.newHttpClient();

  private HttpResponse<String> ask(URI node) throws Exception {
    return client.send(
        HttpRequest.newBuilder(node.resolve("health")).build(), BodyHandlers.ofString());
  }

  @Test
  void demo_saysThatItIsUp_withoutASession() throws Exception {
    InstantSource clock = InstantSource.system();
    try (RingDirectory directory = RingDirectory.create();
        Node node =
            new Node("A", SharedRing.create(directory, clock), directory.scratch("A"), clock)) {
      node.start();
      HttpResponse<String> answer = ask(node.location());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body().strip()).isEqualTo("UP");
      assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }
  }

  @Test
  void degraded_isServed_down_isNot_andNobodyHearsWhy(@TempDir Path scratch) throws Exception {
    var health = new AtomicReference<>(KeySource.Health.up());
    KeySource keys =
        new KeySource() {
          @Override
          public KeyRing current() {
            return KeyRing.builder().build();
          }

          @Override
          public Health health() {
            return health.get();
          }
        };
    try (TomcatNodes nodes =
        TomcatNodes.start(
            scratch,
            List.of("A"),
            server -> {
              StandardContext context = (StandardContext) server.addContext("", null);
              context.addServletContainerInitializer(
                  (types, app) ->
                      app.addServlet("health", new HealthServlet(keys)).addMapping("/health"),
                  java.util.Set.of());
            })) {
      health.set(KeySource.Health.of(KeySource.Health.Status.DEGRADED, "look at the store"));
      assertThat(ask(nodes.next()).statusCode()).isEqualTo(200);
      assertThat(ask(nodes.next()).body().strip()).isEqualTo("DEGRADED");
      health.set(KeySource.Health.of(KeySource.Health.Status.DOWN, "rotate it"));
      assertThat(ask(nodes.next()).statusCode()).isEqualTo(503);
      assertThat(ask(nodes.next()).body().strip()).isEqualTo("DOWN");
    }
  }
}
