package dev.satchel.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How long a fresh process takes from its start to the first opened token, with and without a class
 * archive of its own (AppCDS). The time is taken outside: from the request to start the process to
 * the line that it writes.
 */
public final class ColdStart {
  private static final int RUNS = 20;
  private static final List<Library> LIBRARIES =
      List.of(Library.SATCHEL, Library.NIMBUS, Library.JOSE4J, Library.JJWT);

  private final Path directory;

  private ColdStart(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes {@code coldstart.json}.
   *
   * @param args the file; optionally the number of runs
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length < 1 || args.length > 2) {
      throw new IllegalArgumentException("usage: ColdStart FILE [RUNS]");
    }
    int runs = args.length == 2 ? Integer.parseInt(args[1]) : RUNS;
    Path directory = Files.createTempDirectory("coldstart");
    try {
      Machine.write(Path.of(args[0]), new ColdStart(directory).measure(runs));
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private Map<String, Object> measure(int runs) throws IOException, InterruptedException {
    List<Subject> subjects = new ArrayList<>();
    subjects.add(new Subject("nothing but the JVM", List.of()));
    for (Library library : LIBRARIES) {
      Carrier<?> carrier = library.carrier(Profile.A256GCM_DEF, InstantSource.system());
      String token = Exercise.of(carrier, Sample.M.attributes()).token();
      subjects.add(new Subject(library.title(), List.of(library.name(), token)));
    }
    for (Subject subject : subjects) {
      start(subject, List.of("-XX:ArchiveClassesAtExit=" + subject.archive(directory)));
    }
    // In turns, so that a slow minute of the machine hits all alike.
    for (int run = 0; run < runs; run++) {
      for (Subject subject : subjects) {
        subject.plain.add(start(subject, List.of()));
        subject.archived.add(
            start(subject, List.of("-XX:SharedArchiveFile=" + subject.archive(directory))));
      }
    }
    List<Object> rows = new ArrayList<>();
    for (Subject subject : subjects) {
      rows.add(subject.row(loadedClasses(subject)));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("machine", Machine.describe());
    result.put("subjects", rows);
    return result;
  }

  /** Milliseconds until the token is open. */
  private double start(Subject subject, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xlog:disable"); // or a warning about an archive is read as the answer
    command.addAll(options);
    command.add("-D" + Keys.SECRET_PROPERTY + "=" + HexFormat.of().formatHex(Keys.secret()));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(FirstToken.class.getName());
    command.addAll(subject.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    long start = System.nanoTime();
    Process process = builder.start();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      String line = output.readLine();
      double millis = (System.nanoTime() - start) / 1e6;
      if (process.waitFor() != 0 || !FirstToken.OPENED.equals(line)) {
        throw new IllegalStateException(subject.title() + " opened no token");
      }
      return millis;
    }
  }

  /** The names of the classes that were loaded up to the first token, also from the archive. */
  private List<String> loadedClasses(Subject subject) throws IOException, InterruptedException {
    Path log = directory.resolve("classes.log");
    start(subject, List.of("-Xlog:class+load:file=" + log + "::filecount=0"));
    try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.contains(" source: "))
          .map(line -> line.substring(line.lastIndexOf(']') + 1, line.indexOf(" source: ")).strip())
          .toList();
    }
  }

  private record Subject(
      String title, List<String> arguments, List<Double> plain, List<Double> archived) {
    Subject(String title, List<String> arguments) {
      this(title, arguments, new ArrayList<>(), new ArrayList<>());
    }

    Path archive(Path directory) {
      return directory.resolve(title.replaceAll("\\W", "") + ".jsa");
    }

    Map<String, Object> row(List<String> classes) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("title", title);
      row.put("millis", plain);
      row.put("millisAppCds", archived);
      row.put("classes", classes.size());
      row.put("nimbusClasses", count(classes, "com.nimbusds."));
      row.put("bouncyCastleClasses", count(classes, "org.bouncycastle."));
      return row;
    }

    private static long count(List<String> classes, String prefix) {
      return classes.stream().filter(name -> name.startsWith(prefix)).count();
    }
  }
}
