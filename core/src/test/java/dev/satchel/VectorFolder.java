package dev.satchel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Public test vectors in {@code ../shared/vectors} beside the checkout, which are not part of it.
 * Without that folder the tests that read it are skipped, and say so.
 */
final class VectorFolder {
  private static final Path ROOT = Path.of("../../shared/vectors");
  private static final JsonMapper JSON = new JsonMapper();

  private VectorFolder() {}

  static Path require(String relative) {
    Path path = ROOT.resolve(relative);
    assumeTrue(Files.exists(path), () -> "skipped: no public vectors at " + path.toAbsolutePath());
    return path;
  }

  static List<Path> files(String relative, String glob) {
    Path folder = require(relative);
    try (Stream<Path> files = Files.list(folder)) {
      var matcher = folder.getFileSystem().getPathMatcher("glob:" + glob);
      return files.filter(file -> matcher.matches(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One case of a Wycheproof file with the group it stands in. */
  record Case(Map<String, Object> group, Map<String, Object> test) {
    String text(String member) {
      return String.valueOf(test.get(member));
    }

    byte[] hex(String member) {
      return java.util.HexFormat.of().parseHex(text(member));
    }

    int number(String member) {
      return ((Number) group.get(member)).intValue();
    }

    @SuppressWarnings("unchecked") // the files' schema
    Map<String, Object> object(String member) {
      return (Map<String, Object>) group.get(member);
    }

    boolean isValid() {
      return text("result").equals("valid");
    }

    @Override
    public String toString() {
      return "tcId " + test.get("tcId") + " " + test.get("comment");
    }
  }

  /** The cases of a Wycheproof file. */
  @SuppressWarnings("unchecked") // the files' schema
  static List<Case> wycheproof(String name) {
    Path file = require("wycheproof/" + name + "_test.json");
    Map<String, Object> document = JSON.readValue(file.toFile(), Map.class);
    List<Case> cases = new ArrayList<>();
    for (Map<String, Object> group : (List<Map<String, Object>>) document.get("testGroups")) {
      for (Map<String, Object> test : (List<Map<String, Object>>) group.get("tests")) {
        cases.add(new Case(group, test));
      }
    }
    return cases;
  }
}
