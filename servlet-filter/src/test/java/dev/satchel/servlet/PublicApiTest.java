package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The module's public face, line by line, compared with the one that was agreed on. Run with {@code
 * -Dsatchel.write=true} to agree on another.
 */
class PublicApiTest {
  private static final Path AGREED = Path.of("src/test/api/public-api.txt");
  private static final Path CLASSES = Path.of("target/classes");

  @Test
  @DisplayName("public and protected signatures are those of public-api.txt")
  void unchanged() throws Exception {
    List<String> actual = signatures();
    if (Boolean.getBoolean("satchel.write")) {
      Files.createDirectories(AGREED.getParent());
      Files.write(AGREED, actual);
    }
    assertThat(actual).isEqualTo(Files.readAllLines(AGREED));
  }

  @Test
  @DisplayName("four public types, one for Micrometer, three for Spring")
  void budget() throws Exception {
    assertThat(publicTypes().stream().filter(type -> !type.isMemberClass()))
        .extracting(Class::getSimpleName)
        .containsExactly(
            "SessionCookie",
            "SessionEvents",
            "StatelessSessionFilter",
            "StatelessSessionInitializer",
            "SessionMetrics",
            "AttributeTypesCustomizer",
            "SignInListener",
            "SpringAttributeTypes");
  }

  private static List<Class<?>> publicTypes() throws IOException, ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.walk(CLASSES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        String name =
            CLASSES.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
        if (name.endsWith("package-info")) {
          continue;
        }
        Class<?> type = Class.forName(name, false, PublicApiTest.class.getClassLoader());
        if (isVisible(type.getModifiers())
            && (type.getEnclosingClass() == null
                || isVisible(type.getEnclosingClass().getModifiers()))) {
          types.add(type);
        }
      }
    }
    return types;
  }

  private static List<String> signatures() throws IOException, ClassNotFoundException {
    TreeSet<String> lines = new TreeSet<>();
    for (Class<?> type : publicTypes()) {
      lines.add(type.getName() + " " + type.toGenericString());
      for (Field field : type.getDeclaredFields()) {
        add(lines, type, field.getModifiers(), field.isSynthetic(), field.toGenericString());
      }
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        add(
            lines,
            type,
            constructor.getModifiers(),
            constructor.isSynthetic(),
            constructor.toGenericString());
      }
      for (Method method : type.getDeclaredMethods()) {
        add(lines, type, method.getModifiers(), method.isSynthetic(), method.toGenericString());
      }
    }
    return List.copyOf(lines);
  }

  private static void add(
      TreeSet<String> lines, Class<?> type, int modifiers, boolean synthetic, String text) {
    if (isVisible(modifiers) && !synthetic) {
      lines.add(type.getName() + " " + text);
    }
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }
}
