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
import java.nio.file.attribute.BasicFileAttributes;
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

  /**
   * So many names may have been taken since the directory was listed, by NFS up to a minute ago; a
   * directory with more writers than that wants another store.
   */
  private static final int ATTEMPTS = 1000;

  /** A temporary file this old belongs to nobody that is alive. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path directory;
  private final Path folder;
  private final Listing listing;

  FileRevocationLog(Path directory) {
    this(directory, FileRevocationLog::listed);
  }

  /** Tests have names that a listing lacks, or something else happen while one is made. */
  FileRevocationLog(Path directory, Listing listing) {
    this.directory = directory;
    this.folder = directory.resolve(FOLDER);
    this.listing = listing;
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
      long position = newest();
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        // Behind one that is there: of two records the lower one has always been made first. A
        // network file system may go on to list what it listed before, so a taken name is believed.
        position++;
        if (position > MAX_POSITION) {
          throw unavailable("file " + file(MAX_POSITION) + " is the last there can be", null);
        }
        Path target = file(position);
        OwnerOnly.createDirectory(parent(target));
        if (!link(target, temporary)) {
          continue;
        }
        // Who slept since the look for the newest may have got a name that was used and dropped,
        // which readers are beyond. To add it once more does no harm. Asked before the wait for the
        // disk, in which others add theirs.
        long newest = newest();
        if (newest == position) {
          OwnerOnly.force(parent(target));
          return;
        }
        position = newest;
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

  /**
   * By name up to the newest, whatever a listing says of those below: a directory that is listed
   * while files are made in it, or that a network file system has kept a listing of, can show a
   * file and lack the one made before, which a reader would never look for again. All up to one
   * that is there were made before it, so a name that leads nowhere now was dropped.
   */
  @Override
  public List<Kept> from(long position, int limit) {
    try {
      requireRing();
      var kept = new ArrayList<Kept>();
      long newest = newest();
      for (long group : listing.numbers(folder)) {
        long last = Math.min(newest, (group + 1) * PER_DIRECTORY - 1);
        for (long each = Math.max(position, group * PER_DIRECTORY); each <= last; each++) {
          if (kept.size() >= limit) {
            return kept;
          }
          byte[] bytes = read(file(each), Long.BYTES + MAX_BYTES);
          if (bytes != null) {
            kept.add(new Kept(each, record(bytes)));
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
      // Not Files.isRegularFile, to which a file that cannot be looked at is one that is not there.
      if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isRegularFile()) {
        return new byte[0];
      }
      try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
        return in.readNBytes(most + 1);
      }
    } catch (NoSuchFileException e) {
      // Newer JDKs say so also of a path that leads through what is no directory.
      Path within = path.getParent();
      if (within != null
          && Files.exists(within, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(within, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      return null;
    }
  }

  @Override
  public void dropExpired() {
    try {
      requireRing();
      List<Long> groups = listing.numbers(folder);
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
        for (long found : listing.numbers(within)) {
          Path path = within.resolve(fileName(found));
          // What was added since the look for the newest is the last one now.
          byte[] head = found >= newest ? null : read(path, Long.BYTES);
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

  /** One that is there, and behind all that were there before this was called; 0 for none. */
  private long newest() throws IOException {
    List<Long> groups = listing.numbers(folder);
    for (int i = groups.size() - 1; i >= 0; i--) {
      long group = groups.get(i);
      long newest = 0;
      for (long found : listing.numbers(folder.resolve(directoryName(group)))) {
        if (group(found) == group) {
          newest = found; // they are in order
        }
      }
      if (newest > 0) {
        return newest;
      }
    }
    return 0;
  }

  /** The names that are thirteen digits, in order; none where there is nothing. */
  static List<Long> listed(Path within) throws IOException {
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

  /** How the numbers are found that a directory has for names. */
  interface Listing {
    List<Long> numbers(Path within) throws IOException;
  }
}
