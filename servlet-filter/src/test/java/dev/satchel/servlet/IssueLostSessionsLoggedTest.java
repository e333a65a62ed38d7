package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;

/** Who looks for lost sessions finds them in the log, also where no events can be configured. */
class IssueLostSessionsLoggedTest extends ScenarioTest {
  private final TestKeys.Changing keys = new TestKeys.Changing(KeyRing.of(TestKeys.key("k1")));

  @Override
  StatelessSessionFilter filter() {
    return StatelessSessionFilter.builder("shop", keys).clock(clock).build();
  }

  private TestApp app(Container container) {
    return on(container)
        .on("/set", (q, r) -> q.getSession().setAttribute("a", "1"))
        .on("/get", (q, r) -> r.getWriter().print(q.getSession(false) != null));
  }

  @OnEachContainer
  @DisplayName("a token that awaits its key: a warning beside the 503, each hour anew")
  void keyNotYetKnown(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    KeyRing usual = keys.ring.getAndSet(KeyRing.of(TestKeys.key("k2")));
    keys.absence = KeySource.Absence.NOT_YET_KNOWN;
    String debug = "FINE a session token was rejected as KEY_NOT_YET_KNOWN";
    String warning =
        "WARNING a session token was rejected as KEY_NOT_YET_KNOWN; such requests are answered 503";
    try (Logged logged = new Logged()) {
      assertThat(client.get("/get").status()).isEqualTo(503);
      assertThat(logged.takeWithLevels()).containsExactly(debug, warning);
      assertThat(client.get("/get").status()).isEqualTo(503);
      assertThat(logged.takeWithLevels()).containsExactly(debug);
      clock.advance(Duration.ofHours(1));
      assertThat(client.get("/get").status()).isEqualTo(503);
      assertThat(logged.takeWithLevels())
          .containsExactly(debug, warning + " (2 times since this was last logged)");
    } finally {
      keys.absence = KeySource.Absence.UNKNOWN;
      keys.ring.set(usual);
    }
  }

  @OnEachContainer
  @DisplayName("two sessions in one request: a warning")
  void ambiguous(Container container) throws Exception {
    TestApp app = app(container);
    Client one = app.client();
    Client other = app.client();
    one.get("/set");
    other.get("/set");
    String cookies =
        COOKIE + "=" + one.cookies.get(COOKIE) + "; " + COOKIE + "=" + other.cookies.get(COOKIE);
    try (Logged logged = new Logged()) {
      assertThat(app.client().get("/get", "Cookie: " + cookies).body()).isEqualTo("false");
      assertThat(logged.takeWithLevels())
          .containsExactly(
              "FINE a session token was rejected as AMBIGUOUS",
              "WARNING a session token was rejected as AMBIGUOUS");
    }
  }

  @OnEachContainer
  @DisplayName("parts of a cookie that make no token: a warning; a token cut short: none")
  void parts(Container container) throws Exception {
    TestApp app = app(container);
    try (Logged logged = new Logged()) {
      app.client().get("/get", "Cookie: " + COOKIE + "=4.abc");
      assertThat(logged.takeWithLevels())
          .containsExactly(
              "FINE a session token was rejected as MALFORMED",
              "WARNING parts of a session cookie that make no token were rejected as MALFORMED");
      app.client().get("/get", "Cookie: " + COOKIE + "=abc");
      assertThat(logged.takeWithLevels())
          .containsExactly("FINE a session token was rejected as MALFORMED");
    }
  }

  @OnEachContainer
  @DisplayName("a refresh that cannot be sealed, and a change that cannot: a warning of each")
  void noKey(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    KeyRing usual = keys.ring.get();
    SessionKey key = usual.issuing().orElseThrow();
    keys.ring.set(KeyRing.builder().accepting(key).build());
    clock.advance(Duration.ofMinutes(20));
    try (Logged logged = new Logged()) {
      assertThat(client.get("/get").status()).isEqualTo(200);
      assertThat(logged.takeWithLevels())
          .singleElement()
          .asString()
          .startsWith("WARNING session: a token could not be refreshed, so its session ends when");
      assertThat(app.client().get("/set").status()).isEqualTo(503);
      assertThat(logged.takeWithLevels())
          .singleElement()
          .asString()
          .startsWith("WARNING session: a request was answered 503: ");
    } finally {
      keys.ring.set(usual);
    }
  }
}
