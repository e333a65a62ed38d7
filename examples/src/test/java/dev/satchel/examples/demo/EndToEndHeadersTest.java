package dev.satchel.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndToEndHeadersTest {

  @Test
  void severalSetCookieLinesStaySeveral() {
    assertThat(EndToEndHeaders.ofResponse(Map.of("set-cookie", List.of("a=1", "b=2"))))
        .containsExactly(Map.entry("set-cookie", List.of("a=1", "b=2")));
  }

  @Test
  void whatBelongsToTheConnectionStays() {
    Map<String, List<String>> request =
        Map.of(
            "Connection", List.of("keep-alive, X-Private"),
            "Keep-Alive", List.of("timeout=5"),
            "X-Private", List.of("1"),
            "Host", List.of("localhost"),
            "Cookie", List.of("a=1; b=2"));
    assertThat(EndToEndHeaders.ofRequest(request))
        .containsExactly(Map.entry("Cookie", List.of("a=1; b=2")));
  }
}
