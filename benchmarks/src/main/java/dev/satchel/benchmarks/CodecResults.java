package dev.satchel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps of JMH's files what was measured and how, and drops what is only about the machine that
 * measured (paths, arguments of its JVM) and each single iteration. What is left has JMH's form.
 */
public final class CodecResults {
  private static final List<String> KEPT =
      List.of(
          "benchmark",
          "params",
          "threads",
          "forks",
          "warmupIterations",
          "warmupTime",
          "measurementIterations",
          "measurementTime");
  private static final List<String> KEPT_OF_METRIC = List.of("score", "scoreError", "scoreUnit");

  private CodecResults() {}

  /**
   * Writes a {@code codec*.json} for each of JMH's.
   *
   * @param args the directory of JMH's files, that of the run
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("usage: CodecResults JMH-DIRECTORY DIRECTORY");
    }
    try (Stream<Path> files = Files.list(Path.of(args[0]))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        Machine.write(
            Path.of(args[1]).resolve(file.getFileName()),
            kept(JsonMapper.shared().readTree(file.toFile())));
      }
    }
  }

  static ArrayNode kept(JsonNode runs) {
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    for (JsonNode run : runs) {
      ObjectNode row = kept.addObject();
      copy(run, row, KEPT);
      copy(run.path("primaryMetric"), row.putObject("primaryMetric"), KEPT_OF_METRIC);
      ObjectNode metrics = row.putObject("secondaryMetrics");
      run.path("secondaryMetrics")
          .properties()
          .forEach(
              metric ->
                  copy(metric.getValue(), metrics.putObject(metric.getKey()), KEPT_OF_METRIC));
    }
    return kept;
  }

  private static void copy(JsonNode from, ObjectNode to, List<String> names) {
    for (String name : names) {
      if (from.has(name)) {
        to.set(name, from.get(name));
      }
    }
  }
}
