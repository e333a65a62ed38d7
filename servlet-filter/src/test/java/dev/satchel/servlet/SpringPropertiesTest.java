package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The properties of a Spring Boot application are the filter's init parameters, name by name. */
class SpringPropertiesTest {
  private static final Path METADATA =
      Path.of("src/main/resources/META-INF/spring-configuration-metadata.json");

  @Test
  @DisplayName("each init parameter is a property, and each property but 'enabled' a parameter")
  void sameNames() throws ClassNotFoundException {
    Set<String> parameters = new TreeSet<>(InitParameters.NAMES);
    parameters.remove("attributeTypes"); // in Spring an AttributeTypesCustomizer
    Set<String> properties = properties();
    assertThat(properties.remove("enabled")).isTrue();
    assertThat(properties).isEqualTo(parameters);
  }

  @Test
  @DisplayName("each property is described for editors")
  void described() throws ClassNotFoundException, IOException {
    Matcher names =
        Pattern.compile("\"name\": \"satchel\\.([a-z-]+)\",\\s+\"type\"")
            .matcher(Files.readString(METADATA));
    Set<String> described =
        names.results().map(name -> name.group(1)).collect(Collectors.toCollection(TreeSet::new));
    assertThat(described)
        .isEqualTo(
            properties().stream()
                .map(name -> name.replaceAll("[A-Z]", "-$0").toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static Set<String> properties() throws ClassNotFoundException {
    return Arrays.stream(
            Class.forName("dev.satchel.servlet.spring.SatchelProperties").getRecordComponents())
        .map(RecordComponent::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
