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
    if (location.getAuthority() != null) {
      throw new IllegalArgumentException(
          "file location names a host, allowed are file:/absolute and file:relative");
    }
    String path = location.isOpaque() ? location.getSchemeSpecificPart() : location.getPath();
    if (path == null || path.isEmpty()) {
      throw new IllegalArgumentException(
          "file location has no path, allowed are file:/absolute and file:relative");
    }
    int query = path.indexOf('?');
    return Path.of(query < 0 ? path : path.substring(0, query));
  }
}
