package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.servlet.SessionCookie.SameSite;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cookie's settings and its text (BEHAVIOUR.md 66 to 71). */
class SessionCookieTest {

  @Test
  @DisplayName("68, 69: the Set-Cookie text")
  void text() {
    assertThat(SessionCookie.host("shop").line(0, "T"))
        .isEqualTo("__Host-Http-shop=T; Path=/; Secure; HttpOnly; SameSite=Lax");
    SessionCookie wide =
        SessionCookie.named("__Http-s")
            .withPath("/shop")
            .withDomain("example.org")
            .withSameSite(SameSite.STRICT)
            .withMaxCookies(2);
    assertThat(wide.line(1, "T"))
        .isEqualTo(
            "__Http-s.1=T; Path=/shop; Domain=example.org; Secure; HttpOnly; SameSite=Strict");
    assertThat(SessionCookie.named("s").insecure().readableByScripts().line(0, "T"))
        .isEqualTo("s=T; Path=/; SameSite=Lax");
    assertThat(SessionCookie.named("s").withSameSite(SameSite.NONE).line(0, "T"))
        .isEqualTo("s=T; Path=/; Secure; HttpOnly; SameSite=None");
  }

  @Test
  @DisplayName("68: Partitioned, Max-Age and attributes of later days")
  void more() {
    SessionCookie cookie =
        SessionCookie.host("shop")
            .withSameSite(SameSite.NONE)
            .withPartitioned()
            .withMaxAge(Duration.ofDays(30))
            .withAttribute("Priority", "High")
            .withAttribute("Flag", "");
    assertThat(cookie.line(0, "T"))
        .isEqualTo(
            "__Host-Http-shop=T; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Flag; Priority=High");
    assertThat(cookie.expiringLine(0))
        .isEqualTo(
            "__Host-Http-shop=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Flag; Priority=High");
    assertThat(cookie.line(0, "x".repeat(cookie.valueCapacity()))).hasSize(4096);
    assertThat(cookie.withName("__Host-s").name()).isEqualTo("__Host-s");
    assertThat(SessionCookie.host("shop").attributes()).isEmpty();
  }

  @Test
  @DisplayName("68: what Partitioned, Max-Age and attributes may not be")
  void moreRefused() {
    SessionCookie cookie = SessionCookie.named("s");
    assertRefused(
        () -> cookie.insecure().withPartitioned(),
        "partitioned is true without Secure, allowed is");
    assertRefused(() -> cookie.withMaxAge(Duration.ofDays(401)), "maxAge is PT9624H, allowed is");
    assertRefused(() -> cookie.withMaxAge(Duration.ofMillis(1)), "maxAge is PT0.001S, allowed is");
    assertRefused(() -> cookie.withMaxAge(Duration.ofSeconds(-1)), "maxAge is PT-1S, allowed is");
    for (String name : new String[] {"", "a b", "a=b", "Secure", "max-age", "EXPIRES", "é"}) {
      assertRefused(() -> cookie.withAttribute(name, "x"), "attribute is '" + name + "'");
    }
    for (String value : new String[] {"a;b", "a\r\nb", "é", "\u0000"}) {
      assertRefused(() -> cookie.withAttribute("Priority", value), "attribute Priority is '");
    }
    assertRefused(
        () -> cookie.withAttribute("A", "x".repeat(600)).withAttribute("B", "x".repeat(600)),
        "length of all attributes is 1202, allowed is up to 1024");
  }

  @Test
  @DisplayName("68: Secure as the request is goes with nothing that needs Secure")
  void secureByRequest() {
    SessionCookie cookie = SessionCookie.named("s").insecureOnPlainHttp();
    assertThat(cookie.secure()).isFalse();
    assertThat(cookie.secureByRequest()).isTrue();
    assertThat(cookie.line(0, "T")).isEqualTo("s=T; Path=/; Secure; HttpOnly; SameSite=Lax");
    assertRefused(
        () -> SessionCookie.host("shop").insecureOnPlainHttp(),
        "name is __Host-Http-shop without Secure on plain HTTP, allowed is a name without");
    assertRefused(
        () -> cookie.withSameSite(SameSite.NONE), "sameSite is None without Secure on plain HTTP");
    assertRefused(
        () -> cookie.withPartitioned(), "partitioned is true without Secure on plain HTTP");
  }

  @Test
  @DisplayName("74: expired with the same name, path, domain and prefix attributes")
  void expiring() {
    assertThat(SessionCookie.named("s").withPath("/a").withDomain("example.org").expiringLine(0))
        .isEqualTo(
            "s=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/a; Domain=example.org; Secure; HttpOnly; SameSite=Lax");
  }

  @Test
  @DisplayName("71: the whole line is 4096 bytes at most")
  void capacity() {
    SessionCookie cookie = SessionCookie.host("shop");
    assertThat(cookie.line(0, "x".repeat(cookie.valueCapacity()))).hasSize(4096);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "__Host-s",
        "__Host-Http-s",
        "__Http-s",
        "__Secure-s",
        "__host-s",
        "__HOST-HTTP-s",
        "__http-s",
        "__SECURE-s"
      })
  @DisplayName("173: a prefix, in whatever case, without Secure")
  void prefixNeedsSecure(String name) {
    assertRefused(
        () -> SessionCookie.named(name).insecure(), "name is " + name + " without Secure");
  }

  @Test
  @DisplayName("173: a prefix with Domain, with a path, without HttpOnly")
  void prefixes() {
    assertRefused(
        () -> SessionCookie.host("s").withDomain("example.org"), "with domain example.org");
    assertRefused(() -> SessionCookie.host("s").withPath("/x"), "with path /x");
    assertRefused(() -> SessionCookie.host("s").readableByScripts(), "without HttpOnly");
    assertRefused(() -> SessionCookie.named("__Http-s").readableByScripts(), "without HttpOnly");
    SessionCookie.named("__Host-s").readableByScripts();
    SessionCookie.named("__Secure-s").withDomain("example.org").withPath("/x");
  }

  @Test
  @DisplayName("174: SameSite=None without Secure")
  void sameSiteNone() {
    assertRefused(
        () -> SessionCookie.named("s").insecure().withSameSite(SameSite.NONE),
        "sameSite is None without Secure");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a;b", "a=b", "a\r\nb", "é", "a,b", "\"a\"", "a\u0000"})
  @DisplayName("172: characters of name, path and domain")
  void characters(String bad) {
    assertRefused(() -> SessionCookie.named(bad), "session cookie: name is ");
    assertRefused(
        () -> SessionCookie.named("s").withPath(bad.isEmpty() ? "x" : "/" + bad.replace("=", ";")),
        badPath(bad));
    if (!bad.isEmpty()) {
      assertRefused(() -> SessionCookie.named("s").withDomain(bad), "session cookie: domain is ");
    }
  }

  /** A comma is a lawful path character. */
  private static String badPath(String bad) {
    return bad.equals("a,b") ? null : "session cookie: path is ";
  }

  @Test
  @DisplayName("172: domains without meaning, and how many parts")
  void ranges() {
    for (String domain :
        new String[] {".example.org", "org", "Example.org", "example..org", "-a.org"}) {
      assertRefused(
          () -> SessionCookie.named("s").withDomain(domain), "domain is '" + domain + "'");
    }
    assertRefused(
        () -> SessionCookie.named("s").withMaxCookies(0), "maxCookies is 0, allowed is 1 to 4");
    assertRefused(
        () -> SessionCookie.named("s").withMaxCookies(5), "maxCookies is 5, allowed is 1 to 4");
  }

  private static void assertRefused(Runnable call, String message) {
    if (message == null) {
      call.run();
      return;
    }
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
