package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BareJdkTest {

  /**
   * As in an image made by jlink, with the class path of whoever needs neither meters nor Redis.
   */
  @Test
  void withoutJfrMicrometerAndLettuce_keepsARing() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("micrometer") && !entry.contains("lettuce"))
            .filter(entry -> !entry.contains("picocli"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--limit-modules",
                "java.se,jdk.unsupported",
                "-cp",
                classPath,
                BareJdk.class.getName(),
                "jdk.jfr.Event",
                "io.micrometer.core.instrument.MeterRegistry",
                "io.lettuce.core.RedisClient",
                "picocli.CommandLine")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    // Killed, it says nothing more, and the test fails instead of waiting for good.
    var unused =
        process
            .onExit()
            .orTimeout(1, TimeUnit.MINUTES)
            .exceptionally(late -> process.destroyForcibly());
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines())
        .containsExactly("absent", "absent", "absent", "absent", "UNKNOWN", "UP");
  }
}
