package dev.satchel.examples.spring;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.RotationPolicy;
import dev.satchel.keys.file.FileKeyRingStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts the application twice. What the nodes share is a directory with the key ring, and the key
 * that seals it.
 *
 * <pre>{@code
 * mvn -q -pl examples -am compile exec:java -Dexec.mainClass=dev.satchel.examples.spring.SpringExample
 * }</pre>
 */
public final class SpringExample {
  private SpringExample() {}

  /** Makes a ring in a temporary directory, deleted at the end, and starts two nodes on it. */
  public static void main(String[] args) throws IOException {
    Path home = Files.createTempDirectory("satchel-spring-"); // for its owner only
    // After the nodes have been closed, which still read it until then.
    SpringApplication.getShutdownHandlers().add(() -> delete(home));
    String keySource = createRing(home);
    for (int port : new int[] {8081, 8082}) {
      start(keySource, port);
      System.out.println("http://localhost:" + port + "/order (ada, lovelace)");
    }
  }

  /** Makes a key and a ring sealed under it; in real life {@code satchel-keys init} does so. */
  static String createRing(Path home) throws IOException {
    Path kek = home.resolve("kek.jwk");
    Files.writeString(kek, SessionKey.generate("kek", TokenAlgorithm.A256KW).toSecretJwk());
    Path ring = home.resolve("ring");
    new KeyCustodian(
            new FileKeyRingStore(ring),
            KeyEncryptionKey.of("file:" + kek, name -> null),
            InstantSource.system())
        .creation("shop", RotationPolicy.defaults())
        .commit();
    return "file:" + ring + "?kek=file:" + kek;
  }

  /** Deletes the directory and what is in it. */
  static void delete(Path home) {
    try (Stream<Path> files = Files.walk(home)) {
      // Contents before the directories they are in.
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("temporary directory " + home + " could not be deleted", e);
    }
  }

  /** Starts one node; port 0 takes a free one. */
  static ConfigurableApplicationContext start(String keySource, int port) {
    return new SpringApplicationBuilder(ShopApplication.class)
        .web(WebApplicationType.SERVLET)
        .properties(
            Map.of(
                "satchel.application", "shop",
                "satchel.key-source", keySource,
                "server.port", port,
                // Behind a balancer the nodes' addresses are the balancer's.
                "server.forward-headers-strategy", "native",
                "spring.main.banner-mode", "off",
                "logging.level.root", "warn"))
        .run();
  }
}
