package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.AnnotationSupport;

/** No container and no scenario vanishes unseen from a round. */
class ContainersTest {
  private static final Path CLASSES = Path.of("target/test-classes");

  @Test
  @Tag(ServletApi.TAG)
  @DisplayName("the containers that the build names are those on the class path")
  void present() {
    assertThat(Container.running())
        .containsExactlyElementsOf(
            ServletApi.IS_6_1
                ? List.of(Container.TOMCAT_11, Container.JETTY)
                : List.of(Container.TOMCAT_10, Container.UNDERTOW))
        .allMatch(Container::isPresent);
  }

  @Test
  @DisplayName("whatever takes a container runs with each Servlet API")
  void tagged() throws Exception {
    List<String> untagged = new ArrayList<>();
    int tagged = 0;
    for (Class<?> type : testClasses()) {
      for (Method method : type.getDeclaredMethods()) {
        if (!AnnotationSupport.isAnnotated(
                method, org.junit.platform.commons.annotation.Testable.class)
            || !Arrays.asList(method.getParameterTypes()).contains(Container.class)) {
          continue;
        }
        boolean hasTag =
            AnnotationSupport.findRepeatableAnnotations(method, Tag.class).stream()
                .anyMatch(tag -> tag.value().equals(ServletApi.TAG));
        if (hasTag) {
          tagged++;
        } else {
          untagged.add(type.getSimpleName() + "." + method.getName());
        }
      }
    }
    assertThat(untagged).isEmpty();
    assertThat(tagged).isPositive();
  }

  private static List<Class<?>> testClasses() throws IOException, ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.walk(CLASSES)) {
      for (Path file : files.filter(f -> f.toString().endsWith("Test.class")).sorted().toList()) {
        String name =
            CLASSES.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
        types.add(Class.forName(name, false, ContainersTest.class.getClassLoader()));
      }
    }
    return types;
  }
}
