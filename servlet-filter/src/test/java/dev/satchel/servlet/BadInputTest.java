package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.SessionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;

/**
 * Whatever a client sends is a session or no session, never a failure (BEHAVIOUR.md 30, 33, 83).
 */
class BadInputTest extends ScenarioTest {
  private final TestKeys.Changing keys = new TestKeys.Changing(KeyRing.of(TestKeys.key("k1")));
  private final Set<String> revoked = ConcurrentHashMap.newKeySet();

  @Override
  StatelessSessionFilter filter() {
    return StatelessSessionFilter.builder("shop", keys)
        .clock(clock)
        .events(events)
        .revocationCheck(state -> revoked.contains(state.id()))
        .build();
  }

  @BeforeEach
  void keysAsUsual() {
    keys.absence = KeySource.Absence.UNKNOWN;
  }

  private TestApp app(Container container) {
    return on(container)
        .withSetAndGet()
        .on("/other", (q, r) -> q.getSession().setAttribute("a", "2"))
        .on("/id", (q, r) -> r.getWriter().print(q.getSession().getId()))
        .on("/change", (q, r) -> q.getSession().setAttribute("a", "3"));
  }

  private static void assertDropped(Client.Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("none");
    assertThat(answer.setCookies())
        .containsExactly(
            COOKIE
                + "=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure; HttpOnly; SameSite=Lax");
    assertThat(answer.header("Vary")).isEqualTo("Cookie");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
  }

  @OnEachContainer
  @DisplayName(
      "30: tampered, truncated, foreign and empty tokens: no session, one expiring cookie, the same answer for each")
  void refusedTokens(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    String token = client.cookies.get(COOKIE);
    String tampered =
        token.substring(0, token.length() - 30) + "AAAA" + token.substring(token.length() - 26);
    Client foreigner = app.client();
    KeyRing mine = keys.ring.get();
    keys.ring.set(KeyRing.of(TestKeys.key("k9")));
    foreigner.get("/set");
    keys.ring.set(mine);
    events.take();

    List<Client.Answer> answers = new ArrayList<>();
    List<String> bad =
        List.of(
            tampered,
            token.substring(0, token.length() - 1),
            token + "A",
            foreigner.cookies.get(COOKIE),
            "",
            "nonsense",
            "2.nonsense",
            "\"" + token + "\"",
            "x".repeat(7000));
    for (String value : bad) {
      answers.add(client.get("/get", "Cookie: " + COOKIE + "=" + value));
    }
    answers.forEach(BadInputTest::assertDropped);
    assertThat(events.take().stream().filter(e -> e.startsWith("rejected")))
        .contains("rejected UNAUTHENTIC k1", "rejected UNKNOWN_KEY null", "rejected MALFORMED null")
        .hasSize(bad.size());
    // Not sent: not expired. Else a slow answer could take away what another one has just set.
    assertThat(app.client().get("/get").setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName("83: random bytes under our name never cause a failure")
  void fuzz(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    String token = client.cookies.get(COOKIE);
    Random random = new Random(42);
    for (int i = 0; i < 150; i++) {
      char[] chars = token.toCharArray();
      for (int n = random.nextInt(4); n >= 0; n--) {
        char c = (char) (0x21 + random.nextInt(0x5e));
        chars[random.nextInt(chars.length)] = c;
      }
      String value = new String(chars, 0, 1 + random.nextInt(chars.length));
      Client.Answer answer = client.get("/get", "Cookie: " + COOKIE + "=" + value);
      assertThat(answer.status()).as(value).isEqualTo(200);
      assertThat(answer.body()).as(value).isEqualTo(value.equals(token) ? "1" : "none");
    }
    String many = "Cookie: " + (COOKIE + "=x; ").repeat(200) + "y=1";
    assertThat(client.get("/get", many).status()).isIn(200, 400);
  }

  @OnEachContainer
  @NotOn(
      value = Container.UNDERTOW,
      because =
          "it answers 500 itself to a byte above 127 in a Cookie field, before it calls any filter")
  @DisplayName("83: bytes that are no ASCII under our name never cause a failure")
  void noAscii(Container container) throws Exception {
    Client client = app(container).client();
    assertThat(client.get("/get", "Cookie: " + COOKIE + "=é\u0080ÿ").status()).isIn(200, 400);
  }

  @OnEachContainer
  @DisplayName("revoked: no session; the cookie stays, as it may hold another token by now")
  void revoked(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    String id = client.get("/id").body();
    revoked.add(id);
    events.take();
    Client.Answer answer = client.get("/get");
    assertThat(answer.body()).isEqualTo("none");
    assertThat(answer.setCookies()).isEmpty();
    assertThat(answer.header("Vary")).isEqualTo("Cookie");
    assertThat(events.take()).containsExactly("rejected REVOKED k1");
  }

  @OnEachContainer
  @DisplayName("30: a bad cookie, and the application makes a new session: one cookie, the new one")
  void badThenNew(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.cookies.put(COOKIE, "nonsense");
    Client.Answer answer = client.get("/set");
    assertThat(answer.setCookies()).singleElement().asString().startsWith(COOKIE + "=eyJ");
    assertThat(client.get("/get").body()).isEqualTo("1");
  }

  @OnEachContainer
  @DisplayName("33: of two cookies of our name the good one is taken, in whatever order and field")
  void duplicateWithBad(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    String good = COOKIE + "=" + client.cookies.get(COOKIE);
    String bad = COOKIE + "=nonsense";
    for (String[] fields :
        new String[][] {
          {"Cookie: " + good + "; " + bad},
          {"Cookie: " + bad + "; x=1; " + good},
          {"Cookie: " + bad, "Cookie: " + good},
          {"Cookie: " + good, "Cookie: " + good},
        }) {
      Client.Answer answer = client.get("/get", fields);
      assertThat(answer.body()).as(Arrays.toString(fields)).isEqualTo("1");
      assertThat(answer.setCookies()).isEmpty();
    }
  }

  @OnEachContainer
  @DisplayName("33: two good tokens of one session: the later one")
  void duplicateOfOneSession(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    String earlier = COOKIE + "=" + client.cookies.get(COOKIE);
    clock.advance(Duration.ofSeconds(1));
    client.get("/change");
    String later = COOKIE + "=" + client.cookies.get(COOKIE);
    assertThat(client.get("/get", "Cookie: " + earlier + "; " + later).body()).isEqualTo("3");
    assertThat(client.get("/get", "Cookie: " + later + "; " + earlier).body()).isEqualTo("3");
  }

  @OnEachContainer
  @DisplayName("33: two good tokens of two sessions are no session")
  void ambiguous(Container container) throws Exception {
    TestApp app = app(container);
    Client one = app.client();
    Client two = app.client();
    one.get("/set");
    two.get("/other");
    events.take();
    assertDropped(
        one.get(
            "/get",
            "Cookie: "
                + COOKIE
                + "="
                + one.cookies.get(COOKIE)
                + "; "
                + COOKIE
                + "="
                + two.cookies.get(COOKIE)));
    assertThat(events.take()).containsExactly("rejected AMBIGUOUS null", "expired");
  }

  @OnEachContainer
  @DisplayName("33: more than four cookies of our name are no session, without trying any")
  void tooMany(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    StringBuilder header =
        new StringBuilder("Cookie: " + COOKIE + "=" + client.cookies.get(COOKIE));
    for (int i = 0; i < 4; i++) {
      header.append("; " + COOKIE + "=x" + i);
    }
    events.take();
    assertDropped(client.get("/get", header.toString()));
    assertThat(events.take()).containsExactly("rejected AMBIGUOUS null", "expired");
  }

  @OnEachContainer
  @DisplayName("84: an old key's token is accepted and written again under the new key")
  void oldKey(Container container) throws Exception {
    TestApp app = app(container);
    KeyRing before = keys.ring.get();
    Client client = app.client();
    client.get("/set");
    SessionKey old = before.issuing().orElseThrow();
    keys.ring.set(KeyRing.of(TestKeys.key("k2"), old));
    events.take();
    Client.Answer answer = client.get("/get");
    assertThat(answer.body()).isEqualTo("1");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(events.take()).containsExactly("accepted k1", "issued");
    assertThat(client.get("/get").setCookies()).isEmpty();
    keys.ring.set(before);
  }

  @OnEachContainer
  @DisplayName(
      "a key that other nodes have and this one not yet: 503, retry, and the cookie is kept; the application is not run")
  void ringBehind(Container container) throws Exception {
    TestApp app = app(container);
    KeyRing behind = keys.ring.get();
    keys.ring.set(KeyRing.of(TestKeys.key("k3")));
    Client client = app.client();
    client.get("/set");
    KeyRing ahead = keys.ring.get();
    keys.ring.set(behind);
    keys.absence = KeySource.Absence.NOT_YET_KNOWN;
    boolean[] ran = new boolean[1];
    app.on("/run", (q, r) -> ran[0] = true);
    events.take();

    Client.Answer answer = client.get("/run");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.setCookies()).isEmpty();
    assertThat(ran[0]).isFalse();
    assertThat(events.take()).containsExactly("rejected KEY_NOT_YET_KNOWN null");

    keys.ring.set(ahead);
    assertThat(client.get("/get").body()).isEqualTo("1");
    keys.ring.set(behind);
  }

  @OnEachContainer
  @DisplayName(
      "the ring falls behind between entry and reading: 503, nothing written over the cookie")
  void ringBehindLater(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    KeyRing usual = keys.ring.get();
    app.on(
        "/race",
        (q, r) -> {
          keys.absence = KeySource.Absence.NOT_YET_KNOWN;
          keys.ring.set(KeyRing.of(TestKeys.key("k4")));
          r.getWriter().print(q.getSession(false));
        });
    events.take();
    Client.Answer answer = client.get("/race");
    keys.ring.set(usual);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(answer.body()).isEmpty();
    assertThat(answer.setCookies()).isEmpty();
    assertThat(events.take()).containsExactly("rejected KEY_NOT_YET_KNOWN null");
    assertThat(client.get("/get").body()).isEqualTo("1");
  }

  @OnEachContainer
  @DisplayName(
      "no key left to seal with: 503, nothing of the page is sent, the client keeps its token")
  void noUsableKey(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    KeyRing usual = keys.ring.get();
    SessionKey verifying = usual.issuing().orElseThrow();
    keys.ring.set(KeyRing.builder().accepting(verifying).build());
    app.on(
        "/page",
        (q, r) -> {
          q.getSession().setAttribute("a", "9");
          r.getWriter().print("page");
        });
    app.on("/forward", (q, r) -> q.getRequestDispatcher("/page").forward(q, r));
    for (String path : List.of("/page", "/forward")) {
      events.take();
      Client.Answer answer = client.get(path);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isEqualTo("1");
      assertThat(answer.body()).isEmpty();
      assertThat(answer.setCookies()).isEmpty();
      assertThat(events.take()).contains("not written NoUsableKeyException");
    }
    assertThat(client.get("/get").body()).isEqualTo("1"); // reading still works
    keys.ring.set(usual);
    assertThat(SessionPolicy.defaults().idleTimeout()).isEqualTo(Duration.ofMinutes(30));
  }
}
