package dev.satchel.examples.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionRevocations;
import dev.satchel.TokenAlgorithm;
import dev.satchel.examples.TomcatNodes;
import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.RotationPolicy;
import dev.satchel.keys.file.FileKeyRingStore;
import dev.satchel.servlet.StatelessSessionFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two Tomcats whose ring's location says {@code revocations=true}: what is signed out at one is
 * signed out at the other, and nobody loses a cookie to a request that was on its way.
 */
@Timeout(120)
class SignOutTest {
  private static final String COOKIE = "__Host-Http-shop=";

  /** Nodes read ten times a second, so that a test need not wait for the 10 s of life. */
  private static final RotationPolicy POLICY =
      new RotationPolicy(
          TokenAlgorithm.A256GCM,
          Duration.ofDays(7),
          Duration.ofHours(24),
          Duration.ofHours(24),
          Duration.ofHours(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofMillis(100),
          Duration.ofDays(28));

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private TomcatNodes nodes;

  @BeforeEach
  void start() throws Exception {
    Path ring = directory.resolve("ring");
    new KeyCustodian(
            new FileKeyRingStore(ring),
            KeyEncryptionKey.insecurePlaintext(),
            InstantSource.system())
        .creation("shop", POLICY)
        .commit();
    String location = "file:" + ring + "?insecurePlaintext=true&revocations=true";
    nodes = TomcatNodes.start(directory, server -> deploy(server, location));
  }

  private void deploy(Tomcat server, String location) {
    Context context = server.addContext("", null);
    context.addServletContainerInitializer(
        (types, app) -> {
          var filter = app.addFilter("session", StatelessSessionFilter.class);
          filter.setInitParameter("application", "shop");
          filter.setInitParameter("keySource", location);
          filter.setAsyncSupported(true);
          filter.addMappingForUrlPatterns(null, false, "/*");
          app.addServlet("shop", new Shop()).addMapping("/*");
        },
        java.util.Set.of());
  }

  @AfterEach
  void stop() throws Exception {
    goOn.countDown();
    nodes.close();
  }

  @Test
  @DisplayName("a copied token ends with the session, on the other node too")
  void invalidate() throws Exception {
    String cookie = cookie(ask(0, "in", null));
    assertThat(ask(1, "who", cookie).body()).isEqualTo("ann");
    assertThat(ask(0, "out", cookie).headers().firstValue("Set-Cookie").orElse(""))
        .contains("Max-Age=0");
    assertThat(ask(0, "who", cookie).body()).isEqualTo("nobody");
    await(() -> ask(1, "who", cookie).body().equals("nobody"));
    assertThat(ask(1, "who", cookie).headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  @DisplayName(
      "26: a request with the token of before a change of the id does not take the new one")
  void changeSessionId() throws Exception {
    String old = cookie(ask(0, "in", null));
    String fresh = cookie(ask(0, "renew", old));
    for (int node = 0; node < 2; node++) {
      int each = node;
      await(() -> ask(each, "who", old).body().equals("nobody"));
      assertThat(ask(each, "who", old).headers().firstValue("Set-Cookie")).isEmpty();
      assertThat(ask(each, "who", fresh).body()).isEqualTo("ann");
    }
  }

  @Test
  @DisplayName("a request under way at one node does not bring back what the other signed out")
  void underWay() throws Exception {
    String cookie = cookie(ask(0, "in", null));
    Future<HttpResponse<String>> slow = CompletableFuture.supplyAsync(() -> ask(1, "slow", cookie));
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    ask(0, "out", cookie);
    await(() -> ask(1, "who", cookie).body().equals("nobody"));
    goOn.countDown();
    HttpResponse<String> answer = slow.get(20, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  @DisplayName("sign-out everywhere, but here")
  void everywhere() throws Exception {
    String phone = cookie(ask(1, "in", null));
    String laptop = cookie(ask(0, "in", null));
    String renewed = cookie(ask(1, "renew", phone)); // keeps the day it was created
    Instant before = Instant.now();
    await(() -> Instant.now().toEpochMilli() > before.toEpochMilli());
    String here = cookie(ask(0, "everywhere", laptop));
    await(() -> ask(1, "who", renewed).body().equals("nobody"));
    assertThat(ask(0, "who", laptop).body()).isEqualTo("nobody");
    assertThat(ask(0, "who", here).body()).isEqualTo("ann");
    assertThat(ask(1, "who", here).body()).isEqualTo("ann");
  }

  private HttpResponse<String> ask(int node, String path, String cookie) {
    HttpRequest.Builder request = HttpRequest.newBuilder(nodes.location(node).resolve(path));
    if (cookie != null) {
      request.header("Cookie", cookie);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String cookie(HttpResponse<String> answer) {
    String line = answer.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(line).startsWith(COOKIE);
    return line.split(";")[0];
  }

  private static void await(BooleanSupplier condition) {
    // No claim of how soon, which a busy machine would break; it ends a test that hangs.
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
    }
  }

  private final class Shop extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      HttpSession session = request.getSession(false);
      switch (request.getPathInfo()) {
        case "/in" -> request.getSession().setAttribute(StatelessSessionFilter.SUBJECT, "ann");
        case "/out" -> session.invalidate();
        case "/renew" -> request.changeSessionId();
        case "/slow" -> {
          entered.countDown();
          try {
            goOn.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          session.setAttribute("seen", "late");
        }
        case "/everywhere" -> {
          session.invalidate();
          HttpSession fresh = request.getSession();
          fresh.setAttribute(StatelessSessionFilter.SUBJECT, "ann");
          var revocations =
              (SessionRevocations)
                  request.getServletContext().getAttribute(StatelessSessionFilter.REVOCATIONS);
          revocations.revokeSubject("ann", Instant.ofEpochMilli(fresh.getCreationTime()));
        }
        default ->
            response
                .getWriter()
                .print(
                    session == null
                        ? "nobody"
                        : session.getAttribute(StatelessSessionFilter.SUBJECT));
      }
    }
  }
}
