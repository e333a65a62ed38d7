package dev.satchel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page and well-formed charts come of a run's files, whichever of them there are. */
class ReportTest {
  @TempDir Path directory;

  @BeforeEach
  void machine() throws IOException {
    copy("machine.json");
  }

  private void copy(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/run/" + name))) {
      Files.copy(in, directory.resolve(name));
    }
  }

  private String report() throws IOException {
    Report.main(new String[] {directory.toString()});
    return Files.readString(directory.resolve("README.md"));
  }

  @Test
  void namesTheMachineOfTheRun() throws IOException {
    assertThat(report()).contains("Some CPU, 2 cores; Some VM 17; Linux amd64; 2026-01-02.");
  }

  @Test
  void saysWhichTargetsAreMetAndWhichMissed() throws IOException {
    copy("codec-1.json");
    assertThat(report())
        .contains("| Read one of M, sealed: times faster than Nimbus | ≥ 10 × | 20 × | met |")
        .contains("| Read one of M, sealed: times the bare JDK | ≤ 2 × | 4 × | **missed** |")
        .contains("| readOne M | 2,000 (1,000) | 40,000 (24,000) 20.00 × | | | 500 (500) 0.25 × |");
  }

  @Test
  void keepsOfJmhsFilesWhatWasMeasuredAndHow_notWhereItRan() throws IOException {
    Path jmh = Files.createDirectory(directory.resolve("jmh"));
    Files.writeString(
        jmh.resolve("codec-jmh.json"),
        """
        [{"benchmark": "dev.satchel.benchmarks.SealedBenchmark.readOne", "threads": 1, "forks": 3,
          "jvm": "/opt/jdk/bin/java", "jvmArgs": ["-Dsome=path"],
          "warmupIterations": 5, "warmupTime": "2 s",
          "measurementIterations": 7, "measurementTime": "1 s",
          "params": {"library": "SATCHEL", "profile": "A256GCM", "sample": "M"},
          "primaryMetric": {"score": 1234.0, "scoreError": 1.0, "scoreUnit": "ns/op",
            "rawData": [[1233.0, 1235.0]]},
          "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 999.0, "rawData": [[999.0]]}}}]
        """);
    CodecResults.main(new String[] {jmh.toString(), directory.toString()});

    assertThat(directory.resolve("codec-jmh.json"))
        .content()
        .doesNotContain("jdk", "some", "rawData");
    assertThat(report())
        .contains("(forks: 3; iterations: 7 of 1 s, after 5 of 2 s)")
        .contains("| readOne M | 1,234 (999) |");
  }

  @Test
  void comparesThreads() throws IOException {
    copy("codec-1.json");
    copy("codec-2.json");
    assertThat(report()).contains("| A256GCM readOne M | Satchel | 500,000 | 1,000,000 | 2.00 × |");
  }

  @Test
  void showsWhatARequestCosts_andWhatADeadNodeLoses() throws IOException {
    copy("requestcost.json");
    assertThat(report())
        .contains("times that of no session | ≤ 1.15 × | 1.10 × | met |")
        .contains("times less than Spring Session on Redis | ≥ 8 × | 4 × | **missed** |")
        .contains("| Satchel | 22.0 | 0.0 | 25.0 | 9,000 | 80 | 300 | 976 | 134 | 0 |")
        .contains("| container's memory | 200 (200) | 100 (0) | 100 (0) |")
        .contains("requestcost.svg");
  }

  @Test
  void saysWhatNoTokenCanGoBelow_whereTheRunHasBothSidesOfIt() throws IOException {
    copy("requestcost.json");
    assertThat(report()).doesNotContain("takes at least");
    copy("codec-1.json");
    assertThat(report())
        .contains("takes 21.5 µs of the server here", "without JSON and checks, 0.5 µs.")
        .contains("1.10 times that of no session,\n1.05 times that of the container's memory")
        .contains("at best 4.0 times less than Spring Session on Redis");
  }

  @Test
  void drawsWellFormedCharts() throws Exception {
    copy("codec-1.json");
    copy("coldstart.json");
    Machine.write(directory.resolve("sizes.json"), TokenSizes.measure());

    assertThat(report())
        .contains("![A256GCM, open and read one attribute](a256gcm-readOne.svg)")
        .contains("![Token size over session size](sizes.svg)")
        .contains("| Satchel | 250 | 150 | 1,276 | 0 | 0 |");
    var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    for (String chart : new String[] {"a256gcm-readOne", "sizes", "coldstart"}) {
      var root = builder.parse(directory.resolve(chart + ".svg").toFile()).getDocumentElement();
      assertThat(root.getTagName()).isEqualTo("svg");
    }
  }
}
