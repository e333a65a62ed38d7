package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What users compile against, line by line. Changing it is a decision: change {@code
 * src/test/api/public-api.txt} in the same commit, and CHANGELOG.md. {@code -Dsatchel.write=true}
 * writes the file anew.
 */
class PublicApiTest {
  private static final Path FILE = Path.of("src/test/api/public-api.txt");
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "com\\.nimbusds|picocli\\.|tools\\.jackson|com\\.fasterxml|org\\.bouncycastle|io\\.lettuce");

  @Test
  void publicApi_isWhatTheFileSays() throws IOException {
    String actual = String.join("\n", PublicApi.of(mainClasses())) + "\n";
    if (Boolean.getBoolean("satchel.write")) {
      Files.writeString(FILE, actual, StandardCharsets.UTF_8);
    }
    assertThat(actual).isEqualTo(Files.readString(FILE, StandardCharsets.UTF_8));
  }

  @Test
  void publicApi_namesNoTypeOfADependency() {
    assertThat(PublicApi.of(mainClasses())).noneMatch(line -> DEPENDENCY.matcher(line).find());
  }

  @Test
  void publicApi_hasFewTypes() {
    List<String> topLevel =
        PublicApi.of(mainClasses()).stream()
            .filter(line -> !line.startsWith(" ") && !line.split(" ")[0].contains("$"))
            // Public for the ServiceLoader alone; nobody writes their names.
            .filter(line -> !line.matches(".* implements dev\\.satchel\\.\\S*Provider"))
            .toList();
    assertThat(topLevel).hasSizeBetween(10, 31);
  }

  @Test
  void canary_leakingAndAdding_isSeen() {
    List<String> lines = PublicApi.of(List.of(PublicApiCanary.class));
    assertThat(lines)
        .contains(
            "  protected void added()",
            "  public tools.jackson.core.JsonParser"
                + " leaked(java.util.List<com.nimbusds.jose.JWEObject>)")
        .anyMatch(line -> DEPENDENCY.matcher(line).find());
  }

  private static List<Class<?>> mainClasses() {
    Path folder;
    try {
      folder =
          Path.of(KeyCustodian.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .sorted()
          .<Class<?>>map(name -> load(name.replace(".class", "").replace('/', '.')))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, KeyCustodian.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
