package dev.satchel.examples.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FunctionExampleTest {

  @Test
  void saysWhatItsDescriptionPromises() throws Exception {
    var bytes = new ByteArrayOutputStream();
    FunctionExample.run(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "instance 1: visit 1",
            "instance 2: visit 2",
            "instance 3: visit 3",
            "without its token: visit 1",
            "with a damaged one: visit 1");
  }

  @Test
  void leavesTheRingAsItIs() throws Exception {
    try (ReadOnlyRing ring = ReadOnlyRing.create()) {
      List<Path> before = list(ring.directory());
      try (var function = new VisitFunction(ring.environment())) {
        assertThat(function.handle(new VisitFunction.Invocation(Map.of())).status()).isEqualTo(200);
      }
      assertThat(list(ring.directory())).isEqualTo(before).isNotEmpty();
    }
  }

  private static List<Path> list(Path directory) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
