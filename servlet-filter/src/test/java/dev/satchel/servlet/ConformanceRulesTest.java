package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the page of conformance is made of, and what it finds fault with. */
class ConformanceRulesTest {
  /** Every item passes everywhere, but for item 7 on Jetty. */
  private static List<ConformanceRecord> allButOne() {
    List<ConformanceRecord> records = new ArrayList<>();
    for (int item = 1; item <= ConformanceRecord.ITEMS; item++) {
      for (Container container : Container.values()) {
        if (item != 7 || container != Container.JETTY) {
          records.add(new ConformanceRecord(item, container.name(), "Some.test", ""));
        }
      }
    }
    return records;
  }

  private static List<String> faults(List<ConformanceRecord> records, String... reasons) {
    ConformancePage page = page(records, reasons);
    assertThat(page.text()).isNotEmpty();
    return page.faults();
  }

  private static ConformancePage page(List<ConformanceRecord> records, String... reasons) {
    return new ConformancePage(
        records, List.of(reasons).stream().map(ConformancePage.Reason::parse).toList());
  }

  @Test
  @DisplayName("an item that passes nowhere on a container needs a reason")
  void noTest() {
    assertThat(faults(allButOne()))
        .containsExactly("item 7 has no test on JETTY and no reason for that");
    assertThat(faults(allButOne(), "7\tJETTY\tbecause")).isEmpty();
    assertThat(faults(allButOne(), "8\tJETTY\tbecause", "7\tTOMCAT_11,UNDERTOW\tbecause"))
        .hasSize(4);
  }

  @Test
  @DisplayName("a reason given at the test will do, and a test without a container will not")
  void reasonAtTheTest() {
    List<ConformanceRecord> records = allButOne();
    records.add(new ConformanceRecord(7, "", "Plain.test", ""));
    assertThat(faults(records)).hasSize(1);
    records.add(new ConformanceRecord(7, "JETTY", "Other.test", "it cannot"));
    assertThat(faults(records)).isEmpty();
    assertThat(page(records).text())
        .contains("| 7 | ✓ | – [1] | ✓ | ✓ | ✓ |", "| 8 | ✓ | ✓ | ✓ | ✓ | |")
        .endsWith("\n1. Jetty 12.1: it cannot.\n");
  }

  @Test
  @DisplayName("a reason that nothing needs is a fault")
  void superfluous() {
    List<ConformanceRecord> records = allButOne();
    records.add(new ConformanceRecord(7, "JETTY", "Some.test", ""));
    assertThat(faults(records)).isEmpty();
    assertThat(faults(records, "7\tJETTY\tbecause"))
        .containsExactly("item 7 passes on JETTY; conformance.tsv says why not");
    assertThat(faults(records, "9\tall\tbecause"))
        .containsExactly("item 9 has tests and needs no reason in conformance.tsv");
  }

  @Test
  @DisplayName("beside what passed, a reason at a test says that another cannot be")
  void both() {
    List<ConformanceRecord> records = allButOne();
    records.add(new ConformanceRecord(7, "JETTY", "Some.test", ""));
    records.add(new ConformanceRecord(7, "JETTY", "Other.test", "it cannot"));
    assertThat(faults(records)).isEmpty();
    assertThat(page(records).text()).contains("| 7 | ✓ | ✓ [1] | ✓ | ✓ | |");
  }

  @Test
  @DisplayName("a run of single tests is no round")
  void partial() {
    assertThat(ConformanceRecord.extent(null)).isNotEqualTo(ConformanceRecord.PARTIAL);
    assertThat(ConformanceRecord.extent("SomeTest")).isEqualTo(ConformanceRecord.PARTIAL);
  }

  @Test
  @DisplayName("numbers before a colon are items; facts, sections and other pages' numbers are not")
  void items() throws Exception {
    assertThat(items("several")).containsExactly(1, 8, 15);
    assertThat(items("withFact")).containsExactly(54);
    assertThat(items("withSection")).containsExactly(85);
    assertThat(items("tooGreat")).isEmpty();
    assertThat(items("noColon")).isEmpty();
    assertThat(items("numberLater")).isEmpty();
    assertThat(items("twoLines")).containsExactly(3);
    assertThat(items("unnamed")).isEmpty();
  }

  private static List<Integer> items(String method) throws Exception {
    Method named = Named.class.getDeclaredMethod(method);
    return ConformanceRecord.items(named);
  }

  /** Never run. */
  interface Named {
    @DisplayName("1, 8, 15: a session")
    void several();

    @DisplayName("54, F3: an include")
    void withFact();

    @DisplayName("3.G, 85: a node")
    void withSection();

    @DisplayName("0, 86, 123: another page's")
    void tooGreat();

    @DisplayName("21 values are kept")
    void noColon();

    @DisplayName("after 30 minutes: gone")
    void numberLater();

    @DisplayName("3: a name\nof two lines")
    void twoLines();

    void unnamed();
  }
}
