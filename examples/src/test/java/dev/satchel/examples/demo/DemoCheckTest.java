package dev.satchel.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.examples.demo.check.Check;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DemoCheckTest {

  @Test
  @Timeout(60)
  void nothingIsLost() throws Exception {
    var bytes = new ByteArrayOutputStream();
    boolean ok;
    try (Cluster cluster = Cluster.start(0)) {
      ok =
          new Check(cluster.location(), new PrintStream(bytes, true, StandardCharsets.UTF_8)).run();
    }
    String report = bytes.toString(StandardCharsets.UTF_8);

    assertThat(ok).as(report).isTrue();
    assertThat(report.lines().reduce((first, last) -> last).orElseThrow())
        .matches("demo: \\d{3,} requests, 2 nodes, 1 rotation, 1 node killed, 0 sessions lost: OK");
  }
}
