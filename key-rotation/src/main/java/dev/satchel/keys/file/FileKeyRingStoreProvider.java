package dev.satchel.keys.file;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStoreProvider;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;

/**
 * Opens a directory, {@code file:/var/lib/shop/ring}, or a file that is mounted for reading, {@code
 * mount:/etc/satchel/ring.jwe}.
 */
public final class FileKeyRingStoreProvider implements KeyRingStoreProvider {
  private static final String MOUNT = "mount";

  /** For the {@link java.util.ServiceLoader}. */
  public FileKeyRingStoreProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("file", MOUNT);
  }

  @Override
  public KeyRingStore open(URI location, InstantSource clock) {
    Path path = path(location);
    return MOUNT.equals(location.getScheme())
        ? new MountedKeyRingStore(path)
        : new FileKeyRingStore(path);
  }

  /** The path of {@code file:/absolute}, {@code file:///absolute} or {@code file:relative}. */
  private static Path path(URI location) {
    String path = location.isOpaque() ? location.getSchemeSpecificPart() : location.getPath();
    if (location.getAuthority() != null || path == null || path.isEmpty()) {
      throw new IllegalArgumentException(
          location.getScheme()
              + " location has a host or no path, allowed are "
              + location.getScheme()
              + ":/absolute and "
              + location.getScheme()
              + ":relative");
    }
    if (location.getQuery() != null || path.contains("?")) {
      throw new IllegalArgumentException(
          location.getScheme()
              + " location has parameters that nobody knows; allowed are kek, insecurePlaintext,"
              + " role, ring, lineage, whenStale, node, revocations, revocationsWithin");
    }
    return Path.of(path);
  }
}
