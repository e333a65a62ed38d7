package dev.satchel.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.servlet.micrometer.SessionMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** What an application that is monitored sees of its sessions and keys, and one that is not. */
class SpringMonitoringTest {
  @TempDir private Path home;

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(ShopController.class)
  static class Shop {
    @Bean
    Keys keys() {
      return new Keys();
    }
  }

  /** Keys that are as a test says. */
  static final class Keys implements KeySource {
    private final KeyRing ring = KeyRing.of(SessionKey.generate("k1", TokenAlgorithm.A256GCM));
    volatile Health health = Health.up();

    @Override
    public KeyRing current() {
      return ring;
    }

    @Override
    public Health health() {
      return health;
    }
  }

  private static ConfigurableApplicationContext start(String... properties) {
    return new SpringApplicationBuilder(Shop.class)
        .properties(
            "server.port=0",
            "satchel.application=shop",
            "spring.main.banner-mode=off",
            "logging.level.root=off")
        .properties(properties)
        .run();
  }

  @Test
  @DisplayName("sessions are counted by themselves, in the registry that the application has")
  void meters() throws Exception {
    try (ConfigurableApplicationContext application = start()) {
      int port =
          application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      new Balancer(List.of(port)).get("/order?item=pear");
      MeterRegistry registry = application.getBean(MeterRegistry.class);
      assertThat(registry.get("satchel.sessions.created").functionCounter().count()).isEqualTo(1);
      assertThat(registry.get("satchel.tokens.issued").summary().count()).isPositive();
    }
  }

  @Test
  @DisplayName("the health of keys: degraded keeps the application up, down does not")
  void health() {
    try (ConfigurableApplicationContext application = start()) {
      Keys keys = application.getBean(Keys.class);
      HealthIndicator indicator =
          application.getBean("satchelHealthIndicator", HealthIndicator.class);
      StatusAggregator all = StatusAggregator.getDefault();
      assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
      assertThat(indicator.health().getDetails()).isEmpty();

      keys.health = KeySource.Health.of(KeySource.Health.Status.DEGRADED, "look at the store");
      assertThat(indicator.health().getStatus().getCode()).isEqualTo("DEGRADED");
      assertThat(indicator.health().getDetails()).containsEntry("reason", "look at the store");
      assertThat(all.getAggregateStatus(Set.of(Status.UP, indicator.health().getStatus())))
          .isEqualTo(Status.UP);

      keys.health = KeySource.Health.of(KeySource.Health.Status.DOWN, "rotate it");
      assertThat(indicator.health().getDetails()).containsEntry("reason", "rotate it");
      assertThat(all.getAggregateStatus(Set.of(Status.UP, indicator.health().getStatus())))
          .isEqualTo(Status.DOWN);
    }
    try (ConfigurableApplicationContext application =
        start("management.health.satchel.enabled=false")) {
      assertThat(application.containsBean("satchelHealthIndicator")).isFalse();
      assertThat(application.getBeansOfType(SessionMetrics.class)).hasSize(1);
    }
  }

  /** What {@link #withoutLibraries} starts. */
  static final class Unmonitored {
    private Unmonitored() {}

    public static void main(String[] args) throws Exception {
      Path home = Files.createDirectory(Path.of(args[0]).resolve("unmonitored"));
      try (ConfigurableApplicationContext node =
          SpringExample.start(SpringExample.createRing(home), 0)) {
        for (String absent : List.of("MeterRegistry", "HealthIndicator")) {
          System.out.println(
              Arrays.stream(node.getBeanDefinitionNames()).anyMatch(n -> n.contains(absent)));
        }
        int port = node.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        Balancer browser = new Balancer(List.of(port));
        browser.get("/order");
        System.out.println(browser.cookies.keySet());
      }
    }
  }

  @Test
  @DisplayName("without Micrometer's meters and Spring Boot's health the application runs as ever")
  void withoutLibraries() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("micrometer-core"))
            .filter(entry -> !entry.contains("spring-boot-health"))
            .filter(entry -> !entry.contains("spring-boot-micrometer"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                Unmonitored.class.getName(),
                home.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    // Killed, it says nothing more, and the test fails instead of waiting for good.
    var unused =
        process
            .onExit()
            .orTimeout(1, TimeUnit.MINUTES)
            .exceptionally(late -> process.destroyForcibly());
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines()).endsWith("false", "false", "[__Host-Http-shop]");
  }
}
