package dev.satchel.servlet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;

/**
 * One line of {@code target/conformance}: a test of an item of BEHAVIOUR.md, and what came of it.
 *
 * @param container empty for a test without one
 * @param impossible why the test does not run there; empty where it passed
 */
record ConformanceRecord(int item, String container, String test, String impossible) {
  static final Path FOLDER = Path.of("target/conformance");
  static final int ITEMS = 85;

  /** How a file begins that not all tests of a round went into. */
  static final String PARTIAL = "partial";

  /** As "1, 8, 15: created" or "54, F3: an include"; facts and sections are no items. */
  private static final Pattern NUMBERED =
      Pattern.compile(
          "((?:\\d+|F\\d|3\\.[A-G])(?:, (?:\\d+|F\\d|3\\.[A-G]))*): .*", Pattern.DOTALL);

  /** The items that a test's display name starts with. Greater numbers are another page's. */
  static List<Integer> items(Method test) {
    DisplayName name = test.getAnnotation(DisplayName.class);
    Matcher matcher = NUMBERED.matcher(name == null ? "" : name.value());
    List<Integer> items = new ArrayList<>();
    if (matcher.matches()) {
      for (String number : matcher.group(1).split(", ")) {
        if (Character.isDigit(number.charAt(0)) && !number.contains(".")) {
          items.add(Integer.valueOf(number));
        }
      }
    }
    items.removeIf(item -> item < 1 || item > ITEMS);
    return items;
  }

  static List<ConformanceRecord> of(Method test, Optional<Container> container, String impossible) {
    String name = test.getDeclaringClass().getSimpleName() + "." + test.getName();
    return items(test).stream()
        .map(
            item ->
                new ConformanceRecord(
                    item, container.map(Container::name).orElse(""), name, impossible))
        .toList();
  }

  /** The file of this round and process; surefire numbers those that share a round's classes. */
  static Path file() {
    String round = ServletApi.IS_6_1 ? "servlet-6.1-" : "servlet-6.0-";
    return FOLDER.resolve(round + System.getProperty("satchel.process", "process-1") + ".tsv");
  }

  /** Begins the file anew, unless this build has. */
  static void begin() {
    try {
      Files.createDirectories(FOLDER);
      // What surefire was told to run alone it also tells its tests.
      String head = head(extent(System.getProperty("test")));
      if (!Files.exists(file()) || !Files.readString(file()).startsWith(head + "\n")) {
        Files.writeString(file(), head + "\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** First line of a file that this build made; another build may have had more processes. */
  static String head(String extent) {
    return extent + "\t" + System.getProperty("satchel.build", "");
  }

  /** How a file of a round begins. */
  static String extent(String testsTold) {
    return testsTold == null ? "all" : PARTIAL;
  }

  void append() {
    try {
      Files.writeString(
          file(),
          String.join("\t", String.valueOf(item), container, test, impossible) + "\n",
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ConformanceRecord parse(String line) {
    String[] fields = line.split("\t", -1);
    return new ConformanceRecord(Integer.parseInt(fields[0]), fields[1], fields[2], fields[3]);
  }
}
