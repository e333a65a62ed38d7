package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.servlet.SessionCookie.SameSite;
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
