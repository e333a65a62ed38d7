package dev.satchel.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * The demo in a real browser, since a browser alone decides which cookies it keeps, what scripts
 * see of them, and what its back button shows. Each test is a visitor with an empty cookie store.
 */
@Timeout(120)
class RealBrowserTest {
  private static final String NAME = "__Host-Http-shop";

  private static Cluster cluster;
  private static ChromeDriver browser;

  @BeforeAll
  static void start() throws Exception {
    Optional<ChromeDriver> started = Chromium.start();
    if (started.isEmpty()) {
      System.out.println(Chromium.MISSING);
    }
    assumeTrue(started.isPresent(), Chromium.MISSING);
    browser = started.get();
    cluster = Cluster.start(0);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.quit();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void newVisitor() {
    visit("who"); // a page that makes no session
    browser.manage().deleteAllCookies();
    visit("");
  }

  @Test
  @DisplayName("67, 68: the browser keeps the cookie with all that its prefix promises")
  void cookie() {
    assertThat(browser.manage().getCookies())
        .singleElement()
        .satisfies(
            cookie -> {
              assertThat(cookie.getName()).isEqualTo(NAME);
              assertThat(cookie.isHttpOnly()).isTrue();
              assertThat(cookie.isSecure()).isTrue();
              assertThat(cookie.getSameSite()).isEqualTo("Lax");
              assertThat(cookie.getPath()).isEqualTo("/");
              assertThat(cookie.getDomain())
                  .isEqualTo("localhost"); // with a dot if subdomains had it
              assertThat(cookie.getExpiry()).isNull();
            });
  }

  @Test
  @DisplayName("68: scripts neither see the cookie nor replace it")
  void scripts() {
    String token = token();
    Object seen =
        browser.executeScript(
            "document.cookie = arguments[0] + '=forged; Secure; Path=/';"
                + "document.cookie = 'harmless=1';"
                + "return document.cookie",
            NAME);
    assertThat(seen).isEqualTo("harmless=1");
    assertThat(token()).isEqualTo(token);
  }

  @Test
  @DisplayName("the cart fills, whichever node takes the click")
  void cart() {
    Set<String> clicked = new TreeSet<>();
    for (int quantity = 1; quantity <= 3; quantity++) {
      press("//button[@value='strap']");
      find("//tr[@data-product='strap']/td[2][.='" + quantity + "']");
      clicked.add(find("//ul[@class='nodes']/li[contains(., 'took your click')]/b").getText());
      press("//a[.='Ask the next node']");
    }
    assertThat(clicked).containsExactly("A", "B");
  }

  @Test
  @DisplayName(
      "76: fetches of one page at one time all succeed, and the session is good after them")
  void parallelFetches() {
    signIn("Ada");
    visit("who"); // the shop's own page has a policy that lets no script fetch
    Object refused =
        browser.executeScript(
            """
            return (async () => {
              const page = await (await fetch('/')).text();
              const csrf = page.match(/name="csrf" value="([^"]*)"/)[1];
              const add = () => fetch('/cart', {
                method: 'POST', body: new URLSearchParams({csrf, product: 'balm'})});
              const all = [];
              for (let i = 0; i < 6; i++) {
                all.push(fetch('/who'), add(), fetch('/'));
              }
              const statuses = (await Promise.all(all)).map(response => response.status);
              statuses.push((await add()).status);
              return statuses.filter(status => status !== 200);
            })()
            """);
    assertThat((List<?>) refused).isEmpty();
    assertThat(browser.manage().getCookies()).hasSize(1);

    visit("");
    assertThat(find("//*[@id='user']").getText()).isEqualTo("Ada");
    // The later of two answers at one time wins, so some may be missing; not that which came after.
    assertThat(quantity("balm")).isBetween(1, 7);
    int before = quantity("balm");
    press("//button[@value='balm']");
    find("//tr[@data-product='balm']/td[2][.='" + (before + 1) + "']");
  }

  @Test
  @DisplayName("25, 26: signing in changes the session's id and keeps the cart")
  void signIn() {
    press("//button[@value='buckle']");
    assertThat(quantity("buckle")).isEqualTo(1);
    String id = find("//dt[.='Session']/following-sibling::dd").getText();
    signIn("Grace");
    assertThat(find("//dt[.='Session']/following-sibling::dd").getText()).isNotEqualTo(id);
    assertThat(quantity("buckle")).isEqualTo(1);
  }

  @Test
  @DisplayName("30, 74: signing out takes the cookie out of the browser")
  void signOut() {
    signIn("Ada");
    String csrf = find("//form[@action='/sign-out']/input").getDomProperty("value");
    visit("who");
    assertThat(text()).isEqualTo("Ada");
    browser.executeScript(
        "return fetch('/sign-out', {method: 'POST', redirect: 'manual',"
            + " body: new URLSearchParams({csrf: arguments[0]})}).then(() => 0)",
        csrf);
    assertThat(browser.manage().getCookies()).isEmpty();
    visit("who");
    assertThat(text()).isEqualTo("nobody");
  }

  @Test
  @DisplayName("72: after signing out the back button shows no private page")
  void backButton() {
    signIn("Ada Lovelace");
    visit("?private");
    assertThat(find("//*[@id='user']").getText()).isEqualTo("Ada Lovelace");
    press("//button[.='Sign out']");
    find("//strong[.='anonymous']");
    assertThat(browser.getCurrentUrl()).doesNotContain("private");
    browser.navigate().back();
    assertThat(browser.getCurrentUrl()).endsWith("/?private");
    find("//strong[.='anonymous']");
    assertThat(browser.getPageSource()).doesNotContain("Lovelace");
  }

  private static void visit(String path) {
    browser.get(cluster.location().resolve(path).toString());
  }

  private static void signIn(String name) {
    find("//input[@id='name']").sendKeys(name);
    press("//button[.='Sign in']");
    find("//*[@id='user'][.='" + name + "']");
  }

  private static WebElement find(String xpath) {
    return browser.findElement(By.xpath(xpath));
  }

  private static void press(String xpath) {
    find(xpath).click();
  }

  private static int quantity(String product) {
    return Integer.parseInt(find("//tr[@data-product='" + product + "']/td[2]").getText());
  }

  private static String text() {
    return find("//body").getText();
  }

  private static String token() {
    return Optional.ofNullable(browser.manage().getCookieNamed(NAME))
        .map(Cookie::getValue)
        .orElse("");
  }
}
