package dev.satchel.keys;

import dev.satchel.KeySource;
import dev.satchel.KeySourceProvider;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens key sources by location: a ring in any store there is a {@link KeyRingStoreProvider} for, a
 * JWK or JWK set in a file ({@code file:/etc/shop/key.jwk}) or in an environment variable ({@code
 * env:SHOP_KEY}).
 */
public final class KeyRingSourceProvider implements KeySourceProvider {
  private static final String ENVIRONMENT = "env";

  private final Function<String, @Nullable String> environment;

  /** For the {@link ServiceLoader}. */
  public KeyRingSourceProvider() {
    this(System::getenv);
  }

  KeyRingSourceProvider(Function<String, @Nullable String> environment) {
    this.environment = environment;
  }

  @Override
  public Set<String> schemes() {
    var schemes = new HashSet<String>();
    schemes.add(ENVIRONMENT);
    ServiceLoader.load(KeyRingStoreProvider.class)
        .forEach(provider -> schemes.addAll(provider.schemes()));
    return schemes;
  }

  @Override
  public KeySource open(URI location, InstantSource clock) {
    if (ENVIRONMENT.equals(location.getScheme())) {
      return fromVariable(location.getSchemeSpecificPart());
    }
    KeyRingLocation parsed = KeyRingLocation.of(location);
    Path file = regularFile(parsed.store());
    if (file != null) {
      if (location.toString().contains("?")) {
        throw new IllegalArgumentException(
            file + " is a file of fixed keys, for which no parameters are allowed");
      }
      return fromFile(file);
    }
    KeyEncryptionKey kek = parsed.kek(environment);
    KeyRingStore store = parsed.openStore(clock);
    try {
      RotatingKeySource.Builder builder =
          RotatingKeySource.builder(store, kek)
              .role(parsed.role())
              .whenStale(parsed.whenStale())
              .clock(clock);
      parsed.ring().ifPresent(builder::ring);
      parsed.lineage().ifPresent(builder::lineage);
      parsed.node().ifPresent(builder::node);
      if (parsed.hasRevocations()) {
        parsed
            .revocationsWithin()
            .ifPresentOrElse(builder::revocations, () -> builder.revocations());
      }
      return builder.build();
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private KeySource fromVariable(String name) {
    String value = environment.apply(name);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException("environment variable " + name + " is not set");
    }
    return KeySource.of(StaticKeys.parse(value, "environment variable " + name));
  }

  private static KeySource fromFile(Path file) {
    try {
      if (Files.size(file) > RingJson.MAX_BYTES) {
        throw new IllegalArgumentException(file + " is too large for a JWK set");
      }
      return KeySource.of(StaticKeys.parse(Files.readString(file), file.toString()));
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read", e);
    }
  }

  private static @Nullable Path regularFile(URI store) {
    if (!"file".equals(store.getScheme())) {
      return null;
    }
    String path = store.isOpaque() ? store.getSchemeSpecificPart() : store.getPath();
    return path != null && Files.isRegularFile(Path.of(path)) ? Path.of(path) : null;
  }
}
