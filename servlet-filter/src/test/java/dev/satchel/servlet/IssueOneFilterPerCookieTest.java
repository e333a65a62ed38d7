package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.KeySource;
import jakarta.servlet.FilterRegistration;
import org.junit.jupiter.api.DisplayName;

/** Two filters of one cookie hid it from each other. */
class IssueOneFilterPerCookieTest {

  @OnEachContainer
  @DisplayName("a second filter with the same cookie does not start; with another cookie it does")
  void second(Container container) throws Exception {
    KeySource keys = TestKeys.source();
    StatelessSessionFilter same = StatelessSessionFilter.builder("shop", keys).build();
    assertThatThrownBy(() -> start(container, keys, same)).isNotNull();
    StatelessSessionFilter other =
        StatelessSessionFilter.builder("shop", keys).header("Other-Session").build();
    start(container, keys, other).close();
  }

  private static TestApp start(Container container, KeySource keys, StatelessSessionFilter second)
      throws Exception {
    return TestApp.start(
        container,
        StatelessSessionFilter.builder("shop", keys).build(),
        context -> {
          FilterRegistration.Dynamic registration = context.addFilter("second", second);
          registration.setAsyncSupported(true);
        });
  }
}
