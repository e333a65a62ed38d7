package dev.satchel.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.AttributeTypes;
import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.SessionPolicy;
import dev.satchel.TokenAlgorithm;
import dev.satchel.servlet.SessionEvents;
import dev.satchel.servlet.StatelessSessionFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the auto-configuration does and refuses, in applications that run. */
class SpringSupportTest {
  private static final SessionKey KEY = SessionKey.generate("k1", TokenAlgorithm.A256GCM);

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(Pages.class)
  static class Application {
    @Bean
    SecurityFilterChain security(HttpSecurity http) {
      return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
          .csrf(csrf -> csrf.disable())
          .build();
    }
  }

  /** A principal that no token can hold. */
  record Stranger(String name) {}

  @RestController
  static class Pages {
    private final HttpSessionSecurityContextRepository repository =
        new HttpSessionSecurityContextRepository();

    /** Signs in by program, with the repository that Spring's documentation names. */
    @GetMapping("/sign-in")
    String signIn(
        @RequestParam String name,
        @RequestParam(defaultValue = "false") boolean stranger,
        HttpServletRequest request,
        HttpServletResponse response) {
      SecurityContextImpl context =
          new SecurityContextImpl(
              UsernamePasswordAuthenticationToken.authenticated(
                  stranger ? new Stranger(name) : name,
                  null,
                  AuthorityUtils.createAuthorityList("ROLE_USER")));
      SecurityContextHolder.setContext(context);
      try {
        repository.saveContext(context, request, response);
        return "signed in";
      } catch (IllegalArgumentException e) {
        return e.getMessage();
      }
    }

    @GetMapping("/sign-out")
    String signOut(HttpServletRequest request, HttpServletResponse response) {
      repository.saveContext(new SecurityContextImpl(), request, response);
      return "signed out";
    }

    @GetMapping("/subject")
    String subject(HttpSession session) {
      return session.getMaxInactiveInterval()
          + " "
          + session.getAttribute(StatelessSessionFilter.SUBJECT);
    }
  }

  static class Keys {
    @Bean
    KeySource keys() {
      return KeySource.of(KeyRing.of(KEY));
    }
  }

  static class OwnFilter {
    @Bean
    FilterRegistrationBean<StatelessSessionFilter> own() {
      FilterRegistrationBean<StatelessSessionFilter> own =
          new FilterRegistrationBean<>(
              StatelessSessionFilter.builder("own", KeySource.of(KeyRing.of(KEY))).build());
      own.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.FORWARD);
      return own;
    }
  }

  static class Policy {
    @Bean
    SessionPolicy policy() {
      return SessionPolicy.defaults().withIdleTimeout(Duration.ofMinutes(7));
    }
  }

  static class Listening {
    static final List<String> HEARD = new CopyOnWriteArrayList<>();

    @Bean
    SessionEvents events() {
      return new SessionEvents() {
        @Override
        public void created(String sessionId) {
          HEARD.add("event");
        }
      };
    }

    @Bean
    HttpSessionListener listener() {
      return new HttpSessionListener() {
        @Override
        public void sessionCreated(HttpSessionEvent event) {
          HEARD.add("listener");
        }
      };
    }
  }

  private static ConfigurableApplicationContext start(List<Class<?>> more, String... properties) {
    List<Class<?>> sources = new ArrayList<>(List.of(Application.class));
    sources.addAll(more);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("server.port", 0);
    all.put("server.forward-headers-strategy", "native");
    all.put("spring.main.banner-mode", "off");
    all.put("logging.level.root", "off");
    for (String property : properties) {
      all.put(property.split("=", 2)[0], property.split("=", 2)[1]);
    }
    return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).properties(all).run();
  }

  private static Balancer browser(ConfigurableApplicationContext application) {
    return new Balancer(
        List.of(
            application.getEnvironment().getRequiredProperty("local.server.port", Integer.class)));
  }

  @Test
  @DisplayName(
      "10: who signs in becomes the session's subject until the sign-out; who fits no token fails")
  void signIn() throws Exception {
    try (ConfigurableApplicationContext application =
        start(List.of(Keys.class), "spring.application.name=shop")) {
      Balancer browser = browser(application);
      assertThat(browser.get("/subject").body()).endsWith(" null");
      browser.get("/sign-in?name=ada");
      assertThat(browser.get("/subject").body()).endsWith(" ada");
      browser.get("/sign-in?name=bob");
      assertThat(browser.get("/subject").body()).endsWith(" bob");
      browser.get("/sign-out");
      assertThat(browser.get("/subject").body()).endsWith(" null");
      assertThat(browser.cookies).containsOnlyKeys("__Host-Http-shop");

      assertThat(browser.get("/sign-in?name=ada&stranger=true").body())
          .contains(UsernamePasswordAuthenticationToken.class.getName())
          .contains(Stranger.class.getName())
          .contains("AttributeTypesCustomizer");
      assertThat(browser.get("/subject").body()).endsWith(" null");
    }
  }

  @Test
  @DisplayName(
      "78: the filter is outside of Spring Security's, for all dispatches; beans are heard")
  void registration() throws Exception {
    try (ConfigurableApplicationContext application =
        start(
            List.of(Keys.class, Listening.class),
            "satchel.application=shop",
            "satchel.cookie-name=sid",
            "satchel.secure=false",
            "satchel.sameSite=strict",
            "satchel.exclude=/static/*,*.css",
            "satchel.absolute-lifetime=2h",
            "server.servlet.session.timeout=12m")) {
      FilterRegistrationBean<?> filter =
          application.getBean("satchelFilter", FilterRegistrationBean.class);
      Ordered security = application.getBean("securityFilterChainRegistration", Ordered.class);
      assertThat(filter.getOrder()).isLessThan(security.getOrder());
      assertThat(filter.determineDispatcherTypes()).containsExactly(DispatcherType.values());
      assertThat(filter.isAsyncSupported()).isTrue();
      HttpResponse<String> answer = browser(application).get("/subject");
      assertThat(answer.body()).startsWith("720 ");
      assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
          .startsWith("sid=")
          .contains("SameSite=Strict")
          .doesNotContain("Secure");
      assertThat(Listening.HEARD).containsExactlyInAnyOrder("event", "listener");
    }
  }

  @Test
  @DisplayName("a policy is a bean, or properties, and not both")
  void policy() throws Exception {
    try (ConfigurableApplicationContext application =
        start(List.of(Keys.class, Policy.class), "satchel.application=shop")) {
      assertThat(browser(application).get("/subject").body()).startsWith("420 ");
    }
    assertRefused(
        List.of(Keys.class, Policy.class),
        "[idleTimeout]: policy was already set",
        "satchel.application=shop",
        "satchel.idle-timeout=20m");
  }

  @Test
  @DisplayName("it backs off: without keys and properties, when told so, and before another filter")
  void backsOff() throws Exception {
    for (ConfigurableApplicationContext application :
        List.of(
            start(List.of()),
            start(List.of(Keys.class), "satchel.application=shop", "satchel.enabled=false"))) {
      try (application) {
        assertThat(application.containsBean("satchelFilter")).isFalse();
        Balancer browser = browser(application);
        browser.get("/subject");
        assertThat(browser.cookies).containsOnlyKeys("JSESSIONID");
      }
    }
    try (ConfigurableApplicationContext application =
        start(List.of(Keys.class, OwnFilter.class), "satchel.application=shop")) {
      assertThat(application.containsBean("satchelFilter")).isFalse();
      assertThat(application.getBean(AttributeTypes.class).toString()).contains("s-ctx");
      Balancer browser = browser(application);
      browser.get("/subject");
      assertThat(browser.cookies).containsOnlyKeys("__Host-Http-own");
    }
  }

  @Test
  @DisplayName(
      "what is misspelled, missing or wrong keeps the application from starting, and is named")
  void refused() {
    assertRefused(List.of(), "satchel.key-sorce", "satchel.key-sorce=file:/x");
    assertRefused(List.of(Keys.class), "satchel.aplication", "satchel.aplication=shop");
    assertRefused(List.of(), "satchel.key-source is missing", "satchel.application=shop");
    assertRefused(List.of(Keys.class), "satchel.application is missing");
    assertRefused(
        List.of(),
        "no URI with a scheme",
        "satchel.application=shop",
        "satchel.key-source=pass word");
    assertRefused(
        List.of(Keys.class),
        "satchel.transport",
        "satchel.application=shop",
        "satchel.transport=pigeon");
    assertRefused(
        List.of(Keys.class),
        "'cookieName' has no effect with transport header",
        "satchel.application=shop",
        "satchel.transport=header",
        "satchel.cookie-name=sid");
    assertRefused(
        List.of(Keys.class), "of application 'my shop'", "spring.application.name=my shop");
  }

  private static void assertRefused(List<Class<?>> more, String message, String... properties) {
    assertThatThrownBy(() -> start(more, properties).close())
        .as(Arrays.toString(properties))
        .satisfies(
            refusal -> {
              StringBuilder messages = new StringBuilder();
              for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
                messages.append(cause).append('\n');
              }
              assertThat(messages.toString()).contains(message).doesNotContain("pass word");
            });
  }
}
