package dev.satchel.benchmarks;

import static dev.satchel.benchmarks.Library.FLOOR;
import static dev.satchel.benchmarks.Library.JAVA_JWT;
import static dev.satchel.benchmarks.Library.NIMBUS;
import static dev.satchel.benchmarks.Library.SATCHEL;
import static dev.satchel.benchmarks.Profile.A256GCM;
import static dev.satchel.benchmarks.Profile.A256GCM_DEF;
import static dev.satchel.benchmarks.Profile.HS256;
import static dev.satchel.benchmarks.Sample.M;
import static dev.satchel.benchmarks.Sample.XL;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What the project set itself, beside what the run gave. */
final class Targets {
  private final Measurements codec;
  private final JsonNode sizes;
  private final JsonNode requestCost;
  private final JsonNode coldStart;
  private final List<Target> targets = new ArrayList<>();

  /**
   * @param atMost whether smaller is better
   */
  record Target(String what, boolean atMost, double bound, String unit, double got) {
    boolean isMet() {
      return atMost ? got <= bound : got >= bound;
    }

    String row() {
      return String.format(
          Locale.ROOT,
          "| %s | %s %s%s | %s%s | %s |",
          what,
          atMost ? "≤" : "≥",
          BarChart.number(bound),
          unit,
          BarChart.number(got),
          unit,
          isMet() ? "met" : "**missed**");
    }
  }

  private Targets(Measurements codec, JsonNode sizes, JsonNode requestCost, JsonNode coldStart) {
    this.codec = codec;
    this.sizes = sizes;
    this.requestCost = requestCost;
    this.coldStart = coldStart;
  }

  /** Those of which the run measured both sides. */
  static List<Target> of(
      Measurements codec, JsonNode sizes, JsonNode requestCost, JsonNode coldStart) {
    Targets targets = new Targets(codec, sizes, requestCost, coldStart);
    targets.speed();
    targets.size();
    targets.requestCost();
    targets.coldStart();
    return List.copyOf(targets.targets);
  }

  private void speed() {
    faster("Read one of M, sealed: times faster than Nimbus", "readOne", NIMBUS, A256GCM, M, 10);
    best("Read one of M, sealed: times faster than the best library", "readOne", A256GCM, M, 5);
    floor("Read one of M, sealed: times the bare JDK", "readOne", A256GCM, M, 2);
    codec
        .find("readOne", SATCHEL, A256GCM, M, 1)
        .map(Measurements.Measurement::bytes)
        .filter(Double::isFinite)
        .ifPresent(bytes -> add("Read one of M, sealed: garbage", true, 2048, " B", bytes));
    faster("Read one of XL, zip: times faster than Nimbus", "readOne", NIMBUS, A256GCM_DEF, XL, 4);
    faster("Read one of M, HS256: times faster than Nimbus", "readOne", NIMBUS, HS256, M, 6);
    faster("Read one of M, HS256: times faster than java-jwt", "readOne", JAVA_JWT, HS256, M, 3);
    faster("Change one of M, sealed: times faster than Nimbus", "writeOne", NIMBUS, A256GCM, M, 5);
    floor("Change one of M, sealed: times the bare JDK", "writeOne", A256GCM, M, 2.5);
  }

  private void faster(
      String what, String operation, Library than, Profile profile, Sample sample, double bound) {
    OptionalDouble ours = nanos(operation, SATCHEL, profile, sample);
    OptionalDouble theirs = nanos(operation, than, profile, sample);
    if (ours.isPresent() && theirs.isPresent()) {
      add(what, false, bound, " ×", theirs.getAsDouble() / ours.getAsDouble());
    }
  }

  private void best(String what, String operation, Profile profile, Sample sample, double bound) {
    OptionalDouble ours = nanos(operation, SATCHEL, profile, sample);
    OptionalDouble theirs =
        codec.all().stream()
            .filter(
                m ->
                    m.operation().equals(operation)
                        && m.library() != SATCHEL
                        && m.library() != FLOOR
                        && m.profile() == profile
                        && m.sample() == sample
                        && m.threads() == 1)
            .mapToDouble(Measurements.Measurement::nanos)
            .min();
    if (ours.isPresent() && theirs.isPresent()) {
      add(what, false, bound, " ×", theirs.getAsDouble() / ours.getAsDouble());
    }
  }

  private void floor(String what, String operation, Profile profile, Sample sample, double bound) {
    OptionalDouble ours = nanos(operation, SATCHEL, profile, sample);
    OptionalDouble floor = nanos(operation, FLOOR, profile, sample);
    if (ours.isPresent() && floor.isPresent()) {
      add(what, true, bound, " ×", ours.getAsDouble() / floor.getAsDouble());
    }
  }

  private OptionalDouble nanos(String operation, Library library, Profile profile, Sample sample) {
    return codec
        .find(operation, library, profile, sample, 1)
        .map(m -> OptionalDouble.of(m.nanos()))
        .orElse(OptionalDouble.empty());
  }

  private void size() {
    for (Sample sample : Sample.values()) {
      // Satchel with its defaults, which compress where it is worth it; peers compress when told.
      above(sample, A256GCM, "the smallest JOSE token");
      above(sample, A256GCM_DEF, "the smallest with zip");
    }
    for (Profile profile : List.of(HS256, Profile.ES256, Profile.ED25519)) {
      signed(profile);
    }
    OptionalDouble uncompressed =
        rows(sizes.path("samples"))
            .filter(row -> !isOurs(row) && row.path("profile").asString().equals(A256GCM.name()))
            .mapToDouble(row -> row.path(XL.name()).asDouble())
            .min();
    OptionalDouble compressed = ours(A256GCM_DEF, XL.name());
    if (compressed.isPresent() && uncompressed.isPresent()) {
      double percent = 100 * compressed.getAsDouble() / uncompressed.getAsDouble();
      add("Size of XL, compressed: of the uncompressed peers", true, 45, " %", percent);
    }
    ours(A256GCM, "framing")
        .ifPresent(got -> add("Header and framing, sealed: characters", true, 130, "", got));
  }

  private OptionalDouble ours(Profile profile, String column) {
    return rows(sizes.path("samples"))
        .filter(row -> isOurs(row) && row.path("profile").asString().equals(profile.name()))
        .mapToDouble(row -> row.path(column).asDouble())
        .findFirst();
  }

  private static boolean isOurs(JsonNode row) {
    return row.path("title").asString().equals(SATCHEL.title());
  }

  private void above(Sample sample, Profile peers, String what) {
    OptionalDouble smallest = smallest(sample, peers);
    OptionalDouble ours = ours(A256GCM_DEF, sample.name());
    if (ours.isPresent() && smallest.isPresent()) {
      double more = ours.getAsDouble() - smallest.getAsDouble();
      add("Size of " + sample + ": characters more than " + what, true, 0, "", more);
    }
  }

  /** The worst of the samples; where others verify, no claim goes without saying. */
  private void signed(Profile profile) {
    double most = Double.NEGATIVE_INFINITY;
    for (Sample sample : Sample.values()) {
      OptionalDouble smallest = smallest(sample, profile);
      OptionalDouble ours = ours(profile, sample.name());
      if (ours.isEmpty() || smallest.isEmpty()) {
        return;
      }
      most = Math.max(most, ours.getAsDouble() - smallest.getAsDouble());
    }
    add("Size with " + profile + ": characters more than the smallest", true, 0, "", most);
  }

  private OptionalDouble smallest(Sample sample, Profile peers) {
    return rows(sizes.path("samples"))
        .filter(row -> !isOurs(row) && row.path("profile").asString().equals(peers.name()))
        .mapToDouble(row -> row.path(sample.name()).asDouble())
        .min();
  }

  private void requestCost() {
    String what = "Server CPU of a reading request: times ";
    double ours = RequestCostPage.serverMicros(requestCost, SessionKind.SATCHEL, "read");
    double none = RequestCostPage.serverMicros(requestCost, SessionKind.NONE, "read");
    double memory = RequestCostPage.serverMicros(requestCost, SessionKind.MEMORY, "read");
    double redis = RequestCostPage.serverMicros(requestCost, SessionKind.SPRING_REDIS, "read");
    double jdbc = RequestCostPage.serverMicros(requestCost, SessionKind.SPRING_JDBC, "read");
    if (Double.isNaN(ours)) {
      return;
    }
    add(what + "that of no session", true, 1.15, " ×", ours / none);
    add(what + "that of the container's memory", true, 1.05, " ×", ours / memory);
    add(what + "less than Spring Session on Redis", false, 8, " ×", redis / ours);
    add(what + "less than Spring Session on PostgreSQL", false, 15, " ×", jdbc / ours);
    add(
        "Heap of 100,000 idle sessions",
        true,
        0,
        " MB",
        Math.rint(RequestCostPage.heapMegabytes(requestCost, SessionKind.SATCHEL)));
  }

  /**
   * What no sealed token of this size can go below, in words: a cookie that is as long and that
   * nobody reads, and the bare JDK's work on it. Empty where the run lacks a side of it.
   */
  static String least(Measurements codec, JsonNode requestCost) {
    double floor =
        codec.find("readOne", FLOOR, A256GCM, M, 1).map(m -> m.nanos() / 1000).orElse(Double.NaN);
    double cookie = RequestCostPage.serverMicros(requestCost, SessionKind.COOKIE, "read");
    double least = cookie + floor;
    double none = RequestCostPage.serverMicros(requestCost, SessionKind.NONE, "read");
    double memory = RequestCostPage.serverMicros(requestCost, SessionKind.MEMORY, "read");
    double redis = RequestCostPage.serverMicros(requestCost, SessionKind.SPRING_REDIS, "read");
    double jdbc = RequestCostPage.serverMicros(requestCost, SessionKind.SPRING_JDBC, "read");
    if (Double.isNaN(least + none + memory + redis + jdbc)) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "A request with a cookie as long as ours, which nobody reads, takes %.1f µs of the server here, and to open M by"
            + " the bare JDK,\nwithout JSON and checks, %.1f µs. A request with a sealed session of this size therefore"
            + " takes at least %.2f times that of no session,\n%.2f times that of the container's memory, and at best"
            + " %.1f times less than Spring Session on Redis, %.1f times less than on PostgreSQL.\n",
        cookie,
        floor,
        least / none,
        least / memory,
        redis / least,
        jdbc / least);
  }

  private void coldStart() {
    rows(coldStart.path("subjects"))
        .filter(Targets::isOurs)
        .forEach(
            row -> {
              add("Cold start to the first token", true, 250, " ms", median(row.path("millis")));
              double foreign =
                  row.path("nimbusClasses").asDouble() + row.path("bouncyCastleClasses").asDouble();
              add("Nimbus and Bouncy Castle classes loaded", true, 0, "", foreign);
            });
  }

  static double median(JsonNode values) {
    return median(rows(values).mapToDouble(JsonNode::asDouble).toArray());
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  static java.util.stream.Stream<JsonNode> rows(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private void add(String what, boolean atMost, double bound, String unit, double got) {
    targets.add(new Target(what, atMost, bound, unit, got));
  }
}
