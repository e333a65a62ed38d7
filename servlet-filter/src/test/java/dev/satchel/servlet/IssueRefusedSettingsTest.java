package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that look as if they did something else than they do. */
class IssueRefusedSettingsTest {
  private static StatelessSessionFilter.Builder builder() {
    return StatelessSessionFilter.builder("shop", TestKeys.source());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/*", "/a;b", "/a/../b", "/..", "*.;x"})
  void excludedPathThatMatchesAllOrNothing(String pattern) {
    assertThatThrownBy(() -> builder().exclude(pattern).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("excluded path is '" + pattern + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept",
        "Sec-Fetch-Site",
        "proxy-x",
        "Access-Control-Session",
        "X-Forwarded-For",
        "ETag",
        "User-Agent",
        "If-Match"
      })
  void headerWithAMeaning(String name) {
    assertThatThrownBy(() -> builder().header(name).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("session header: name is '" + name + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.168.1.1", "localhost", "a.-b", "a.b-", "a.1"})
  void domainThatNoCookieCanHave(String domain) {
    assertThatThrownBy(() -> SessionCookie.named("s").withDomain(domain))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("domain is '" + domain + "'");
  }

  @Test
  void namesInMessagesStayOnOneLine() {
    assertThat(Warnings.quoted("a\r\nb\u0085")).isEqualTo("'a??b?'");
  }
}
