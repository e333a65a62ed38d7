package dev.satchel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.io.File;
import java.net.InetAddress;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a class, host or file could hide in a registered type. */
class RefusedBeansTest {
  record OfClass(Class<?> type) {}

  record OfUrlInArray(URL[] urls) {}

  record OfPathInLists(List<List<Path>> paths) {}

  record OfHostInOptional(Optional<InetAddress> host) {}

  record OfFileInMap(Map<String, File> files) {}

  record OfClassAsKey(Map<Class<?>, String> names) {}

  record OfNestedRecord(List<OfClass> classes) {}

  static final class ByDelegate {
    private final String name;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    ByDelegate(Class<?> type) {
      name = type.getName();
    }

    public String getName() {
      return name;
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        OfClass.class,
        OfUrlInArray.class,
        OfPathInLists.class,
        OfHostInOptional.class,
        OfFileInMap.class,
        OfClassAsKey.class,
        OfNestedRecord.class,
        ByDelegate.class,
        Class.class,
        URL.class,
        File.class,
        Path[].class
      })
  void type_thatLetsATokenNameSomething_isRefusedAtStartUp(Class<?> type) {
    AttributeTypes.Builder builder = AttributeTypes.builder().register("x", type);
    assertThatThrownBy(builder::build).isInstanceOf(AttributeException.class);
  }
}
