package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;

/** Requests of one session that overlap on one node (BEHAVIOUR.md 77). */
class SharedSessionTest extends OverlapTest {

  @OnEachContainer
  @DisplayName("77: overlapping requests have one session object, later ones another")
  void oneObject(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    slowPage(app, (q, r) -> {}, (q, r) -> {});
    List<HttpSession> seen = new ArrayList<>();
    app.on("/quick", (q, r) -> seen.add(q.getSession()));

    Future<Client.Answer> answer = startSlow(client);
    client.get("/quick");
    HttpSession shared = slow.get();
    assertThat(seen.get(0) == shared).isTrue();
    finish(answer);
    awaitEndOfRequests();
    client.get("/quick");
    assertThat(seen.get(1) == shared).isFalse();
  }

  @OnEachContainer
  @DisplayName("77: what both write is in the response of the later one")
  void bothWrite(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    slowPage(app, (q, r) -> {}, (q, r) -> q.getSession().setAttribute("a", "slow"));
    app.on("/quick", (q, r) -> q.getSession().setAttribute("b", "quick"));

    Future<Client.Answer> answer = startSlow(client);
    assertThat(client.get("/quick").setCookies()).hasSize(1);
    assertThat(finish(answer).setCookies()).hasSize(1);
    assertThat(client.get("/show").body()).isEqualTo("slow quick");
  }

  @OnEachContainer
  @DisplayName("73, 77: who only reads writes nothing, whatever an overlapping request does")
  void readerWritesNothing(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    slowPage(app, (q, r) -> {}, (q, r) -> r.getWriter().print(get(q, "b")));
    app.on("/quick", (q, r) -> q.getSession().setAttribute("b", "quick"));

    Future<Client.Answer> answer = startSlow(client);
    client.get("/quick");
    Client.Answer slowly = finish(answer);
    assertThat(slowly.body()).isEqualTo("quick"); // as in a container
    assertThat(slowly.setCookies()).isEmpty();
    assertThat(client.get("/show").body()).isEqualTo("null quick");
  }

  @OnEachContainer
  @DisplayName("17, 77: changed in place after its own response was sent, carried by the other")
  void carriedByTheOther(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    app.on("/fill", (q, r) -> q.getSession().setAttribute("a", new ArrayList<>(List.of("x"))));
    client.get("/fill");
    slowPage(app, (q, r) -> {}, (q, r) -> {});
    app.on(
        "/quick",
        (q, r) -> {
          @SuppressWarnings("unchecked")
          List<String> list = (List<String>) get(q, "a");
          r.flushBuffer();
          list.add("y");
        });
    events.take();

    Future<Client.Answer> answer = startSlow(client);
    client.get("/quick");
    finish(answer);
    assertThat(client.get("/show").body()).isEqualTo("[x, y] null");
    assertThat(events.take()).noneMatch(e -> e.startsWith("late "));
  }

  @OnEachContainer
  @DisplayName("25, 77: a token of before changeSessionId is not exchanged for one of after")
  void noTokenOfTheNewId(Container container) throws Exception {
    TestApp app = on(container);
    Client victim = signedIn(app);
    AtomicReference<Throwable> refused = new AtomicReference<>();
    slowPage(
        app,
        (q, r) -> q.getSession().setAttribute("a", "thief"),
        (q, r) -> refused.set(catchThrowable(() -> q.getSession().setAttribute("b", "late"))));
    app.on(
        "/sign-in",
        (q, r) -> {
          q.changeSessionId();
          q.getSession().setAttribute(StatelessSessionFilter.SUBJECT, "victim");
        });
    app.on("/again", (q, r) -> r.getWriter().print(q.getSession(false).getAttribute("start")));
    Client thief = app.client();
    thief.cookies.putAll(victim.cookies);

    Future<Client.Answer> held = startSlow(thief);
    assertThat(victim.get("/sign-in").setCookies()).hasSize(1);
    Client.Answer stolen = finish(held);
    assertThat(stolen.setCookies()).isEmpty();
    assertThat(refused.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("attribute 'b'")
        .hasMessageContaining("an overlapping request changed the session's id");
    assertThat(victim.get("/again").body()).isEqualTo("yes");
  }

  @OnEachContainer
  @DisplayName("25, 77: nor is a token of the old id let into the session that has a new one")
  void oldIdStaysOutside(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    Client old = app.client();
    old.cookies.putAll(client.cookies);
    slowPage(
        app,
        (q, r) -> {
          q.changeSessionId();
          q.getSession().setAttribute("a", "secret");
        },
        (q, r) -> {});

    Future<Client.Answer> answer = startSlow(client);
    assertThat(old.get("/show").body()).isEqualTo("null null");
    finish(answer);
    assertThat(client.get("/show").body()).isEqualTo("secret null");
  }

  @OnEachContainer
  @DisplayName("12, 30, 77: invalidated by one, ended for the other, which leaves the cookie alone")
  void invalidatedByTheOther(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    AtomicReference<Throwable> used = new AtomicReference<>();
    AtomicReference<HttpSession> then = new AtomicReference<>();
    slowPage(
        app,
        (q, r) -> {},
        (q, r) -> {
          used.set(catchThrowable(() -> slow.get().getAttribute("start")));
          then.set(q.getSession(false));
        });
    app.on(
        "/sign-out",
        (q, r) -> {
          q.getSession().invalidate();
          q.getSession().setAttribute("a", "new");
        });

    Future<Client.Answer> answer = startSlow(client);
    client.get("/sign-out");
    assertThat(finish(answer).setCookies()).isEmpty();
    assertThat(used.get()).isInstanceOf(IllegalStateException.class);
    assertThat(then.get()).isNull();
    assertThat(client.get("/show").body()).isEqualTo("new null");
  }

  @OnEachContainer
  @DisplayName("77: a token written by another node meanwhile is not taken for this node's")
  void writtenElsewhere(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    try (TestApp other = TestApp.start(container, filter())) {
      Client elsewhere = other.client();
      elsewhere.cookies.putAll(client.cookies);
      other.on("/there", (q, r) -> q.getSession().setAttribute("b", "there"));
      slowPage(app, (q, r) -> q.getSession().setAttribute("a", "here"), (q, r) -> {});

      Future<Client.Answer> answer = startSlow(client);
      elsewhere.get("/there");
      Client next = app.client();
      next.cookies.putAll(elsewhere.cookies);
      assertThat(next.get("/show").body()).isEqualTo("null there");
      finish(answer);
      assertThat(client.get("/show").body()).isEqualTo("here null");
    }
  }

  @OnEachContainer
  @DisplayName("77: a request that began before the newest token was written shares all the same")
  void olderToken(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    Client behind = app.client();
    behind.cookies.putAll(client.cookies);
    clock.advance(Duration.ofMillis(5));
    app.on("/quick", (q, r) -> q.getSession().setAttribute("b", "quick"));
    client.get("/quick");
    slowPage(app, (q, r) -> {}, (q, r) -> {});

    Future<Client.Answer> answer = startSlow(client);
    assertThat(behind.get("/show").body()).isEqualTo("null quick");
    finish(answer);
  }

  @OnEachContainer
  @DisplayName("16, 77: a list that another thread is changing while it is written is not dropped")
  void changedWhileWritten(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    app.on("/fill", (q, r) -> q.getSession().setAttribute("a", new Changing(List.of("x"), 0)));
    app.on("/twice", (q, r) -> q.getSession().setAttribute("a", new Changing(List.of("y"), 2)));
    app.on(
        "/always",
        (q, r) -> {
          q.getSession().setAttribute("a", new Changing(List.of("z"), Integer.MAX_VALUE));
          q.getSession().setAttribute("b", "kept");
        });
    client.get("/fill");
    client.get("/twice");
    assertThat(client.get("/show").body()).isEqualTo("[y] null");
    events.take();
    client.get("/always");
    assertThat(events.take()).noneMatch(e -> e.startsWith("dropped"));
    assertThat(client.get("/show").body()).isEqualTo("[y] kept");
  }

  /** As a list that is being changed: who iterates over it fails, so many times. */
  private static final class Changing extends ArrayList<String> {
    private static final long serialVersionUID = 1L;
    private int failures;

    Changing(List<String> elements, int failures) {
      super(elements);
      this.failures = failures;
    }

    @Override
    public Iterator<String> iterator() {
      if (failures-- > 0) {
        throw new ConcurrentModificationException();
      }
      return super.iterator();
    }
  }

  @OnEachContainer
  @DisplayName("21, 77: a session first asked for after the request was over is not kept")
  void askedForAfterwards(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    AtomicReference<HttpServletRequest> kept = new AtomicReference<>();
    CountDownLatch over = new CountDownLatch(1);
    app.on(
        "/leave",
        (q, r) -> {
          kept.set(q);
          q.startAsync()
              .addListener(
                  new SilentAsyncListener() {
                    @Override
                    public void onComplete(AsyncEvent event) {
                      over.countDown();
                    }
                  });
          q.getAsyncContext().complete();
        });
    client.get("/leave");
    await(over);
    assertThat(kept.get().getSession(false).getAttribute("start")).isEqualTo("yes");
    awaitEndOfRequests();
  }

  @OnEachContainer
  @DisplayName("56, 77: asynchronous requests leave the session when they end, however they end")
  void asynchronousEnds(Container container) throws Exception {
    TestApp app = on(container);
    Client client = signedIn(app);
    app.on(
        "/timeout",
        (q, r) -> {
          q.getSession().setAttribute("a", "1");
          q.startAsync()
              .setTimeout(200); // shorter, and Jetty may miss it while the page still runs
        });
    app.on(
        "/dispatch",
        (q, r) -> {
          q.getSession().setAttribute("a", "2");
          q.startAsync().dispatch("/show");
        });
    app.on(
        "/complete",
        (q, r) -> {
          q.getSession().setAttribute("b", "3");
          AsyncContext context = q.startAsync();
          context.start(context::complete);
        });
    app.on(
        "/fail",
        (q, r) -> {
          q.getSession();
          q.startAsync();
          throw new TestApp.Broken();
        });
    client.get("/timeout");
    assertThat(client.get("/dispatch").body()).isEqualTo("2 null");
    client.get("/complete");
    client.get("/fail");
    assertThat(client.get("/show").body()).isEqualTo("2 3");
    awaitEndOfRequests();
  }
}
