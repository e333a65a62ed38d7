package dev.satchel.keys.file;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.RevocationLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Records as files below {@code revocations} in the ring's directory, each named by its position
 * and made by a hard link, which two writers cannot both get. A thousand to a directory, so that
 * reading on lists a thousand names, not a million. A file begins with the second from which on it
 * may go.
 */
final class FileRevocationLog implements RevocationLog {
  private static final String FOLDER = "revocations";
  private static final int PER_DIRECTORY = 1000;
  private static final long MAX_POSITION = 9_999_999_999_999L; // thirteen digits

  /** Another is faster at most so often; a file system with more writers wants another store. */
  private static final int ATTEMPTS = 100;

  /** A temporary file this old belongs to nobody that is alive. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path directory;
  private final Path folder;

  FileRevocationLog(Path directory) {
    this.directory = directory;
    this.folder = directory.resolve(FOLDER);
  }

  @Override
  public void append(byte[] record, Instant until) {
    if (record.length == 0 || record.length > MAX_BYTES) {
      throw unavailable(
          "a record of " + record.length + " bytes, allowed are 1 to " + MAX_BYTES, null);
    }
    Path temporary = null;
    try {
      requireRing();
      OwnerOnly.createDirectory(folder);
      temporary = folder.resolve("tmp." + UUID.randomUUID());
      write(temporary, record, until);
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        long position = newest() + 1;
        if (position > MAX_POSITION) {
          throw unavailable("file " + file(MAX_POSITION) + " is the last there can be", null);
        }
        Path target = file(position);
        OwnerOnly.createDirectory(parent(target));
        if (!link(target, temporary)) {
          continue;
        }
        OwnerOnly.force(parent(target));
        // Who slept since the look for the newest may have got a name that was used and dropped,
        // which readers are beyond. To add it once more does no harm.
        if (newest() == position) {
          return;
        }
      }
      throw unavailable("others are always faster with a record", null);
    } catch (IOException e) {
      throw unavailable("a record cannot be written", e);
    } finally {
      if (temporary != null) {
        FileKeyRingStore.deleteQuietly(temporary);
      }
    }
  }

  private static boolean link(Path target, Path temporary) throws IOException {
    try {
      Files.createLink(target, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      // On NFS the answer to our own link can get lost, and its repetition fails.
      return Files.isSameFile(target, temporary);
    }
  }

  private static void write(Path path, byte[] record, Instant until) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + record.length);
    buffer.putLong(until.getEpochSecond()).put(record).flip();
    try (FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OwnerOnly.forFile(path))) {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  @Override
  public List<Kept> from(long position, int limit) {
    try {
      requireRing();
      var kept = new ArrayList<Kept>();
      long group = group(position);
      for (long each : numbers(folder)) {
        if (each < group) {
          continue;
        }
        for (long found : numbers(folder.resolve(directoryName(each)))) {
          if (kept.size() >= limit) {
            return kept;
          }
          if (found >= position && group(found) == each) {
            byte[] bytes = read(file(found), Long.BYTES + MAX_BYTES);
            if (bytes != null) {
              kept.add(new Kept(found, record(bytes)));
            }
          }
        }
      }
      return kept;
    } catch (IOException e) {
      throw unavailable("records cannot be read", e);
    }
  }

  private static byte[] record(byte[] file) {
    return file.length <= Long.BYTES || file.length > Long.BYTES + MAX_BYTES
        ? new byte[0]
        : Arrays.copyOfRange(file, Long.BYTES, file.length);
  }

  /** What is there, and a byte more than allowed of what is larger; null if it was dropped. */
  private static byte @Nullable [] read(Path path, int most) throws IOException {
    try {
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? new byte[0] : null;
      }
      try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
        return in.readNBytes(most + 1);
      }
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public void dropExpired() {
    try {
      requireRing();
      List<Long> groups = numbers(folder);
      if (groups.isEmpty()) {
        return;
      }
      long newest = newest();
      Instant time = now();
      dropTemporaries(time.minus(ABANDONED));
      long now = time.getEpochSecond();
      for (long each : groups) {
        Path within = folder.resolve(directoryName(each));
        int left = 0;
        for (long found : numbers(within)) {
          Path path = within.resolve(fileName(found));
          byte[] head = found == newest ? null : read(path, Long.BYTES);
          boolean expired =
              head != null && (head.length < Long.BYTES || ByteBuffer.wrap(head).getLong() <= now);
          if (!expired || !Files.deleteIfExists(path)) {
            left++;
          }
        }
        if (left == 0 && each < group(newest)) {
          Files.deleteIfExists(within);
        }
      }
    } catch (IOException e) {
      throw unavailable("old records cannot be deleted", e);
    }
  }

  /** Left by writers that were killed. */
  private void dropTemporaries(Instant before) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "tmp.*")) {
      for (Path path : stream) {
        if (Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
            .toInstant()
            .isBefore(before)) {
          FileKeyRingStore.deleteQuietly(path);
        }
      }
    } catch (NoSuchFileException e) {
      // Another node was faster; the rest goes the next time.
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** The file system's own clock. */
  private Instant now() throws IOException {
    Path touched = folder.resolve("tmp." + UUID.randomUUID());
    try {
      Files.createFile(touched, OwnerOnly.forFile(touched));
      return Files.getLastModifiedTime(touched).toInstant();
    } finally {
      FileKeyRingStore.deleteQuietly(touched);
    }
  }

  /** A place without its ring is more often one that is not mounted than one that was emptied. */
  private void requireRing() throws IOException {
    OwnerOnly.requireNotWritableByOthers(directory);
    if (new RingFiles(directory).newest() == KeyRingStore.ABSENT) {
      throw unavailable("the ring is not there; is the directory mounted?", null);
    }
  }

  private long newest() throws IOException {
    List<Long> groups = numbers(folder);
    for (int i = groups.size() - 1; i >= 0; i--) {
      List<Long> found = numbers(folder.resolve(directoryName(groups.get(i))));
      if (!found.isEmpty()) {
        return found.get(found.size() - 1);
      }
    }
    return 0;
  }

  /**
   * The numbers there are, ascending; never one that lacks an older one beside it. A directory that
   * is listed while files are made in it may show a file and lack the one made before, which a
   * reader would never look for again. Whatever a first listing shows was made after all of lower
   * numbers, so a second one shows those too.
   */
  private static List<Long> numbers(Path within) throws IOException {
    List<Long> first = listed(within);
    if (first.isEmpty()) {
      return first;
    }
    long last = first.get(first.size() - 1);
    return listed(within).stream().filter(number -> number <= last).toList();
  }

  private static List<Long> listed(Path within) throws IOException {
    var found = new ArrayList<Long>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(within)) {
      for (Path path : stream) {
        String name = path.getFileName().toString();
        if (name.matches("[0-9]{13}")) {
          found.add(Long.parseLong(name));
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    found.sort(null);
    return found;
  }

  private static long group(long position) {
    return position / PER_DIRECTORY;
  }

  private Path file(long position) {
    return folder.resolve(directoryName(group(position))).resolve(fileName(position));
  }

  private static Path parent(Path file) {
    return file.resolveSibling("").normalize();
  }

  private static String directoryName(long group) {
    return fileName(group);
  }

  private static String fileName(long number) {
    return String.format(Locale.ROOT, "%013d", number);
  }

  private KeyRingException unavailable(String what, @Nullable IOException cause) {
    String message = "file:" + directory + ": revocations: " + what;
    return cause == null
        ? new KeyRingException(KeyRingException.Reason.UNAVAILABLE, message)
        : new KeyRingException(
            KeyRingException.Reason.UNAVAILABLE,
            message + " (" + cause.getClass().getSimpleName() + ")",
            cause);
  }
}
