package dev.satchel.servlet;

import dev.satchel.KeySource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** Scenarios with a page that stays open until the test lets it go on. */
abstract class OverlapTest extends ScenarioTest {
  private static final int PATIENCE_SECONDS = 20;

  final KeySource keys = TestKeys.source();
  private final ExecutorService browser = Executors.newCachedThreadPool();
  final AtomicReference<HttpSession> slow = new AtomicReference<>();
  private CountDownLatch entered = new CountDownLatch(1);
  private CountDownLatch goOn = new CountDownLatch(1);

  @Override
  StatelessSessionFilter filter() {
    return StatelessSessionFilter.builder("shop", keys).clock(clock).events(events).build();
  }

  @AfterAll
  void closeBrowser() {
    browser.shutdownNow();
  }

  @AfterEach
  void release() {
    goOn.countDown();
    entered = new CountDownLatch(1);
    goOn = new CountDownLatch(1);
  }

  /** A page that takes its session, waits until the test says so, and goes on. */
  final void slowPage(TestApp app, TestApp.Page before, TestApp.Page after) {
    app.on(
        "/slow",
        (q, r) -> {
          slow.set(q.getSession());
          before.handle(q, r);
          entered.countDown();
          await(goOn);
          after.handle(q, r);
        });
  }

  final Future<Client.Answer> startSlow(Client client) throws Exception {
    String cookie = "Cookie: " + COOKIE + "=" + client.cookies.get(COOKIE);
    Callable<Client.Answer> call = () -> client.get("/slow", cookie);
    Future<Client.Answer> answer = browser.submit(call);
    await(entered);
    return answer;
  }

  /** Runs beside the test. */
  final Future<Client.Answer> later(Callable<Client.Answer> request) {
    return browser.submit(request);
  }

  final Client.Answer finish(Future<Client.Answer> request) throws Exception {
    goOn.countDown();
    return request.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("waited in vain");
    }
  }

  static Object get(HttpServletRequest request, String name) {
    return request.getSession().getAttribute(name);
  }

  final Client signedIn(TestApp app) throws Exception {
    app.on("/start", (q, r) -> q.getSession().setAttribute("start", "yes"));
    app.on("/show", (q, r) -> r.getWriter().print(get(q, "a") + " " + get(q, "b")));
    Client client = app.client();
    client.get("/start");
    return client;
  }
}
