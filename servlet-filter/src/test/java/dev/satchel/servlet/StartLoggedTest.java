package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;

/** What a filter says of itself when it starts. */
class StartLoggedTest extends ScenarioTest {
  private static final class Listener implements HttpSessionListener {
    @Override
    public void sessionCreated(HttpSessionEvent event) {}
  }

  @Override
  StatelessSessionFilter filter() {
    return StatelessSessionFilter.builder("shop", KeySource.of(KeyRing.of(TestKeys.key("k1"))))
        .listener(new Listener())
        .settings(Map.of("cookieName", "sid"), "shop.yaml")
        .build();
  }

  @OnEachContainer
  @DisplayName(
      "78: one line: application, cookie or header, settings, keys without secrets, listeners")
  void oneLine(Container container) {
    try (Logged logged = new Logged()) {
      on(container);
      assertThat(logged.takeWithLevels())
          .filteredOn(line -> line.startsWith("INFO "))
          .containsExactly(
              "INFO filter 'satchel' keeps the sessions of application 'shop' in cookie 'sid';"
                  + " settings: its builder and shop.yaml; keys: KeyRing[issuing=k1, keys=[k1]];"
                  + " session listeners told: 1");
    }
  }
}
