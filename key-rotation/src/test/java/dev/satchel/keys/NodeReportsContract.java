package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store does that keeps reports of nodes; none of it touches the ring. */
public interface NodeReportsContract {

  /** A new handle on this test's place, whose ring is there. */
  NodeReports reports() throws Exception;

  @Test
  default void reports_lastOfEachName_inOrder() throws Exception {
    reports().put("b-2", "{\"epoch\":1}");
    reports().put("a.1", "one");
    reports().put("b-2", "two");
    List<NodeReports.Kept> all = reports().all();
    assertThat(all).extracting(NodeReports.Kept::node).containsExactly("a.1", "b-2");
    assertThat(all).extracting(NodeReports.Kept::report).containsExactly("one", "two");
    assertThat(all)
        .allSatisfy(
            kept ->
                assertThat(kept.at())
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(5)));
  }

  @Test
  default void reports_longestOnes_comeBackExactly() throws Exception {
    String name = "n".repeat(64);
    String report = "x".repeat(NodeReports.MAX_LENGTH);
    reports().put(name, report);
    assertThat(reports().all())
        .singleElement()
        .satisfies(
            kept -> {
              assertThat(kept.node()).isEqualTo(name);
              assertThat(kept.report()).isEqualTo(report);
            });
  }

  @Test
  default void reports_oldOnes_goAndOthersStay() throws Exception {
    reports().put("a", "one");
    reports().dropOlderThan(Duration.ofHours(1));
    assertThat(reports().all()).hasSize(1);
    reports().dropOlderThan(Duration.ofHours(-1)); // all of them are older than in an hour
    assertThat(reports().all()).isEmpty();
  }
}
