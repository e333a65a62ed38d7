package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs after all rounds (see pom.xml). Run with {@code -Dsatchel.write=true} to write the page anew
 * when tests were added.
 */
@Tag("conformance")
class ConformancePageTest {
  private static final Path PAGE = Path.of("CONFORMANCE.md");
  private static final Path REASONS = Path.of("src/test/resources/conformance.tsv");

  @Test
  @DisplayName("CONFORMANCE.md is what passed")
  void page() throws IOException {
    String extent = ConformanceRecord.extent(System.getProperty("test"));
    assumeFalse(extent.equals(ConformanceRecord.PARTIAL), "only single tests were run");
    List<ConformanceRecord> records = new ArrayList<>();
    for (Path file : files()) {
      List<String> lines = Files.readAllLines(file);
      if (!lines.isEmpty() && lines.get(0).equals(ConformanceRecord.head(extent))) {
        lines.stream().skip(1).map(ConformanceRecord::parse).forEach(records::add);
      }
    }
    List<ConformancePage.Reason> reasons =
        Files.readAllLines(REASONS).stream()
            .filter(line -> !line.startsWith("#"))
            .map(ConformancePage.Reason::parse)
            .toList();
    ConformancePage page = new ConformancePage(records, reasons);
    String text = page.text();
    if (Boolean.getBoolean("satchel.write")) {
      Files.writeString(PAGE, text);
    }
    assertThat(page.faults()).isEmpty();
    assertThat(Files.readString(PAGE))
        .as("CONFORMANCE.md; -Dsatchel.write=true writes what passed")
        .isEqualTo(text);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(ConformanceRecord.FOLDER)) {
      return files.sorted().toList();
    }
  }
}
