package dev.satchel.keys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Compares output with a file; {@code -Dsatchel.write=true} writes the file anew. */
final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  private Golden() {}

  static void check(String name, String actual, List<String> keyIds) throws IOException {
    String stable = actual.replaceAll("[A-Za-z0-9_-]{22}(?=[\"\n])", "<lineage>");
    for (int i = 0; i < keyIds.size(); i++) {
      stable = stable.replace(keyIds.get(i), "<key " + (i + 1) + ">");
    }
    Path file = FOLDER.resolve(name);
    if (Boolean.getBoolean("satchel.write")) {
      Files.writeString(file, stable);
    }
    assertThat(stable).isEqualTo(Files.readString(file));
  }
}
