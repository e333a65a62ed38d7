package dev.satchel.servlet;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** CONFORMANCE.md: what the rounds recorded, and for what they did not, the reasons given. */
final class ConformancePage {
  /** Of BEHAVIOUR.md §3, by their first items. */
  private static final Map<Integer, String> SECTIONS =
      new TreeMap<>(
          Map.of(
              1, "A. The session object",
              23, "B. The request",
              38, "C. The response: when the session is written",
              53, "D. Dispatches",
              58, "E. Listeners",
              66, "F. On the wire",
              76, "G. Concurrency and deployment"));

  /** Why an item has no test on some containers; {@code containers} empty for all. */
  record Reason(int item, List<Container> containers, String text) {
    /** A line of src/test/resources/conformance.tsv: item, containers or "all", reason. */
    static Reason parse(String line) {
      String[] fields = line.split("\t", -1);
      List<Container> containers = new ArrayList<>();
      if (!fields[1].equals("all")) {
        for (String name : fields[1].split(",")) {
          containers.add(Container.valueOf(name));
        }
      }
      return new Reason(Integer.parseInt(fields[0]), containers, fields[2]);
    }

    boolean covers(Container container) {
      return containers.isEmpty() || containers.contains(container);
    }
  }

  private final List<ConformanceRecord> records;
  private final List<Reason> reasons;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Integer> notes = new LinkedHashMap<>();

  ConformancePage(List<ConformanceRecord> records, List<Reason> reasons) {
    this.records = records;
    this.reasons = reasons;
  }

  /** Items without a test and without a reason, and reasons that nothing needs. */
  List<String> faults() {
    return faults;
  }

  String text() {
    StringBuilder rows = new StringBuilder();
    for (int item = 1; item <= ConformanceRecord.ITEMS; item++) {
      if (SECTIONS.containsKey(item)) {
        rows.append("| **").append(SECTIONS.get(item)).append("** | | | | | |\n");
      }
      rows.append(row(item));
    }
    String titles =
        List.of(Container.values()).stream().map(Container::title).collect(joining(" | "));
    StringBuilder page =
        new StringBuilder(
            """
            # Conformance

            Made by the build from the tests that ran; do not edit. An item is a number of [BEHAVIOUR.md](BEHAVIOUR.md). A ✓ says
            that the item's tests passed on that container; *no container* is for tests that need none. A number in brackets points to a
            reason below why a test, or where there is no ✓ all of them, cannot be or is not there. The build fails if an item has neither a test nor a
            reason, or if this page differs from what passed.

            """);
    page.append("| Item | ")
        .append(titles)
        .append(" | no container |\n|---|---|---|---|---|---|\n");
    page.append(rows).append("\n## Reasons\n\n");
    notes.forEach((text, number) -> page.append(number).append(". ").append(text).append('\n'));
    return page.toString();
  }

  private String row(int item) {
    StringBuilder row = new StringBuilder("| ").append(item).append(" |");
    for (Container container : Container.values()) {
      row.append(' ').append(cell(item, container)).append(" |");
    }
    for (Reason reason : reasons) {
      if (reason.item() == item && reason.containers().isEmpty() && anyPassed(item)) {
        faults.add("item " + item + " has tests and needs no reason in conformance.tsv");
      }
    }
    return row.append(passed(item, "") ? " ✓ " : " ").append("|\n").toString();
  }

  private boolean anyPassed(int item) {
    return List.of(Container.values()).stream().anyMatch(c -> passed(item, c.name()));
  }

  private String cell(int item, Container container) {
    boolean passed = passed(item, container.name());
    TreeSet<Integer> numbers = new TreeSet<>();
    records.stream()
        .filter(r -> r.item() == item && r.container().equals(container.name()))
        .map(ConformanceRecord::impossible)
        .filter(text -> !text.isEmpty())
        .sorted()
        .forEach(text -> numbers.add(note(container.title() + ": " + text + ".")));
    boolean reasoned = !numbers.isEmpty();
    for (Reason reason : reasons) {
      if (reason.item() == item && reason.covers(container)) {
        if (passed && !reason.containers().isEmpty()) {
          faults.add("item " + item + " passes on " + container + "; conformance.tsv says why not");
        }
        numbers.add(note(reason.text() + "."));
        reasoned = true;
      }
    }
    if (!passed && !reasoned) {
      faults.add("item " + item + " has no test on " + container + " and no reason for that");
    }
    String brackets = numbers.stream().map(n -> " [" + n + "]").collect(joining());
    return (passed ? "✓" : "–") + brackets;
  }

  private int note(String text) {
    return notes.computeIfAbsent(text, t -> notes.size() + 1);
  }

  private boolean passed(int item, String container) {
    return records.stream()
        .anyMatch(
            r -> r.item() == item && r.container().equals(container) && r.impossible().isEmpty());
  }
}
