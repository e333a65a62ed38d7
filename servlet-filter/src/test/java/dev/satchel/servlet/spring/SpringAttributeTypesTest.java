package dev.satchel.servlet.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.AttributeException;
import dev.satchel.AttributeTypes;
import dev.satchel.Decoded;
import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.SessionPolicy;
import dev.satchel.SessionState;
import dev.satchel.TokenAlgorithm;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.authentication.AccountExpiredException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.ott.OneTimeTokenAuthentication;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.authentication.switchuser.SwitchUserGrantedAuthority;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.security.web.savedrequest.DefaultSavedRequest;
import org.springframework.web.servlet.FlashMap;

/** Each value goes through a real token, as from one node to another. */
class SpringAttributeTypesTest {
  /** What an application has instead of Spring's {@code User}. */
  public record Account(String username, long customerNumber) implements UserDetails {
    @Override
    public Collection<? extends GrantedAuthority> getAuthorities() {
      return List.of(new SimpleGrantedAuthority("ROLE_CUSTOMER"));
    }

    @Override
    public String getPassword() {
      return null;
    }

    @Override
    public String getUsername() {
      return username;
    }
  }

  /** A principal that nobody registered, though it is a {@code User} too. */
  static final class Tenant extends User {
    private static final long serialVersionUID = 1L;

    Tenant() {
      super("ada", "secret-password", List.of());
    }
  }

  private static final List<GrantedAuthority> ROLES =
      AuthorityUtils.createAuthorityList("ROLE_USER", "ROLE_ADMIN");

  private final AttributeTypes types =
      SpringAttributeTypes.register(AttributeTypes.builder())
          .register(
              "account",
              Account.class,
              Parts.of(
                  account -> Parts.list(account.username(), account.customerNumber()),
                  parts -> new Account(parts.text(0), parts.get(1, Number.class).longValue())))
          .build();

  private final KeySource keys =
      KeySource.of(KeyRing.of(SessionKey.generate("k1", TokenAlgorithm.A256GCM)));

  private TokenCodec codec(AttributeTypes registered) {
    return TokenCodec.builder(TokenContext.cookie("shop", "shop"), keys)
        .policy(SessionPolicy.defaults().withoutCompression())
        .attributeTypes(registered)
        .build();
  }

  @SuppressWarnings("unchecked")
  private <T> T onTheOtherNode(T value) {
    return (T) stateOnTheOtherNode(value).attribute("value");
  }

  private SessionState stateOnTheOtherNode(Object value) {
    String token = codec(types).encode(codec(types).create().withAttribute("value", value));
    return ((Decoded.Accepted) codec(types).decode(token)).state();
  }

  static Stream<Authentication> signIns() {
    User user = new User("ada", "secret-password", ROLES);
    user.eraseCredentials();
    UsernamePasswordAuthenticationToken form =
        UsernamePasswordAuthenticationToken.authenticated(
            user,
            null,
            List.of(
                new SimpleGrantedAuthority("ROLE_USER"),
                FactorGrantedAuthority.withFactor("PASSWORD")
                    .issuedAt(Instant.parse("2026-11-23T05:00:00.123456Z"))
                    .build()));
    form.setDetails(new WebAuthenticationDetails("192.0.2.1", null));
    UsernamePasswordAuthenticationToken plain =
        UsernamePasswordAuthenticationToken.unauthenticated("ada", null);
    PreAuthenticatedAuthenticationToken header =
        new PreAuthenticatedAuthenticationToken("ada", null, ROLES);
    header.setDetails(Map.of("tenant", "north"));
    return Stream.of(
        form,
        plain,
        UsernamePasswordAuthenticationToken.authenticated(new Account("ada", 7), null, ROLES),
        new OneTimeTokenAuthentication("ada", ROLES),
        header,
        UsernamePasswordAuthenticationToken.authenticated(
            "bob", null, List.of(new SwitchUserGrantedAuthority("ROLE_PREVIOUS", form))));
  }

  @ParameterizedTest
  @MethodSource("signIns")
  @DisplayName("who is signed in comes back equal: principal, authorities, details")
  void signIn(Authentication authentication) {
    SecurityContextImpl read = onTheOtherNode(new SecurityContextImpl(authentication));
    assertThat(read.getAuthentication())
        .isEqualTo(authentication)
        .hasSameClassAs(authentication)
        .hasToString(authentication.toString());
  }

  @Test
  @DisplayName("nobody signed in, and a principal without authorities, come back")
  void nobody() {
    assertThat(onTheOtherNode(new SecurityContextImpl()).getAuthentication()).isNull();
    Authentication bare = new UsernamePasswordAuthenticationToken("ada", null, List.of());
    assertThat(onTheOtherNode(new SecurityContextImpl(bare)).getAuthentication()).isEqualTo(bare);
  }

  @Test
  @DisplayName("remembered users stay remembered ones, without the key")
  void rememberMe() {
    Authentication read =
        onTheOtherNode(
                new SecurityContextImpl(new RememberMeAuthenticationToken("key", "ada", ROLES)))
            .getAuthentication();
    assertThat(read).isInstanceOf(RememberMeAuthenticationToken.class);
    assertThat(read.getName()).isEqualTo("ada");
    assertThat(List.copyOf(read.getAuthorities())).isEqualTo(ROLES);
    assertThat(((RememberMeAuthenticationToken) read).getKeyHash()).isNotEqualTo("key".hashCode());
  }

  @Test
  @DisplayName("what is held against a user comes back")
  void userFlags() {
    for (int flags = 0; flags < 16; flags++) {
      User user =
          new User(
              "ada",
              "secret-password",
              (flags & 1) == 0,
              (flags & 2) == 0,
              (flags & 4) == 0,
              (flags & 8) == 0,
              ROLES);
      User read = onTheOtherNode(user);
      user.eraseCredentials();
      assertThat(read).hasToString(user.toString());
      assertThat(read.getPassword()).isNull();
    }
  }

  @Test
  @DisplayName("neither credentials nor class names are written")
  void noCredentials() {
    User user = new User("ada", "secret-password", ROLES);
    Authentication authentication =
        UsernamePasswordAuthenticationToken.authenticated(user, "secret-password", ROLES);
    assertThat(payload(new SecurityContextImpl(authentication)))
        .contains("ada", "ROLE_ADMIN")
        .doesNotContain("secret-password", "org.springframework", "java.");
  }

  @Test
  @DisplayName(
      "10: a principal, authentication or details that nobody registered is refused by name")
  void unregistered() {
    UsernamePasswordAuthenticationToken details =
        UsernamePasswordAuthenticationToken.authenticated("ada", null, ROLES);
    details.setDetails(new StringBuilder("secret-password"));
    for (Map.Entry<Authentication, Class<?>> refused :
        Map.<Authentication, Class<?>>of(
                UsernamePasswordAuthenticationToken.authenticated(new Tenant(), null, ROLES),
                Tenant.class,
                new TestingAuthenticationToken("ada", "secret-password"),
                TestingAuthenticationToken.class,
                details,
                StringBuilder.class)
            .entrySet()) {
      assertThatThrownBy(() -> types.requireWritable(new SecurityContextImpl(refused.getKey())))
          .isInstanceOf(AttributeException.class)
          .hasMessageContaining(refused.getValue().getName())
          .hasMessageNotContaining("secret-password");
    }
  }

  @Test
  @DisplayName("CSRF tokens come back, shortest with Spring's own names")
  void csrf() {
    for (DefaultCsrfToken token :
        List.of(
            new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", "t0ken"),
            new DefaultCsrfToken("X-XSRF", "_csrf", "t0ken"),
            new DefaultCsrfToken("X-CSRF-TOKEN", "csrf", "t0ken"))) {
      DefaultCsrfToken read = onTheOtherNode(token);
      assertThat(read.getHeaderName()).isEqualTo(token.getHeaderName());
      assertThat(read.getParameterName()).isEqualTo(token.getParameterName());
      assertThat(read.getToken()).isEqualTo("t0ken");
    }
    assertThat(payload(new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", "t0ken")))
        .contains("{\"#s-csrf\":[\"t0ken\"]}");
  }

  static Stream<AuthenticationException> failures() {
    return Stream.of(
        new BadCredentialsException("Bad credentials", new IllegalStateException("secret")),
        new LockedException("locked"),
        new AccountExpiredException("expired"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  @DisplayName("a failed sign-in comes back with type and message alone")
  void failure(AuthenticationException failure) {
    assertThat(payload(failure)).doesNotContain("secret", "SpringAttributeTypesTest");
    assertThat(onTheOtherNode(failure))
        .isExactlyInstanceOf(failure.getClass())
        .hasMessage(failure.getMessage())
        .hasNoCause();
  }

  @Test
  @DisplayName("flash attributes come back with where they go and for how long")
  void flash() {
    FlashMap one = new FlashMap();
    one.put("message", "Thank you");
    one.put("order", new HashMap<>(Map.of("items", List.of(1, 2))));
    one.setTargetRequestPath("/order");
    one.addTargetRequestParam("id", "7");
    one.addTargetRequestParam("id", "8");
    one.setExpirationTime(1_795_000_000_000L);
    FlashMap other = new FlashMap();
    List<FlashMap> read = onTheOtherNode(List.of(one, other));
    assertThat(read).containsExactly(one, other);
    assertThat(read.get(0).getExpirationTime()).isEqualTo(1_795_000_000_000L);
    assertThat(read.get(1).getExpirationTime()).isEqualTo(-1);
  }

  private static DefaultSavedRequest.Builder request(String uri) {
    return new DefaultSavedRequest.Builder()
        .setMethod("GET")
        .setScheme("https")
        .setServerName("shop.example")
        .setServerPort(443)
        .setContextPath("/shop")
        .setServletPath("/order")
        .setRequestURI(uri)
        .setRequestURL("https://shop.example" + uri)
        .setLocales(List.of(Locale.FRENCH, Locale.UK))
        .setHeaders(
            Map.of(
                "Accept", List.of("text/html"),
                "User-Agent", List.of("x".repeat(1_000)),
                "Authorization", List.of("Basic secret"),
                "Cookie", List.of("other=secret")));
  }

  @Test
  @DisplayName("31: the interrupted request comes back, without cookies and needless headers")
  void savedRequest() {
    DefaultSavedRequest saved =
        request("/shop/order")
            .setQueryString("id=7&name=a%26b")
            .setPathInfo("/x")
            .setMatchingRequestParameterName("continue")
            .build();
    DefaultSavedRequest read = onTheOtherNode(saved);
    assertThat(read.getRedirectUrl())
        .isEqualTo("https://shop.example/shop/order?id=7&name=a%26b&continue")
        .isEqualTo(saved.getRedirectUrl());
    assertThat(read)
        .usingRecursiveComparison()
        .ignoringFields("headers", "cookies")
        .isEqualTo(saved);
    assertThat(read.getHeaderNames()).containsExactly("Accept");
    assertThat(payload(saved)).doesNotContain("secret");
  }

  @Test
  @DisplayName("an interrupted form comes back with its fields")
  void savedForm() {
    DefaultSavedRequest saved =
        request("/shop/order")
            .setMethod("POST")
            .setParameters(Map.of("item", new String[] {"pear", "plum"}, "note", new String[] {""}))
            .build();
    DefaultSavedRequest read = onTheOtherNode(saved);
    assertThat(read.getMethod()).isEqualTo("POST");
    assertThat(read.getParameterValues("item")).containsExactly("pear", "plum");
    assertThat(read.getParameterValues("note")).containsExactly("");
    assertThat(read.getRedirectUrl()).isEqualTo("https://shop.example/shop/order");
  }

  @Test
  @DisplayName("71: of a request that is too long for a token its application's root remains")
  void longSavedRequest() {
    for (DefaultSavedRequest saved :
        List.of(
            request("/shop/" + "x".repeat(2_000)).build(),
            request("/shop/order").setQueryString("x".repeat(60_000)).build(),
            request("/shop/order")
                .setMethod("POST")
                .setParameters(Map.of("note", new String[] {"x".repeat(2_000)}))
                .build())) {
      DefaultSavedRequest read = onTheOtherNode(saved);
      assertThat(read.getRedirectUrl()).isEqualTo("https://shop.example/shop/");
      assertThat(read.getMethod()).isEqualTo("GET");
      assertThat(read.getParameterMap()).isEmpty();
    }
  }

  @Test
  @DisplayName("19: stored parts that do not fit their type are an unreadable attribute")
  void unreadable() {
    for (String alias : List.of("s-ctx", "s-user", "s-upw", "s-factor", "s-req", "s-flash")) {
      for (List<?> parts : List.of(List.of(7), List.of("ada", "x"), List.of("ada", List.of(7)))) {
        AttributeTypes others =
            AttributeTypes.builder()
                .register(
                    alias, Account.class, Parts.of(account -> parts, read -> new Account("x", 1)))
                .build();
        String token =
            codec(others)
                .encode(codec(others).create().withAttribute("value", new Account("x", 1)));
        SessionState state = ((Decoded.Accepted) codec(types).decode(token)).state();
        assertThatThrownBy(() -> state.attribute("value"))
            .as(alias + parts)
            .isInstanceOf(AttributeException.class);
      }
    }
  }

  /** The claims, in clear: the token is compared by what a key holder reads in it. */
  private String payload(Object value) {
    SessionKey key = SessionKey.generate("k2", TokenAlgorithm.HS256);
    TokenCodec signed =
        TokenCodec.builder(TokenContext.cookie("shop", "shop"), KeySource.of(KeyRing.of(key)))
            .policy(SessionPolicy.defaults().withoutCompression())
            .attributeTypes(types)
            .build();
    String token = signed.encode(signed.create().withAttribute("value", value));
    return new String(
        java.util.Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
  }
}
