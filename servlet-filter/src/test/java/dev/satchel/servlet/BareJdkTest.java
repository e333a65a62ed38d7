package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BareJdkTest {
  private static final List<String> ABSENT =
      List.of(
          "jdk.jfr.Event",
          "io.micrometer.core.instrument.MeterRegistry",
          "org.springframework.core.Ordered");

  @Test
  @DisplayName("without jdk.jfr, as in an image made by jlink, Micrometer and Spring")
  void serves() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("micrometer") && !entry.contains("spring"))
            .collect(Collectors.joining(File.pathSeparator));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    var command =
        new java.util.ArrayList<>(
            List.of(
                java.toString(),
                "--limit-modules",
                "java.se,jdk.unsupported",
                "-cp",
                classPath,
                BareJdk.class.getName()));
    command.addAll(ABSENT);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    // Killed, it says nothing more, and the test fails instead of waiting for good.
    var unused =
        process
            .onExit()
            .orTimeout(1, TimeUnit.MINUTES)
            .exceptionally(late -> process.destroyForcibly());
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    assertThat(said.lines()).containsExactly("1", "200", "none", "3");
  }
}
