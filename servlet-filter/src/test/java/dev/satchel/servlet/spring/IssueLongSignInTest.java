package dev.satchel.servlet.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.AttributeTypes;
import dev.satchel.Decoded;
import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.SessionPolicy;
import dev.satchel.TokenAlgorithm;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.savedrequest.DefaultSavedRequest;

/** What a client chose before the sign-in filled the token, and the sign-in failed ever after. */
class IssueLongSignInTest {
  private final AttributeTypes types =
      SpringAttributeTypes.register(AttributeTypes.builder()).build();

  private final TokenCodec codec =
      TokenCodec.builder(
              TokenContext.cookie("shop", "shop"),
              KeySource.of(KeyRing.of(SessionKey.generate("k1", TokenAlgorithm.HS256))))
          .policy(SessionPolicy.defaults().withoutCompression())
          .attributeTypes(types)
          .build();

  private String token(Object value) {
    return codec.encode(codec.create().withAttribute("value", value));
  }

  private Object read(Object value) {
    return ((Decoded.Accepted) codec.decode(token(value))).state().attribute("value");
  }

  /** The attribute as written. */
  private String written(Object value) {
    String claims =
        new String(
            Base64.getUrlDecoder().decode(token(value).split("\\.")[1]), StandardCharsets.UTF_8);
    int start = claims.indexOf("{\"#s-");
    return claims.substring(start, claims.indexOf("}}", start) + 1);
  }

  private static DefaultSavedRequest request(UnaryOperator<DefaultSavedRequest.Builder> more) {
    return more.apply(
            new DefaultSavedRequest.Builder()
                .setMethod("GET")
                .setScheme("https")
                .setServerName("shop.example")
                .setServerPort(443)
                .setContextPath("/shop")
                .setServletPath("/order")
                .setRequestURI("/shop/order")
                .setRequestURL("https://shop.example/shop/order")
                .setHeaders(Map.of("Accept", List.of("a".repeat(256))))
                .setLocales(List.of(Locale.UK)))
        .build();
  }

  private static String random(int length) {
    StringBuilder text = new StringBuilder();
    new Random(3).ints(length, '0', 'z').forEach(text::appendCodePoint);
    return text.toString();
  }

  private DefaultSavedRequest condensed(DefaultSavedRequest request) {
    assertThat(written(request).getBytes(StandardCharsets.UTF_8).length)
        .isLessThanOrEqualTo(SavedRequests.MAX_BYTES + "{'#s-req':}".length());
    return (DefaultSavedRequest) read(request);
  }

  @Test
  @DisplayName("71: whatever a client chose, the interrupted request is bounded in bytes")
  void bytes() {
    for (DefaultSavedRequest request :
        List.of(
            request(saved -> saved.setQueryString(random(1_900))),
            request(saved -> saved.setPathInfo("\u20AC".repeat(300))),
            request(saved -> form(saved, "\u20AC".repeat(600))),
            request(saved -> form(saved, "\u0001".repeat(600))),
            request(saved -> form(saved, "\uD800".repeat(600))),
            request(saved -> form(saved, "\"".repeat(900))))) {
      DefaultSavedRequest read = condensed(request);
      assertThat(read.getRedirectUrl()).isEqualTo("https://shop.example/shop/");
      assertThat(read.getLocales()).containsExactly(Locale.UK);
      assertThat(read.getHeaderNames()).containsExactly("Accept");
    }
  }

  private static DefaultSavedRequest.Builder form(DefaultSavedRequest.Builder saved, String note) {
    return saved.setMethod("POST").setParameters(Map.of("note", new String[] {note}));
  }

  @Test
  @DisplayName("71: what is short enough in bytes comes back whole")
  void whole() {
    String query = random(500);
    assertThat(condensed(request(saved -> saved.setQueryString(query))).getQueryString())
        .isEqualTo(query);
    String note = "\u20AC\"\u0001\uD83D\uDE00".repeat(10);
    assertThat(condensed(request(saved -> form(saved, note))).getParameterValues("note"))
        .containsExactly(note);
  }

  @Test
  @DisplayName("71: a long server name is not kept, whatever the rest, nor is half of it")
  void serverName() {
    String name = "x".repeat(3_000) + ".example";
    assertThat(condensed(request(saved -> saved.setServerName(name))).getRedirectUrl())
        .isEqualTo("https://invalid/shop/order");
    assertThat(
            condensed(request(saved -> saved.setServerName(name).setQueryString(random(1_900))))
                .getRedirectUrl())
        .isEqualTo("https://invalid/shop/");
  }

  @Test
  @DisplayName("71: a long language tag is not kept")
  void locales() {
    Locale language = Locale.forLanguageTag("fr-x" + "-abcdefgh".repeat(200));
    assertThat(language.toLanguageTag()).hasSizeGreaterThan(1_000);
    assertThat(
            condensed(request(saved -> saved.setLocales(Arrays.asList(language, Locale.UK))))
                .getLocales())
        .containsExactly(Locale.UK);
  }

  @Test
  @DisplayName("71: of what is long everywhere at once, the root remains")
  void everything() {
    DefaultSavedRequest read =
        condensed(
            request(
                saved ->
                    saved
                        .setScheme("s".repeat(250))
                        .setServerName("n".repeat(250))
                        .setContextPath("/" + "c".repeat(240))
                        .setHeaders(
                            Map.of(
                                "Accept", List.of("\"".repeat(256)),
                                "User-Agent", List.of("u".repeat(256))))));
    assertThat(read.getScheme()).isEqualTo("https");
    assertThat(read.getRequestURI()).isEqualTo("/" + "c".repeat(240) + "/");
    assertThat(read.getHeaderNames()).isEmpty();
    assertThat(condensed(request(saved -> saved.setContextPath("/c".repeat(900)))).getRequestURI())
        .isEqualTo("/");
  }

  @Test
  @DisplayName("71: the message of a failed sign-in is cut, between characters")
  void message() {
    for (String part : List.of("x", "\u20AC", "\uD83D\uDE00", "\u0001", "\uD800")) {
      BadCredentialsException failure = new BadCredentialsException(part.repeat(3_000));
      assertThat(written(failure).getBytes(StandardCharsets.UTF_8).length)
          .isLessThanOrEqualTo(200 + "{'#s-e-bad':[]}".length());
      String read = ((BadCredentialsException) read(failure)).getMessage();
      assertThat(read).hasSizeGreaterThan(30).isEqualTo(part.repeat(read.length() / part.length()));
    }
    BadCredentialsException usual = new BadCredentialsException("x".repeat(198));
    assertThat((BadCredentialsException) read(usual)).hasMessage("x".repeat(198));
  }

  @Test
  @DisplayName("a failure of the server itself is kept without its message")
  void fault() {
    for (AuthenticationException failure :
        List.of(
            new AuthenticationServiceException("select secret from users"),
            new InternalAuthenticationServiceException("select secret from users"))) {
      assertThat(written(failure)).doesNotContain("secret");
      assertThat((AuthenticationException) read(failure))
          .isExactlyInstanceOf(failure.getClass())
          .hasMessage("");
    }
  }
}
