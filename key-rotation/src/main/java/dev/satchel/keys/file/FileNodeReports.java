package dev.satchel.keys.file;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.NodeReports;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Reports as files {@code node.<name>} in the ring's directory, each replaced as a whole by a
 * rename. Their date is that of the file system. Not forced to disk: after a crash the next one
 * comes by itself.
 */
final class FileNodeReports implements NodeReports {
  private static final String PREFIX = "node.";

  private final Path directory;

  FileNodeReports(Path directory) {
    this.directory = directory;
  }

  @Override
  public void put(String node, String report) {
    OwnerOnly.requireNotWritableByOthers(directory);
    Path target = directory.resolve(PREFIX + node);
    Path temporary = directory.resolve("tmp." + UUID.randomUUID()); // Swept with the ring's own.
    try {
      if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS) && names().size() >= MAX_NODES) {
        throw unavailable("reports of " + MAX_NODES + " nodes are in it", null);
      }
      try (var channel =
          Files.newByteChannel(
              temporary,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              OwnerOnly.forFile(temporary))) {
        channel.write(java.nio.ByteBuffer.wrap(report.getBytes(StandardCharsets.US_ASCII)));
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw unavailable("a report cannot be written", e);
    } finally {
      FileKeyRingStore.deleteQuietly(temporary);
    }
  }

  @Override
  public List<Kept> all() {
    OwnerOnly.requireNotWritableByOthers(directory);
    try {
      var kept = new ArrayList<Kept>();
      for (Path path : names()) {
        if (kept.size() >= MAX_NODES) {
          break;
        }
        read(path, kept);
      }
      kept.sort(Comparator.comparing(Kept::node));
      return kept;
    } catch (IOException e) {
      throw unavailable("reports cannot be read", e);
    }
  }

  /** Whatever somebody put there, a link to elsewhere included. */
  private static void read(Path path, List<Kept> kept) throws IOException {
    try {
      var attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile() || attributes.size() > MAX_LENGTH) {
        return;
      }
      try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
        kept.add(
            new Kept(
                path.getFileName().toString().substring(PREFIX.length()),
                attributes.lastModifiedTime().toInstant(),
                new String(in.readNBytes(MAX_LENGTH), StandardCharsets.ISO_8859_1)));
      }
    } catch (NoSuchFileException e) {
      // Dropped by another node after it was listed.
    }
  }

  @Override
  public void dropOlderThan(Duration age) {
    try {
      Path touched = directory.resolve("tmp." + UUID.randomUUID());
      Instant now;
      try {
        Files.createFile(touched, OwnerOnly.forFile(touched));
        now = Files.getLastModifiedTime(touched).toInstant(); // The file system's own clock.
      } finally {
        FileKeyRingStore.deleteQuietly(touched);
      }
      for (Path path : names()) {
        if (Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
            .toInstant()
            .isBefore(now.minus(age))) {
          Files.deleteIfExists(path);
        }
      }
    } catch (NoSuchFileException e) {
      // Another node was faster, and goes on with the rest.
    } catch (IOException e) {
      throw unavailable("old reports cannot be deleted", e);
    }
  }

  private List<Path> names() throws IOException {
    var paths = new ArrayList<Path>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, PREFIX + "*")) {
      stream.forEach(paths::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return paths;
  }

  private KeyRingException unavailable(
      String what, @org.jspecify.annotations.Nullable IOException cause) {
    String message = "file:" + directory + ": " + what;
    return cause == null
        ? new KeyRingException(KeyRingException.Reason.UNAVAILABLE, message)
        : new KeyRingException(
            KeyRingException.Reason.UNAVAILABLE,
            message + " (" + cause.getClass().getSimpleName() + ")",
            cause);
  }
}
