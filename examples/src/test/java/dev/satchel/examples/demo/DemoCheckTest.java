package dev.satchel.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.examples.demo.check.Check;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DemoCheckTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void nothingIsLost() throws Exception {
    try (Cluster cluster = Cluster.start(0)) {
      boolean ok = check(cluster.location());

      assertThat(ok).as(report()).isTrue();
      assertThat(lastLine())
          .matches(
              "demo: \\d{3,} requests, 2 nodes, 1 rotation, 1 node killed, 0 sessions lost: OK");
    }
  }

  /**
   * The check can fail: here each node has a ring of its own, so that neither reads the other's
   * tokens.
   */
  @Test
  void findsSessionsThatAreLost() throws Exception {
    InstantSource clock = InstantSource.system();
    try (RingDirectory one = RingDirectory.create();
        RingDirectory other = RingDirectory.create();
        Node a = new Node("A", SharedRing.create(one, clock), one.scratch("A"), clock);
        Node b = new Node("B", SharedRing.create(other, clock), other.scratch("B"), clock);
        Front front = Front.open(0, List.of(a, b))) {
      a.start();
      b.start();
      boolean ok = check(front.location());

      assertThat(ok).as(report()).isFalse();
      assertThat(lastLine()).endsWith(", 5 sessions lost: FAILED");
    }
  }

  /** As by Ctrl+C, which closes the cluster. */
  @Test
  void stoppedMeanwhile_saysSo() throws Exception {
    try (Cluster cluster = Cluster.start(0)) {
      PrintStream out =
          new PrintStream(bytes, true, UTF_8) {
            @Override
            public void println(String line) {
              super.println(line);
              if (line.contains("every visitor has been served")) {
                cluster.close();
              }
            }
          };
      assertThatThrownBy(() -> Demo.check(cluster, out))
          .isInstanceOf(IOException.class)
          .hasMessage("it was stopped during the check");
    }
  }

  private boolean check(URI front) throws Exception {
    return new Check(front, new PrintStream(bytes, true, UTF_8)).run();
  }

  private String report() {
    return bytes.toString(UTF_8);
  }

  private String lastLine() {
    return report().lines().reduce((first, last) -> last).orElseThrow();
  }
}
