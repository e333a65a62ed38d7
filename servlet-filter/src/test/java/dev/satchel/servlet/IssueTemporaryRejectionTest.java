package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

/** A token that may be good is neither taken for none nor written over. */
class IssueTemporaryRejectionTest extends ScenarioTest {
  private final TestKeys.Changing keys = new TestKeys.Changing(KeyRing.of(TestKeys.key("k1")));
  private volatile boolean broken;

  @Override
  StatelessSessionFilter filter() {
    return StatelessSessionFilter.builder("shop", keys)
        .clock(clock)
        .events(events)
        .revocationCheck(
            state -> {
              if (broken) {
                throw new IllegalStateException("revocation list not reached");
              }
              return false;
            })
        .build();
  }

  private TestApp app(Container container) {
    broken = false;
    return on(container)
        .withSetAndGet()
        .on("/plain", (q, r) -> r.getWriter().print("plain"))
        .on(
            "/login",
            (q, r) -> {
              q.getSession().setAttribute("a", "2");
              r.sendRedirect("/home");
            })
        .on(
            "/logout",
            (q, r) -> {
              HttpSession session = q.getSession(false);
              if (session != null) {
                session.invalidate();
              }
              r.sendRedirect("/bye");
            })
        .on("/error-status", (q, r) -> r.sendError(q.getSession(false) == null ? 401 : 200))
        .on(
            "/sent",
            (q, r) -> {
              r.flushBuffer();
              r.getWriter().print(q.getSession(false));
            })
        .on("/peek", (q, r) -> r.getWriter().print(q.getSession(false) + "x".repeat(100_000)))
        .on("/forward", (q, r) -> q.getRequestDispatcher("/logout").forward(q, r))
        .on(
            "/async",
            (q, r) -> {
              q.getSession(false);
              AsyncContext async = q.startAsync();
              async.start(
                  () -> {
                    try {
                      async.complete();
                    } catch (IllegalStateException e) {
                      // The 503 is on its way.
                    }
                  });
            });
  }

  @OnEachContainer
  @DisplayName("the revocation check fails: no sign-in, sign-out or page as if nobody were there")
  void unverifiable(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    broken = true;
    for (String path :
        List.of("/get", "/login", "/logout", "/error-status", "/peek", "/forward", "/async")) {
      events.take();
      Client.Answer answer = client.get(path);
      assertThat(answer.status()).as(path).isEqualTo(503);
      assertThat(answer.header("Retry-After")).as(path).isEqualTo("10");
      assertThat(answer.body()).as(path).isEmpty();
      assertThat(answer.header("Location")).as(path).isNull();
      assertThat(answer.setCookies()).as(path).isEmpty();
      assertThat(events.take()).as(path).containsExactly("rejected UNVERIFIABLE k1");
    }
    assertThat(client.get("/plain").body()).isEqualTo("plain");
    assertThat(client.get("/sent").status()).isEqualTo(200); // on its way already
    broken = false;
    assertThat(client.get("/get").body()).isEqualTo("1");
  }

  @OnEachContainer
  @DisplayName("a junk cookie beside a token that awaits its key changes nothing: 503 on entry")
  void junkBesideAwaiting(Container container) throws Exception {
    TestApp app = app(container);
    KeyRing behind = keys.ring.get();
    keys.ring.set(KeyRing.of(TestKeys.key("k3")));
    Client client = app.client();
    client.get("/set");
    keys.ring.set(behind);
    keys.absence = KeySource.Absence.NOT_YET_KNOWN;
    Client.Answer answer =
        client.get(
            "/plain", "Cookie: " + COOKIE + "=junk; " + COOKIE + "=" + client.cookies.get(COOKIE));
    keys.absence = KeySource.Absence.UNKNOWN;
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName("a refresh that cannot be sealed does not fail a page that only reads")
  void refreshWithoutKey(Container container) throws Exception {
    TestApp app = app(container);
    KeyRing usual = keys.ring.get();
    SessionKey key = usual.issuing().orElseThrow();
    Client client = app.client();
    client.get("/set");
    keys.ring.set(KeyRing.builder().accepting(key).build());
    clock.advance(Duration.ofMinutes(20));
    events.take();
    Client.Answer answer = client.get("/get");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("1");
    assertThat(answer.setCookies()).isEmpty();
    assertThat(events.take()).containsExactly("accepted k1", "not written NoUsableKeyException");
    assertThat(client.get("/set").status()).isEqualTo(200); // sets what it is already
    keys.ring.set(usual);
  }
}
