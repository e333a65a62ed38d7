package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;

/**
 * Cookies that no server has set in that way, from a seeded generator: pieces of two users' tokens,
 * whole and spread over two cookies, in any mixture, mutilated or invented. Never a 5xx, never a
 * session of which not all pieces were there (BEHAVIOUR.md 30, 33, 71, 83).
 */
class CookieFuzzTest extends ScenarioTest {
  private static final int ROUNDS = 400;

  /** Containers refuse longer headers themselves; they take 8 KiB by default. */
  private static final int MOST = 7_500;

  @Override
  StatelessSessionFilter filter() {
    return builder()
        .cookie(SessionCookie.host("shop").withMaxCookies(3))
        .policy(SessionPolicy.defaults().withoutCompression())
        .build();
  }

  private TestApp app(Container container) {
    return on(container)
        .on("/small", (q, r) -> q.getSession().setAttribute("user", q.getParameter("user")))
        .on(
            "/large",
            (q, r) -> {
              q.getSession().setAttribute("user", q.getParameter("user"));
              q.getSession().setAttribute("noise", TooLargeTest.noise(3300));
            })
        .on(
            "/who",
            (q, r) ->
                r.getWriter()
                    .print(
                        q.getSession(false) == null ? "none" : q.getSession().getAttribute("user")))
        .on(
            "/sign-in",
            (q, r) -> {
              q.getSession().setAttribute("seen", 1);
              r.getWriter().print(q.getSession().getAttribute("user"));
            });
  }

  /** One user's cookies, whole. */
  private record User(String name, List<String> values) {}

  private static User user(TestApp app, String page, String name) throws Exception {
    Client client = app.client();
    client.get(page + "?user=" + name);
    List<String> values = new ArrayList<>();
    values.add(client.cookies.get(COOKIE));
    if (client.cookies.containsKey(COOKIE + ".1")) {
      values.add(client.cookies.get(COOKIE + ".1"));
    }
    return new User(name, values);
  }

  @OnEachContainer
  @DisplayName(
      "30, 33, 71, 83: pieces of two users' tokens in any mixture: one's own session or none")
  void mixtures(Container container) throws Exception {
    TestApp app = app(container);
    List<User> users =
        List.of(
            user(app, "/small", "alice"),
            user(app, "/large", "bob"),
            user(app, "/large", "carol"),
            user(app, "/small", "dave"));
    assertThat(users.get(1).values()).hasSize(2);
    Random random = new Random(20260731);
    int sessions = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<String> cookies = mixture(users, random);
      String header = "Cookie: " + String.join("; ", cookies);
      if (header.length() > MOST) {
        continue;
      }
      boolean writes = round % 4 == 0;
      Client.Answer answer = app.client().get(writes ? "/sign-in" : "/who", header);
      assertThat(answer.status()).as("round %s", round).isEqualTo(200);
      for (User user : users) {
        if (answer.body().equals(user.name())) {
          sessions++;
          assertThat(cookies).as("round %s", round).containsAll(whole(user));
        }
      }
      assertThat(answer.body())
          .as("round %s", round)
          .isIn("none", "null", "alice", "bob", "carol", "dave");
      assertThat(answer.setCookies())
          .as("round %s", round)
          .allMatch(line -> line.startsWith(COOKIE) && line.length() <= 4096);
    }
    assertThat(sessions).as("the generator makes good ones too").isPositive();
  }

  private static List<String> whole(User user) {
    List<String> cookies = new ArrayList<>();
    for (int part = 0; part < user.values().size(); part++) {
      cookies.add(COOKIE + (part == 0 ? "" : "." + part) + "=" + user.values().get(part));
    }
    return cookies;
  }

  private static List<String> mixture(List<User> users, Random random) {
    List<String> cookies = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      cookies.addAll(whole(users.get(random.nextInt(users.size()))));
    }
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      User user = users.get(random.nextInt(users.size()));
      int part = random.nextInt(user.values().size());
      String value = mutilated(user.values().get(part), random);
      cookies.add(random.nextInt(cookies.size() + 1), COOKIE + suffix(part, random) + "=" + value);
    }
    if (random.nextInt(3) == 0) {
      cookies.add(0, "other=" + random.nextInt());
    }
    if (cookies.isEmpty()) {
      cookies.add(COOKIE + "=");
    }
    return cookies;
  }

  private static String suffix(int part, Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> ".1";
      case 1 -> ".2";
      case 2 ->
          List.of(".0", ".01", ".9", ".-1", ".1.1", ".", ".99999999999", "x")
              .get(random.nextInt(8));
      case 3 -> "";
      default -> part == 0 ? "" : "." + part;
    };
  }

  private static String mutilated(String value, Random random) {
    int at = random.nextInt(value.length());
    return switch (random.nextInt(8)) {
      case 0 -> value.substring(0, at);
      case 1 -> value.substring(at);
      case 2 ->
          value.substring(0, at) + (char) ('!' + random.nextInt(90)) + value.substring(at + 1);
      case 3 -> random.nextInt(6) + value.substring(1);
      case 4 -> random.nextInt(6) + "." + value;
      default -> value;
    };
  }

  /**
   * Undertow answers 500 to some cookies of whatever name before any filter runs, such as a byte
   * above 126 or a name that starts with a dollar sign. So a 5xx counts where the container alone
   * has none.
   */
  @OnEachContainer
  @DisplayName(
      "83: any bytes, control and non-ASCII ones too, in name and value: never a 5xx of ours")
  void bytes(Container container) throws Exception {
    TestApp app = app(container);
    Random random = new Random(7);
    int read = 0;
    try (TestApp without = TestApp.start(container, null)) {
      without.on("/who", (q, r) -> q.getSession(false));
      for (int round = 0; round < ROUNDS; round++) {
        String cookie = nonsense(random, round % 2 == 0 ? 0x7f : 0x100);
        Client.Answer answer = app.client().get("/who", cookie);
        if (answer.status() == 200) {
          assertThat(answer.body()).as("round %s", round).isEqualTo("none");
          read++;
        } else {
          int alone = without.client().get("/who", cookie).status();
          assertThat(answer.status()).as("round %s", round).isEqualTo(alone).isIn(400, 500);
        }
      }
    }
    assertThat(read).as("most reach the filter").isGreaterThan(ROUNDS / 4);
  }

  /** Mostly printable characters, a quarter anything below the given one. */
  private static String nonsense(Random random, int below) {
    StringBuilder value = new StringBuilder();
    int length = random.nextInt(60);
    for (int i = 0; i < length; i++) {
      char c =
          (char) (random.nextInt(4) == 0 ? random.nextInt(below) : 0x20 + random.nextInt(0x5f));
      value.append(c == '\r' || c == '\n' ? ' ' : c);
    }
    String name = random.nextInt(4) == 0 ? "" : COOKIE + (random.nextBoolean() ? "=" : ".1=");
    return "Cookie: " + name + value;
  }

  @OnEachContainer
  @DisplayName(
      "83, 33: two hundred cookies, of our name and of others, and a value of 7,000 characters")
  void many(Container container) throws Exception {
    TestApp app = app(container);
    User alice = user(app, "/small", "alice");
    StringBuilder others = new StringBuilder();
    for (int i = 0; i < 199; i++) {
      others.append("c").append(i).append("=").append(i).append("; ");
    }
    // 200 is the most that Tomcat and Undertow take; a refusal is theirs, before any filter.
    Client.Answer found = app.client().get("/who", "Cookie: " + others + whole(alice).get(0));
    assertThat(found.status()).isEqualTo(200);
    assertThat(found.body()).isEqualTo("alice");
    StringBuilder ours = new StringBuilder();
    for (int i = 0; i < 199; i++) {
      ours.append(COOKIE).append("=x").append(i).append("; ");
    }
    ours.append(whole(alice).get(0));
    Client.Answer tooMany = app.client().get("/who", "Cookie: " + ours);
    assertThat(tooMany.status()).isEqualTo(200);
    assertThat(tooMany.body()).isEqualTo("none");
    String parts = (COOKIE + ".1=x; ").repeat(190) + whole(alice).get(0);
    assertThat(app.client().get("/who", "Cookie: " + parts).status()).isEqualTo(200);
    for (String long7000 : List.of("x".repeat(7000), "2." + "e".repeat(6998), ".".repeat(7000))) {
      Client.Answer answer = app.client().get("/who", "Cookie: " + COOKIE + "=" + long7000);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("none");
    }
    // Beyond what the container reads: its own refusal, no failure.
    Client.Answer refused =
        app.client().get("/who", "Cookie: " + COOKIE + "=" + "x".repeat(20_000));
    assertThat(refused.status()).isBetween(200, 499);
  }

  @OnEachContainer
  @DisplayName("71: parts that name each other, or more parts than there are, are no session")
  void loops(Container container) throws Exception {
    TestApp app = app(container);
    User bob = user(app, "/large", "bob");
    User carol = user(app, "/large", "carol");
    String first = bob.values().get(0);
    String second = bob.values().get(1);
    List<String> headers =
        List.of(
            COOKIE + "=" + second + "; " + COOKIE + ".1=" + first, // the wrong way round
            COOKIE + "=" + first + "; " + COOKIE + ".1=" + first, // itself again
            COOKIE + "=2." + first + "; " + COOKIE + ".1=" + second, // declared twice
            COOKIE + "=" + first + "; " + COOKIE + ".1=2." + second,
            COOKIE + "=" + first + "; " + COOKIE + ".1=" + carol.values().get(1),
            COOKIE + "=" + carol.values().get(0) + "; " + COOKIE + ".1=" + second);
    for (String header : headers) {
      Client.Answer answer = app.client().get("/who", "Cookie: " + header);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("none");
      assertThat(answer.setCookies()).isNotEmpty().allMatch(line -> line.contains("Max-Age=0"));
    }
    // The first is missing: nothing to refuse, and nothing to read.
    assertThat(app.client().get("/who", "Cookie: " + COOKIE + ".1=" + second).body())
        .isEqualTo("none");
    String inOtherOrder = COOKIE + ".1=" + second + "; x=1; " + COOKIE + "=" + first;
    assertThat(app.client().get("/who", "Cookie: " + inOtherOrder).body()).isEqualTo("bob");
  }
}
