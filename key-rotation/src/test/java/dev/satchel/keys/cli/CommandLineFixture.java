package dev.satchel.keys.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.ManualTime;
import dev.satchel.keys.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
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
    List<URI> before = List.copyOf(TestStoreProvider.OPEN);
    int code =
        SatchelKeys.run(
            args,
            new Invocation(
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                environment,
                time,
                random,
                terminal));
    assertThat(TestStoreProvider.OPEN).as("what the verb opened").containsExactlyElementsOf(before);
    return code;
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
  List<String> keyIds() {
    run("status", "--store", ring, "--json");
    return java.util.regex.Pattern.compile("\"kid\" : \"([^\"]+)\"")
        .matcher(out())
        .results()
        .map(match -> match.group(1))
        .toList();
  }
}
