package dev.satchel.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Two nodes, and each request of a browser goes to the other one. */
class SpringExampleTest {
  private static final String COOKIE = "__Host-Http-shop";

  @TempDir private static Path home;
  private static ConfigurableApplicationContext one;
  private static ConfigurableApplicationContext other;

  private final Balancer browser = new Balancer(List.of(port(one), port(other)));

  @BeforeAll
  static void start() throws Exception {
    String keySource = SpringExample.createRing(home);
    one = SpringExample.start(keySource, 0);
    other = SpringExample.start(keySource, 0);
  }

  @AfterAll
  static void stop() {
    one.close();
    other.close();
  }

  @Test
  @DisplayName("the directory with the ring and its key is deleted as a whole")
  void nothingLeftBehind() throws Exception {
    Path directory = Files.createDirectory(home.resolve("of-another"));
    SpringExample.createRing(directory);
    SpringExample.delete(directory);
    assertThat(directory).doesNotExist();
  }

  private static int port(ConfigurableApplicationContext node) {
    return node.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  @Test
  @DisplayName(
      "sign in on one node with the form of the other, and get to the page first asked for")
  void savedRequest() throws Exception {
    HttpResponse<String> refused = browser.get("/order?item=pear%20tree");
    assertThat(Balancer.location(refused)).isEqualTo("/login");

    HttpResponse<String> signedIn = signIn("ada", "lovelace");
    assertThat(Balancer.location(signedIn)).isEqualTo("/order?item=pear%20tree&continue");
    assertThat(browser.follow(signedIn).body()).contains("customer: ada").contains("order: none");
    assertThat(browser.get("/").body()).isEqualTo("Hello, ada");
    assertThat(browser.get("/").body()).isEqualTo("Hello, ada");
  }

  @Test
  @DisplayName("flash attributes reach the other node, once; attributes of the application stay")
  void flashAttributes() throws Exception {
    browser.get("/order");
    HttpResponse<String> page = browser.follow(signIn("bob", "builder"));

    HttpResponse<String> ordered =
        browser.post("/order", "item=pear&item=plum&_csrf=" + csrf(page.body()));
    assertThat(Balancer.location(ordered)).isEqualTo("/order");
    assertThat(browser.follow(ordered).body())
        .contains("order: pear, plum")
        .contains("message: Thank you for 2 items");
    assertThat(browser.get("/order").body())
        .contains("order: pear, plum")
        .contains("message: null");
    assertThat(browser.longestCookieLine).isBetween(500, 1_500);
  }

  @Test
  @DisplayName("signing out on one node is signing out on both")
  void signOut() throws Exception {
    browser.get("/order");
    HttpResponse<String> page = browser.follow(signIn("ada", "lovelace"));
    String signedIn = browser.cookies.get(COOKIE);

    HttpResponse<String> signedOut = browser.post("/logout", "_csrf=" + csrf(page.body()));
    assertThat(signedOut.headers().allValues("Set-Cookie"))
        .singleElement()
        .asString()
        .startsWith(COOKIE + "=;")
        .contains("Max-Age=0");
    assertThat(Balancer.location(signedOut)).isEqualTo("/login?logout");
    assertThat(signedIn).isNotNull();
    assertThat(browser.cookies).isEmpty();
    assertThat(browser.get("/").body()).isEqualTo("Hello, stranger");
    assertThat(Balancer.location(browser.get("/order"))).isEqualTo("/login");
  }

  @Test
  @DisplayName("a session fixed before the sign-in stays a stranger's")
  void sessionFixation() throws Exception {
    browser.get("/order");
    browser.get("/login");
    String fixed = browser.cookies.get(COOKIE);
    signIn("ada", "lovelace");
    assertThat(browser.get("/").body()).isEqualTo("Hello, ada");
    String own = browser.cookies.get(COOKIE);

    browser.cookies.put(COOKIE, fixed);
    assertThat(browser.get("/").body()).isEqualTo("Hello, stranger");
    assertThat(own).isNotEqualTo(fixed);
  }

  @Test
  @DisplayName("a wrong password is told on the other node, without signing anybody in")
  void wrongPassword() throws Exception {
    browser.get("/login");
    HttpResponse<String> refused = signIn("ada", "byron");
    assertThat(Balancer.location(refused)).isEqualTo("/login?error");
    assertThat(browser.follow(refused).body()).contains("Invalid credentials");
    assertThat(browser.get("/").body()).isEqualTo("Hello, stranger");
  }

  @Test
  @DisplayName("a form with another session's CSRF token is refused")
  void foreignCsrfToken() throws Exception {
    browser.get("/order");
    HttpResponse<String> page = browser.follow(signIn("ada", "lovelace"));
    Balancer attacker = new Balancer(List.of(port(other), port(one)));
    String foreign = csrf(attacker.get("/login").body());

    assertThat(browser.post("/order", "item=pear&_csrf=" + foreign).statusCode()).isEqualTo(403);
    assertThat(browser.post("/order", "item=pear").statusCode()).isEqualTo(403);
    assertThat(browser.post("/order", "item=pear&_csrf=" + csrf(page.body())).statusCode())
        .isEqualTo(302);
  }

  @Test
  @DisplayName("30, 83: a token that was tampered with makes a stranger, and no error")
  void tamperedToken() throws Exception {
    browser.get("/order");
    browser.follow(signIn("ada", "lovelace"));
    String good = browser.cookies.get(COOKIE);
    for (String bad : List.of(flipped(good), good.substring(1), "x", "a.b.c.d.e", "")) {
      browser.cookies.put(COOKIE, bad);
      HttpResponse<String> home = browser.get("/");
      assertThat(home.statusCode()).isEqualTo(200);
      assertThat(home.body()).isEqualTo("Hello, stranger");
    }
    browser.cookies.put(COOKIE, good);
    assertThat(browser.get("/").body()).isEqualTo("Hello, ada");
  }

  @Test
  @DisplayName("71: a long address, or many headers, are no way to break the sign-in")
  void longSavedRequest() throws Exception {
    HttpResponse<String> refused = browser.get("/order?item=" + "x".repeat(6_000));
    assertThat(Balancer.location(refused)).isEqualTo("/login");
    HttpResponse<String> signedIn = signIn("ada", "lovelace");
    assertThat(Balancer.location(signedIn)).isEqualTo("/?continue");
    assertThat(browser.follow(signedIn).body()).isEqualTo("Hello, ada");
    assertThat(browser.longestCookieLine).isLessThan(4_096);
  }

  /** Two requests: the form from one node, and sent to the other. */
  private HttpResponse<String> signIn(String user, String password) throws Exception {
    String csrf = csrf(browser.get("/login").body());
    return browser.post("/login", "username=" + user + "&password=" + password + "&_csrf=" + csrf);
  }

  /** Of the sign-in form, or of a page in plain text. */
  private static String csrf(String page) {
    Matcher found =
        Pattern.compile("name=\"_csrf\" type=\"hidden\" value=\"([^\"]+)\"|csrf: (\\S+)")
            .matcher(page);
    if (!found.find()) {
      throw new IllegalStateException("no CSRF token in " + page);
    }
    return found.group(1) == null ? found.group(2) : found.group(1);
  }

  private static String flipped(String token) {
    int middle = token.length() / 2;
    char other = token.charAt(middle) == 'A' ? 'B' : 'A';
    return token.substring(0, middle) + other + token.substring(middle + 1);
  }
}
