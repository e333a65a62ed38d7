package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node with symmetric keys pays start-up time and memory for no library it does not use. */
class ClassLoadingTest {
  private static final Pattern LIBRARY =
      Pattern.compile(" (com\\.nimbusds|org\\.bouncycastle|tools\\.jackson\\.databind)\\.");

  private static List<String> loadedWith(SessionKey key) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                DefaultPath.class.getName(),
                key.toSecretJwk())
            .redirectErrorStream(true)
            .start();
    // Killed, it says nothing more, and the test fails instead of waiting for good.
    var unused =
        process
            .onExit()
            .orTimeout(1, TimeUnit.MINUTES)
            .exceptionally(late -> process.destroyForcibly());
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).isZero();
    assertThat(lines).contains("read ArrayList");
    assertThat(lines).anyMatch(line -> line.contains(" dev.satchel.TokenCodec "));
    return lines.stream().filter(line -> LIBRARY.matcher(line).find()).toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "A256CBC_HS512", "A256KW", "HS256"})
  void symmetricKey_readAndUsed_loadsNoLibrary(TokenAlgorithm algorithm) throws Exception {
    assertThat(loadedWith(TestKeys.key(algorithm))).isEmpty();
  }

  @Test
  void control_keyOfP256_loadsNimbus() throws Exception {
    assertThat(loadedWith(TestKeys.key(TokenAlgorithm.ES256)))
        .anyMatch(line -> line.contains("com.nimbusds."));
  }
}
