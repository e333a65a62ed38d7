package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;

/** What sharing a session must not give away (BEHAVIOUR.md 77). */
class SharedSessionSafetyTest extends OverlapTest {
  /** What a signed-in client has, signed in under a new id. */
  private static void signInPage(TestApp app) {
    app.on(
        "/sign-in",
        (q, r) -> {
          q.changeSessionId();
          q.getSession().setAttribute(StatelessSessionFilter.SUBJECT, "victim");
        });
  }

  @OnEachContainer
  @DisplayName("25, 46, 77: an error page does not tell the token of the new id to the old one")
  void errorPageOfTheOldId(Container container) throws Exception {
    TestApp app = on(container);
    Client victim = signedIn(app);
    signInPage(app);
    slowPage(app, (q, r) -> {}, (q, r) -> r.sendError(418));
    app.on("/error", (q, r) -> writeLate(q.getSession()));
    Client thief = app.client();
    thief.cookies.putAll(victim.cookies);

    Future<Client.Answer> held = startSlow(thief);
    victim.get("/sign-in");
    Client.Answer stolen = finish(held);
    assertThat(stolen.status()).isEqualTo(418);
    assertThat(stolen.setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName("25, 47, 77: nor does the error page of an exception, that only reads")
  void exceptionPageOfTheOldId(Container container) throws Exception {
    TestApp app = on(container);
    Client victim = signedIn(app);
    CountDownLatch signedIn = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    app.on(
        "/sign-in",
        (q, r) -> {
          q.changeSessionId();
          q.getSession().setAttribute(StatelessSessionFilter.SUBJECT, "victim");
          signedIn.countDown();
          await(over); // and has told its client nothing yet
        });
    slowPage(
        app,
        (q, r) -> {},
        (q, r) -> {
          throw new TestApp.Broken();
        });
    app.on("/broken", (q, r) -> q.getSession().getAttribute("start"));
    Client thief = app.client();
    thief.cookies.putAll(victim.cookies);

    Future<Client.Answer> held = startSlow(thief);
    Future<Client.Answer> signingIn = later(() -> victim.get("/sign-in"));
    await(signedIn);
    Client.Answer stolen = finish(held);
    over.countDown();
    assertThat(stolen.setCookies()).isEmpty();
    assertThat(signingIn.get().setCookies()).hasSize(1);
  }

  @OnEachContainer
  @DisplayName("77: the end of an older line drops no session that is in use")
  void olderLineEnds(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    try (TestApp other = TestApp.start(container, filter())) {
      other.on("/there", (q, r) -> q.getSession().setAttribute("b", "there"));
      CountDownLatch newerIn = new CountDownLatch(1);
      CountDownLatch newerOn = new CountDownLatch(1);
      AtomicReference<HttpSession> newer = new AtomicReference<>();
      AtomicReference<HttpSession> third = new AtomicReference<>();
      slowPage(app, (q, r) -> {}, (q, r) -> {});
      app.on(
          "/newer",
          (q, r) -> {
            newer.set(q.getSession());
            newerIn.countDown();
            await(newerOn);
          });
      app.on("/third", (q, r) -> third.set(q.getSession()));
      Client elsewhere = other.client();
      elsewhere.cookies.putAll(client.cookies);

      Future<Client.Answer> old = startSlow(client);
      elsewhere.get("/there");
      Client next = app.client();
      next.cookies.putAll(elsewhere.cookies);
      Future<Client.Answer> held = later(() -> next.get("/newer"));
      await(newerIn);
      finish(old);
      awaitSessionsInUse(1);
      next.get("/third");
      newerOn.countDown();
      held.get();
      assertThat(third.get() == newer.get()).isTrue();
    }
  }

  @OnEachContainer
  @DisplayName("25, 26, 77: a token of before a sign-in without a new id is not let into it")
  void otherSubject(Container container) throws Exception {
    TestApp app = on(container);
    Client victim = signedIn(app);
    Client old = app.client();
    old.cookies.putAll(victim.cookies);
    clock.advance(Duration.ofMillis(5));
    app.on(
        "/sign-in", // as it must not be done
        (q, r) -> {
          q.getSession().setAttribute(StatelessSessionFilter.SUBJECT, "victim");
          q.getSession().setAttribute("a", "secret");
        });
    victim.get("/sign-in");
    slowPage(app, (q, r) -> {}, (q, r) -> {});

    Future<Client.Answer> held = startSlow(victim);
    assertThat(old.get("/show").body()).isEqualTo("null null");
    assertThat(victim.get("/show").body()).isEqualTo("secret null");
    finish(held);
  }

  @OnEachContainer
  @DisplayName("21, 25, 77: a new id given after the request is over keeps nothing")
  void renewedAfterwards(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    AtomicReference<HttpServletRequest> kept = new AtomicReference<>();
    app.on(
        "/keep",
        (q, r) -> {
          q.getSession();
          kept.set(q);
        });
    client.get("/keep");
    awaitEndOfRequests();
    kept.get().changeSessionId();
    awaitEndOfRequests();
  }

  private static void writeLate(HttpSession session) {
    try {
      session.setAttribute("b", "thief");
    } catch (IllegalStateException refused) {
      // as it should be; the page is shown all the same
    }
  }
}
