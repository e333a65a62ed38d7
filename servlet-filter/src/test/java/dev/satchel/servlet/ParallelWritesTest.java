package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpSession;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;

/** Many parallel requests of one session that all write (BEHAVIOUR.md 76, 77). */
class ParallelWritesTest extends ScenarioTest {
  private static final int THREADS = 64;
  private static final int REQUESTS = 10_000;

  /**
   * One request is open all the while, as an event stream would be, so that there is no moment
   * without an overlapping request; a browser that gets two responses at one time keeps the one
   * that arrives last, which no server can order.
   *
   * <p>What counts is how often the servlet ran: the JDK's client sends a {@code GET} again whose
   * connection ended without an answer, and so once in many runs one request more than it was told.
   */
  @OnEachContainer
  @DisplayName("76, 77: 64 threads, 10,000 requests, no update is lost")
  void noLostUpdate(Container container) throws Exception {
    TestApp app = on(container);
    AtomicReference<AsyncContext> stream = new AtomicReference<>();
    CountDownLatch open = new CountDownLatch(1);
    app.on(
        "/stream",
        (q, r) -> {
          q.getSession().setAttribute("counter", 0);
          AsyncContext context = q.startAsync();
          context.setTimeout(0);
          stream.set(context);
          open.countDown();
        });
    AtomicInteger added = new AtomicInteger();
    app.on(
        "/add",
        (q, r) -> {
          added.incrementAndGet();
          HttpSession session = q.getSession(false);
          synchronized (session) {
            session.setAttribute("counter", (Integer) session.getAttribute("counter") + 1);
          }
        });
    app.on("/counter", (q, r) -> r.getWriter().print(q.getSession().getAttribute("counter")));
    app.on("/start", (q, r) -> q.getSession());
    Client client = app.client();
    client.get("/start");

    ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    try {
      Future<Client.Answer> streamed = threads.submit(() -> client.get("/stream"));
      assertThat(open.await(20, TimeUnit.SECONDS)).as("/stream is open").isTrue();
      AtomicReference<String> jar = new AtomicReference<>(client.cookies.get(COOKIE));
      AtomicInteger left = new AtomicInteger(REQUESTS);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        all.add(
            threads.submit(
                () -> {
                  while (left.getAndDecrement() > 0) {
                    add(http, app.port(), jar);
                  }
                  return null;
                }));
      }
      for (Future<?> thread : all) {
        thread.get(60, TimeUnit.SECONDS);
      }
      stream.get().complete();
      streamed.get(20, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
    assertThat(added).hasValueGreaterThanOrEqualTo(REQUESTS);
    assertThat(client.get("/counter").body()).isEqualTo(added.toString());
  }

  private static void add(HttpClient http, int port, AtomicReference<String> jar) throws Exception {
    HttpResponse<Void> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/add"))
                .header("Cookie", COOKIE + "=" + jar.get())
                .build(),
            HttpResponse.BodyHandlers.discarding());
    assertThat(answer.statusCode()).isEqualTo(200);
    String line = answer.headers().firstValue("Set-Cookie").orElseThrow();
    jar.set(line.substring(line.indexOf('=') + 1, line.indexOf(';')));
  }
}
