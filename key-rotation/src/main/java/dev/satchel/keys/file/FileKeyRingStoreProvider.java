package dev.satchel.keys.file;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStoreProvider;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;

/** Opens {@code file:/var/lib/shop/ring}. */
public final class FileKeyRingStoreProvider implements KeyRingStoreProvider {
  /** For the {@link java.util.ServiceLoader}. */
  public FileKeyRingStoreProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("file");
  }

  @Override
  public KeyRingStore open(URI location, InstantSource clock) {
    return new FileKeyRingStore(path(location));
  }

  /** The path of {@code file:/absolute}, {@code file:///absolute} or {@code file:relative}. */
  private static Path path(URI location) {
    String path = location.isOpaque() ? location.getSchemeSpecificPart() : location.getPath();
    if (location.getAuthority() != null || path == null || path.isEmpty()) {
      throw new IllegalArgumentException(
          "file location has a host or no path, allowed are file:/absolute and file:relative");
    }
    if (location.getQuery() != null || path.contains("?")) {
      throw new IllegalArgumentException(
          "file location has parameters that nobody knows; allowed are kek, insecurePlaintext,"
              + " role, ring, whenStale, node");
    }
    return Path.of(path);
  }
}
