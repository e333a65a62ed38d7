package dev.satchel.keys.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.satchel.keys.ManualTime;
import dev.satchel.keys.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Runs the command in this process and keeps what it said. */
final class CommandLineFixture {
  final ManualTime time = new ManualTime();
  final Map<String, String> environment = new HashMap<>();
  final String memory = "test:" + UUID.randomUUID();
  final String ring = memory + "?insecurePlaintext=true";

  private final SeededRandom random = new SeededRandom(1);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  boolean terminal;
  String input = "";

  int run(String... args) {
    out.reset();
    err.reset();
    return SatchelKeys.run(
        args,
        new Invocation(
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            environment,
            time,
            random,
            terminal));
  }

  String out() {
    return out.toString(UTF_8);
  }

  String err() {
    return err.toString(UTF_8);
  }

  /** Everything anybody could see. */
  String said() {
    return out() + err();
  }

  /** The ids that a status in JSON lists, in its order. */
  java.util.List<String> keyIds() {
    run("status", "--store", ring, "--json");
    return java.util.regex.Pattern.compile("\"kid\" : \"([^\"]+)\"")
        .matcher(out())
        .results()
        .map(match -> match.group(1))
        .toList();
  }
}
