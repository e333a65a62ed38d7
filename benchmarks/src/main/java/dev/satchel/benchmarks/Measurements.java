package dev.satchel.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What JMH wrote, of any number of runs. */
record Measurements(List<Measurement> all) {

  /**
   * @param operation the benchmark method
   * @param nanos per operation; the mean of all iterations of all forks
   * @param error half of the 99.9 % confidence interval; NaN where there were too few iterations
   * @param bytes garbage per operation; NaN without {@code -prof gc}
   * @param effort how often and how long it was measured, in words
   */
  record Measurement(
      String operation,
      Library library,
      Profile profile,
      Sample sample,
      int threads,
      double nanos,
      double error,
      double bytes,
      String effort) {}

  static Measurements read(List<Path> files) {
    List<Measurement> all = new ArrayList<>();
    for (Path file : files) {
      for (JsonNode run : JsonMapper.shared().readTree(file.toFile())) {
        all.add(measurement(run));
      }
    }
    return new Measurements(List.copyOf(all));
  }

  private static Measurement measurement(JsonNode run) {
    String benchmark = run.path("benchmark").asString();
    JsonNode params = run.path("params");
    String profile = params.path("profile").asString("ED25519"); // its class has no parameter
    return new Measurement(
        benchmark.substring(benchmark.lastIndexOf('.') + 1),
        Library.valueOf(params.path("library").asString()),
        Profile.valueOf(profile),
        Sample.valueOf(params.path("sample").asString()),
        run.path("threads").asInt(),
        number(run.path("primaryMetric").path("score")),
        number(run.path("primaryMetric").path("scoreError")),
        bytes(run.path("secondaryMetrics")),
        effort(run));
  }

  private static String effort(JsonNode run) {
    return "forks: %d; iterations: %d of %s, after %d of %s"
        .formatted(
            run.path("forks").asInt(),
            run.path("measurementIterations").asInt(),
            run.path("measurementTime").asString("unknown length"),
            run.path("warmupIterations").asInt(),
            run.path("warmupTime").asString("unknown length"));
  }

  private static double bytes(JsonNode metrics) {
    for (String name : metrics.propertyNames()) {
      if (name.endsWith("gc.alloc.rate.norm")) {
        return number(metrics.path(name).path("score"));
      }
    }
    return Double.NaN;
  }

  /** JMH writes NaN as a string. */
  private static double number(JsonNode node) {
    return node.isNumber() ? node.asDouble() : Double.NaN;
  }

  Optional<Measurement> find(
      String operation, Library library, Profile profile, Sample sample, int threads) {
    return all.stream()
        .filter(
            m ->
                m.operation().equals(operation)
                    && m.library() == library
                    && m.profile() == profile
                    && m.sample() == sample
                    && m.threads() == threads)
        .findFirst();
  }
}
