package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.Rejection;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scan of raw Cookie fields. */
class CookieHeaderTest {
  private final CookieHeader header = new CookieHeader(SessionCookie.named("__Host-s"));
  private final CookieHeader spread =
      new CookieHeader(SessionCookie.named("__Host-s").withMaxCookies(4));

  private static PresentedTokens read(CookieHeader header, String... fields) {
    return header.read(Collections.enumeration(List.of(fields)));
  }

  private List<String> candidates(String... fields) {
    return read(header, fields).candidates();
  }

  @Test
  @DisplayName("165: our cookie among others, first, last, alone, in any field")
  void found() {
    assertThat(candidates("__Host-s=T")).containsExactly("T");
    assertThat(candidates("a=1; __Host-s=T; b=2")).containsExactly("T");
    assertThat(candidates("a=1;__Host-s=T")).containsExactly("T");
    assertThat(candidates("a=1", "__Host-s=T")).containsExactly("T");
    assertThat(candidates("__Host-s=T \t; a")).containsExactly("T");
    assertThat(candidates("__Host-s=1", "__Host-s=2; __Host-s=1")).containsExactly("1", "2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "=",
        "__Host-s",
        "__hOsT-s=T", // RFC 6265bis §4.1.3: names compare exactly
        "x__Host-s=T",
        "__Host-sx=T",
        "__Host-s.1=T",
        "\u2000__Host-s=T",
        "\u0085__Host-s=T",
        "\u00a0__Host-s=T",
        "__Host-s =T",
        "a=1,__Host-s=T",
        "$Version=1, __Host-s=T",
        "a=__Host-s=T",
        "=__Host-s=T"
      })
  @DisplayName("161, 162, 164: another cookie")
  void notOurs(String field) {
    assertThat(read(header, field).isPresent()).isFalse();
    assertThat(header.without(field)).isEqualTo(field);
  }

  @Test
  @DisplayName(
      "158, 160: quotes, escapes and $Version get no special reading; the token is then malformed")
  void quotedIsPartOfTheValue() {
    assertThat(candidates("$Version=1; __Host-s=\"T\"; $Path=/")).containsExactly("\"T\"");
    assertThat(candidates("__Host-s=\"\\145yJ\"")).containsExactly("\"\\145yJ\"");
    assertThat(candidates("__Host-s= T")).containsExactly(" T");
    assertThat(candidates("__Host-s=")).containsExactly("");
  }

  @Test
  @DisplayName("166: more candidates than four are refused unread, be it ten thousand")
  void bounded() {
    StringBuilder field = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      field.append("__Host-s=").append(i).append("; ");
    }
    PresentedTokens tokens = read(header, field.toString());
    assertThat(tokens.fault()).isEqualTo(Rejection.AMBIGUOUS);
    assertThat(tokens.candidates()).isEmpty();
    assertThat(read(header, "__Host-s=1; __Host-s=2; __Host-s=3; __Host-s=4").candidates())
        .hasSize(4);
  }

  @Test
  @DisplayName("31: the field without our cookie")
  void without() {
    assertThat(header.without("a=1; __Host-s=T; b=2")).isEqualTo("a=1; b=2");
    assertThat(header.without("__Host-s=T; a=\"x y\"")).isEqualTo("a=\"x y\"");
    assertThat(header.without("__Host-s=T; __Host-s=U")).isNull();
    assertThat(header.without("__Host-s=T;")).isNull();
    assertThat(header.without("a=1; __Host-s.1=T")).isEqualTo("a=1; __Host-s.1=T");
    assertThat(spread.without("a=1; __Host-s=2.T; __Host-s.1=U; __Host-s.9=V"))
        .isEqualTo("a=1; __Host-s.9=V");
  }

  @Test
  @DisplayName("168, 169: parts are joined only if they add up")
  void parts() {
    assertThat(read(spread, "__Host-s=2.ab; __Host-s.1=cd").candidates()).containsExactly("abcd");
    assertThat(read(spread, "__Host-s.1=cd", "__Host-s=2.ab").candidates()).containsExactly("abcd");
    assertThat(read(spread, "__Host-s=3.a; __Host-s.2=c; __Host-s.1=b").candidates())
        .containsExactly("abc");
    assertThat(read(spread, "__Host-s=whole; __Host-s.1=stale").candidates())
        .containsExactly("whole");
    assertThat(read(spread, "__Host-s.1=stale").isPresent()).isFalse();
    for (String bad :
        List.of(
            "__Host-s=2.ab",
            "__Host-s=2.ab; __Host-s.2=cd",
            "__Host-s=2.ab; __Host-s.01=cd",
            "__Host-s=1.ab; __Host-s.1=cd",
            "__Host-s=0.ab; __Host-s.1=cd",
            "__Host-s=5.ab; __Host-s.1=b; __Host-s.2=c; __Host-s.3=d",
            "__Host-s=2.ab; __Host-s=2.xy; __Host-s.1=cd",
            "__Host-s=2.ab; __Host-s.1=cd; __Host-s.1=ef")) {
      assertThat(read(spread, bad).fault()).as(bad).isEqualTo(Rejection.MALFORMED);
    }
    assertThat(read(header, "__Host-s=2.ab; __Host-s.1=cd").fault()).isEqualTo(Rejection.MALFORMED);
  }

  @Test
  @DisplayName("168: a whole token stays a candidate whatever stands beside it")
  void wholeBesideParts() {
    assertThat(candidates("__Host-s=9.zzz; __Host-s=T; __Host-s=1.x")).containsExactly("T");
    assertThat(read(spread, "__Host-s=T; __Host-s=9.zzz").candidates()).containsExactly("T");
    assertThat(read(spread, "__Host-s=2.ab; __Host-s=T; __Host-s.1=cd").candidates())
        .containsExactly("T", "abcd");
    assertThat(read(spread, "__Host-s=2.ab; __Host-s=T; __Host-s=2.x; __Host-s.1=cd").candidates())
        .containsExactly("T");
  }

  @Test
  @DisplayName("what was presented never prints a token")
  void redacted() {
    assertThat(read(header, "__Host-s=secret").toString()).doesNotContain("secret");
  }
}
