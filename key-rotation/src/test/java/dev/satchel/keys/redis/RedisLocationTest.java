package dev.satchel.keys.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.keys.KeyRingLocation;
import dev.satchel.keys.KeyRingStoreProvider;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisLocationTest {
  @ParameterizedTest
  @CsvSource({
    "redis://localhost, redis://localhost:6379/0?key=satchel:ring",
    "redis://localhost/, redis://localhost:6379/0?key=satchel:ring",
    "rediss://cache.example:6390/7, rediss://cache.example:6390/7?key=satchel:ring",
    "redis://shop_redis_1/2, redis://shop_redis_1:6379/2?key=satchel:ring",
    "redis://[::1]:7000?key=%7Bshop%7D:ring, redis://[::1]:7000/0?key={shop}:ring",
    "redis://:p@10.0.0.1, redis://10.0.0.1:6379/0?key=satchel:ring",
    "redis://u:p@h?timeout=250ms, redis://h:6379/0?key=satchel:ring",
    "redis://u:p@x@h, redis://h:6379/0?key=satchel:ring",
  })
  void of_allowed_shownWithoutCredentials(String location, String shown) {
    assertThat(RedisLocation.of(URI.create(location))).hasToString(shown);
  }

  @Test
  void of_everything_isKept() {
    RedisLocation location =
        RedisLocation.of(URI.create("rediss://ada:a%2Bb+%40@[::1]:7000/0?timeout=3s&key=k%26k"));
    assertThat(location.isTls()).isTrue();
    assertThat(location.user()).isEqualTo("ada");
    assertThat(location.password()).isEqualTo("a+b+@");
    assertThat(location.host()).isEqualTo("::1");
    assertThat(location.port()).isEqualTo(7000);
    assertThat(location.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(location.key()).isEqualTo("k&k");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis:localhost",
        "redis:/0",
        "redis://u:hunter2@",
        "redis://u:hunter2@:6379",
        "redis://u:hunter2@h:0",
        "redis://u:hunter2@h:65536",
        "redis://u:hunter2@h:port",
        "redis://hunter2@h",
        "redis://hunter2:@h",
        "redis://u:hunter2@h/one",
        "redis://u:hunter2@h/-1",
        "redis://u:hunter2@h/0/1",
        "redis://u:hunter2@h#hunter2",
        "redis://u:hunter2@h?key=",
        "redis://u:hunter2@h?key=a%20b",
        "redis://u:hunter2@h?key=a&key=b",
        "redis://u:hunter2@h?hunter2",
        "redis://u:hunter2@h?password=hunter2",
        "redis://u:hunter2@h?timeout=99ms",
        "redis://u:hunter2@h?timeout=21s",
        "redis://u:hunter2@h?timeout=5",
      })
  void of_wrong_refusedWithoutCredentials(String location) {
    assertThatThrownBy(() -> RedisLocation.of(URI.create(location)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("redis location ")
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }

  @Test
  void keyRingLocation_ofAServerWithAPassword_neverShowsIt() {
    assertThat(
            KeyRingLocation.of(
                URI.create("redis://u:hunter2@cache_1/0?key=k&insecurePlaintext=true")))
        .asString()
        .doesNotContain("hunter2");
  }

  @Test
  void openStore_asTheServiceLoaderFindsIt_doesNotConnect() {
    URI nobody = URI.create("redis://127.0.0.1:1/0");
    try (var store = KeyRingStoreProvider.openStore(nobody, InstantSource.system())) {
      assertThat(store).isInstanceOf(RedisKeyRingStore.class);
    }
  }

  /** An application without the client runs as before, and hears what is missing if it asks. */
  @Test
  void provider_withoutTheClient_saysWhatIsMissing() throws Exception {
    URL[] classPath =
        Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
            .filter(entry -> !entry.matches(".*(lettuce|netty|reactor).*"))
            .map(entry -> java.nio.file.Path.of(entry).toUri())
            .map(RedisLocationTest::url)
            .toArray(URL[]::new);
    try (URLClassLoader bare =
        new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = bare.loadClass(KeyRingStoreProvider.class.getName());
      Stream<?> providers = ServiceLoader.load(type, bare).stream().map(each -> each.get());
      Object redis =
          providers
              .filter(each -> each.getClass().getSimpleName().startsWith("Redis"))
              .findFirst()
              .orElseThrow();
      var open = type.getMethod("open", URI.class, InstantSource.class);
      assertThatThrownBy(() -> open.invoke(redis, URI.create("redis://h"), InstantSource.system()))
          .cause()
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("io.lettuce:lettuce-core");
    }
  }

  private static URL url(URI uri) {
    try {
      return uri.toURL();
    } catch (java.net.MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
