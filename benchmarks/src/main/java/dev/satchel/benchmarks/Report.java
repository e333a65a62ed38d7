package dev.satchel.benchmarks;

import static dev.satchel.benchmarks.Targets.rows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Makes the results page and its charts out of the files of one run: {@code machine.json}, {@code
 * codec*.json} from JMH, {@code sizes.json}, {@code requestcost.json} and {@code coldstart.json},
 * each but the first optional.
 */
public final class Report {
  private static final List<String> OPERATIONS =
      List.of("readOne", "readAll", "writeOne", "writeAll");
  private static final List<String> LINES =
      List.of(
          "Satchel, zip",
          "Satchel",
          "Nimbus JOSE+JWT, zip",
          "Nimbus JOSE+JWT",
          OtherFormat.KTOR.title(),
          OtherFormat.FLASK.title(),
          OtherFormat.PHOENIX.title(),
          OtherFormat.BINARY.title());

  private final Path directory;
  private final Measurements codec;
  private final JsonNode sizes;
  private final JsonNode coldStart;
  private final StringBuilder page = new StringBuilder();

  private Report(Path directory) throws IOException {
    this.directory = directory;
    try (Stream<Path> files = Files.list(directory)) {
      this.codec =
          Measurements.read(
              files
                  .filter(f -> f.getFileName().toString().matches("codec.*\\.json"))
                  .sorted()
                  .toList());
    }
    this.sizes = read("sizes.json");
    this.coldStart = read("coldstart.json");
  }

  /**
   * Writes {@code README.md} and the charts beside the run's files.
   *
   * @param args the run's directory
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      throw new IllegalArgumentException("usage: Report DIRECTORY");
    }
    new Report(Path.of(args[0])).write();
  }

  private JsonNode read(String name) {
    Path file = directory.resolve(name);
    return Files.exists(file)
        ? JsonMapper.shared().readTree(file.toFile())
        : JsonNodeFactory.instance.objectNode();
  }

  private void write() throws IOException {
    JsonNode machine = read("machine.json");
    page.append("# Results\n\nMade by `Report` from the files of one run; do not edit.\n\n");
    page.append(
        String.format(
            Locale.ROOT,
            "%s, %d cores; %s; %s; %s.%n",
            machine.path("cpu").asString("unknown CPU"),
            machine.path("cores").asInt(),
            machine.path("jdk").asString("unknown JDK"),
            machine.path("os").asString("unknown system"),
            machine.path("date").asString("undated")));
    targets();
    codec();
    threads();
    sizes();
    new RequestCostPage(read("requestcost.json"), directory).appendTo(page);
    coldStart();
    Files.writeString(directory.resolve("README.md"), page.toString(), StandardCharsets.UTF_8);
  }

  private void targets() {
    List<Targets.Target> targets = Targets.of(codec, sizes, read("requestcost.json"), coldStart);
    if (targets.isEmpty()) {
      return;
    }
    page.append("\n## Targets\n\n| What | Target | Here | |\n|---|---|---|---|\n");
    targets.forEach(target -> page.append(target.row()).append('\n'));
    page.append('\n').append(Targets.least(codec, read("requestcost.json")));
  }

  private void codec() throws IOException {
    if (!codec.all().isEmpty()) {
      page.append("\nThe tables and charts of operations are JMH's (");
      page.append(
          codec.all().stream()
              .map(Measurements.Measurement::effort)
              .distinct()
              .collect(Collectors.joining("; or ")));
      page.append(").\n");
    }
    for (Profile profile : Profile.values()) {
      for (String operation : OPERATIONS) {
        chart(profile, operation);
      }
      table(profile);
    }
  }

  private void chart(Profile profile, String operation) throws IOException {
    String what = profile + ", " + title(operation);
    BarChart nanos = new BarChart(what, "ns per operation, one thread");
    BarChart bytes = new BarChart(what + ": garbage", "bytes per operation, one thread");
    for (Sample sample : Sample.values()) {
      nanos.group(sample.name());
      bytes.group(sample.name());
      for (Library library : Library.values()) {
        codec
            .find(operation, library, profile, sample, 1)
            .ifPresent(
                m -> {
                  nanos.bar(library.title(), m.nanos(), m.error());
                  if (Double.isFinite(m.bytes())) {
                    bytes.bar(library.title(), m.bytes(), 0);
                  }
                });
      }
    }
    if (operation.endsWith("One") && !nanos.isEmpty()) {
      heading(profile, operation);
      String name = profile.name().toLowerCase(Locale.ROOT) + "-" + operation;
      image(name, what, nanos.svg());
      if (profile == Profile.A256GCM && !bytes.isEmpty()) {
        image(name + "-garbage", what + ": garbage", bytes.svg());
      }
    }
  }

  private void heading(Profile profile, String operation) {
    if (operation.equals(OPERATIONS.get(0))) {
      page.append("\n## ").append(profile).append("\n");
    }
  }

  private static String title(String operation) {
    return switch (operation) {
      case "readOne" -> "open and read one attribute";
      case "readAll" -> "open and read all attributes";
      case "writeOne" -> "change one attribute and write";
      default -> "new session: set all attributes and write";
    };
  }

  private void image(String name, String alternative, String svg) throws IOException {
    Files.writeString(directory.resolve(name + ".svg"), svg, StandardCharsets.UTF_8);
    page.append("\n![").append(alternative).append("](").append(name).append(".svg)\n");
  }

  private void table(Profile profile) {
    if (codec.all().stream().noneMatch(m -> m.profile() == profile && m.threads() == 1)) {
      return;
    }
    page.append(
        "\nNanoseconds (bytes of garbage) per operation; × is the ratio to Satchel.\n\n|  |");
    StringBuilder rule = new StringBuilder("|---|");
    for (Library library : Library.values()) {
      if (library.has(profile)) {
        page.append(' ').append(library.title()).append(" |");
        rule.append("---|");
      }
    }
    page.append('\n').append(rule).append('\n');
    for (String operation : OPERATIONS) {
      for (Sample sample : Sample.values()) {
        row(profile, operation, sample);
      }
    }
  }

  private void row(Profile profile, String operation, Sample sample) {
    Optional<Measurements.Measurement> ours =
        codec.find(operation, Library.SATCHEL, profile, sample, 1);
    if (ours.isEmpty()) {
      return;
    }
    page.append("| ").append(operation).append(' ').append(sample).append(" |");
    for (Library library : Library.values()) {
      if (library.has(profile)) {
        page.append(
            codec
                .find(operation, library, profile, sample, 1)
                .map(m -> cell(m, ours.get().nanos()))
                .orElse(" |"));
      }
    }
    page.append('\n');
  }

  private static String cell(Measurements.Measurement m, double ours) {
    String garbage = Double.isFinite(m.bytes()) ? " (" + BarChart.number(m.bytes()) + ")" : "";
    String ratio =
        m.library() == Library.SATCHEL
            ? ""
            : String.format(Locale.ROOT, " %.2f ×", m.nanos() / ours);
    return " " + BarChart.number(m.nanos()) + garbage + ratio + " |";
  }

  /** Operations per second with more threads, for whatever was measured so. */
  private void threads() {
    OptionalInt most = codec.all().stream().mapToInt(Measurements.Measurement::threads).max();
    if (most.isEmpty() || most.getAsInt() == 1) {
      return;
    }
    int threads = most.getAsInt();
    page.append(
        String.format(
            Locale.ROOT,
            "%n## %d threads%n%nOperations per second of all threads together, and how many times"
                + " those of one thread.%n%n| | Library | 1 thread | %d threads | |%n"
                + "|---|---|---|---|---|%n",
            threads,
            threads));
    for (Measurements.Measurement m : codec.all()) {
      Optional<Measurements.Measurement> alone =
          codec.find(m.operation(), m.library(), m.profile(), m.sample(), 1);
      if (m.threads() == threads && alone.isPresent()) {
        double one = 1e9 / alone.get().nanos();
        double all = threads * 1e9 / m.nanos();
        page.append(
            String.format(
                Locale.ROOT,
                "| %s %s %s | %s | %,.0f | %,.0f | %.2f × |%n",
                m.profile(),
                m.operation(),
                m.sample(),
                m.library().title(),
                one,
                all,
                all / one));
      }
    }
  }

  private void sizes() throws IOException {
    if (sizes.path("samples").isEmpty()) {
      return;
    }
    page.append(
        "\n## Token size\n\nCharacters of the cookie's value. *Framing* is all but the payload.\n");
    page.append(
        "Frameworks of other platforms by formula; they carry neither session id nor lifetimes");
    page.append(
        " unless they need them.\n\n| | | S | M | L | XL | framing |\n|---|---|---|---|---|---|---|\n");
    rows(sizes.path("samples"))
        .forEach(
            row -> {
              page.append("| ").append(row.path("title").asString());
              page.append(" | ").append(row.path("profile").asString());
              for (Sample sample : Sample.values()) {
                page.append(" | ").append(row.path(sample.name()).asInt());
              }
              page.append(" | ").append(row.path("framing").asString("")).append(" |\n");
            });
    JsonNode random = sizes.path("random");
    LineChart chart =
        new LineChart(
            "Random sessions, half words and half noise",
            "characters of the cookie's value over bytes of attributes as JSON; lower is better");
    for (String title : LINES) {
      chart.line(title, column(random, "bytes"), column(random, title));
    }
    image("sizes", "Token size over session size", chart.svg());
    page.append(
        "\nThe largest session, in bytes of attributes as JSON, whose whole `Set-Cookie` has at");
    page.append(" most 4,096 bytes\n(16 KB are not exceeded in the search).\n\n");
    page.append("| | noise | cart |\n|---|---|---|\n");
    rows(sizes.path("cookie"))
        .forEach(
            row ->
                page.append(
                    String.format(
                        Locale.ROOT,
                        "| %s | %,d | %,d |%n",
                        row.path("title").asString(),
                        row.path("noise").asInt(),
                        row.path("cart").asInt())));
  }

  private static List<Double> column(JsonNode table, String name) {
    return rows(table).map(row -> row.path(name).asDouble()).toList();
  }

  private void coldStart() throws IOException {
    if (coldStart.path("subjects").isEmpty()) {
      return;
    }
    page.append(
        "\n## Cold start\n\nFrom the start of a process to its first opened token (M, sealed),");
    page.append(" median of ").append(coldStart.path("subjects").path(0).path("millis").size());
    page.append(" processes, with and\nwithout a class archive of the application (AppCDS).\n");
    BarChart chart = new BarChart("Cold start to the first token", "milliseconds, median");
    chart.group("without class archive");
    rows(coldStart.path("subjects"))
        .forEach(
            row -> chart.bar(row.path("title").asString(), Targets.median(row.path("millis")), 0));
    chart.group("with class archive");
    rows(coldStart.path("subjects"))
        .forEach(
            row ->
                chart.bar(
                    row.path("title").asString(), Targets.median(row.path("millisAppCds")), 0));
    image("coldstart", "Cold start to the first token", chart.svg());
    page.append("\n| | ms | ms, AppCDS | classes | of Nimbus | of Bouncy Castle |\n");
    page.append("|---|---|---|---|---|---|\n");
    rows(coldStart.path("subjects"))
        .forEach(
            row ->
                page.append(
                    String.format(
                        Locale.ROOT,
                        "| %s | %.0f | %.0f | %,d | %d | %d |%n",
                        row.path("title").asString(),
                        Targets.median(row.path("millis")),
                        Targets.median(row.path("millisAppCds")),
                        row.path("classes").asInt(),
                        row.path("nimbusClasses").asInt(),
                        row.path("bouncyCastleClasses").asInt())));
  }
}
