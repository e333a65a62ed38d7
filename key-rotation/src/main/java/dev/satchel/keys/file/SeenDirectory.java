package dev.satchel.keys.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which directory had a ring in it. One that is gone, or is another one now, was unmounted or moved
 * rather than emptied: that is no answer (I7), and a ring must not be put into the mount point.
 */
final class SeenDirectory {
  private final Path path;

  /** The identity of the directory, if it has one; null before there was a ring. */
  private volatile @Nullable Optional<Object> identity;

  SeenDirectory(Path path) {
    this.path = path;
  }

  /** There is a ring in it now. */
  void remember() throws IOException {
    identity = now();
  }

  /** Whether there was a ring, and this is not the directory that it was in. */
  boolean wasReplaced() {
    Optional<Object> before = identity;
    if (before == null) {
      return false;
    }
    try {
      return !before.equals(now());
    } catch (IOException e) {
      return true;
    }
  }

  private Optional<Object> now() throws IOException {
    return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
  }
}
