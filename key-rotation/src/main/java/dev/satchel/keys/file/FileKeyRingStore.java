package dev.satchel.keys.file;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.NodeReports;
import dev.satchel.keys.RevocationLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A ring in a directory of its own, local or on a network file system that has hard links. Files
 * are named {@code ring.} and ten digits of the revision; the highest one counts. The last eight
 * stay for whoever has to look back.
 *
 * <p>A directory that others can write to is refused: whoever can rename files there can put an old
 * ring back.
 */
public final class FileKeyRingStore implements KeyRingStore {
  /** Kept after a commit: a look back, and time for a reader that has just listed the directory. */
  static final int KEPT = 8;

  /** Beyond this a file is not a ring. */
  private static final int MAX_BYTES = MAX_DOCUMENT_BYTES;

  /** A temporary file this old belongs to nobody that is alive. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  /** A listed file can be pruned before it is read, but not over and over. */
  private static final int READ_ATTEMPTS = 3;

  private final Path directory;
  private final RingFiles files;
  private final SeenDirectory seen;
  private final Consumer<Step> progress;

  /**
   * A store in this directory. A missing directory is a store without a ring; its first commit
   * makes it, for the owner only.
   */
  public FileKeyRingStore(Path directory) {
    this(directory, step -> {});
  }

  /** Tests cut a commit off by throwing, or do something else in the middle of it. */
  FileKeyRingStore(Path directory, Consumer<Step> progress) {
    this.progress = progress;
    this.directory = Objects.requireNonNull(directory, "directory").toAbsolutePath().normalize();
    this.files = new RingFiles(this.directory);
    this.seen = new SeenDirectory(this.directory);
  }

  @Override
  public Optional<Stored> read() {
    OwnerOnly.requireNotWritableByOthers(directory);
    try {
      for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
        long revision = files.newest();
        if (revision == ABSENT) {
          refuseIfReplaced();
          return Optional.empty();
        }
        Path path = files.of(revision);
        seen.remember();
        try {
          return Optional.of(new Stored(revision, content(path), Optional.of(linkedAt(path))));
        } catch (NoSuchFileException e) {
          // Pruned between the listing and here: there is a newer one.
        }
      }
      throw unavailable("its files vanish while they are read", null);
    } catch (IOException e) {
      throw unavailable("it cannot be read", e);
    }
  }

  /** Whatever somebody put there: a device never ends, a pipe never answers, a file may grow. */
  private static byte[] content(Path path) throws IOException {
    if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
      throw new KeyRingException(
          KeyRingException.Reason.UNREADABLE,
          path + " is not a file; find out who put it there, and remove it");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new KeyRingException(
            KeyRingException.Reason.UNREADABLE,
            path + " has more than the allowed " + MAX_BYTES + " bytes");
      }
      return bytes;
    }
  }

  @Override
  public OptionalLong probe() {
    try {
      long revision = files.newest();
      if (revision == ABSENT) {
        refuseIfReplaced();
        return OptionalLong.empty();
      }
      return OptionalLong.of(revision);
    } catch (IOException e) {
      throw unavailable("it cannot be listed", e);
    }
  }

  @Override
  public Commit compareAndSet(long expectedRevision, byte[] document) {
    if (document.length > MAX_BYTES) {
      throw new KeyRingException(
          KeyRingException.Reason.POLICY,
          this + ": the document has " + document.length + " bytes, allowed are " + MAX_BYTES);
    }
    OwnerOnly.requireNotWritableByOthers(directory);
    Path temporary = directory.resolve("tmp." + UUID.randomUUID());
    try {
      OwnerOnly.createDirectory(directory);
      // 1. Nothing is to be had where somebody else already was.
      long found = files.newest();
      if (found != expectedRevision) {
        return Commit.CONFLICT;
      }
      if (found == ABSENT) {
        refuseIfReplaced();
      }
      if (expectedRevision >= RingFiles.MAX_REVISION) {
        throw new KeyRingException(
            KeyRingException.Reason.POLICY,
            files.of(expectedRevision)
                + " is the last revision there can be; if nobody has made so many commits, somebody"
                + " put that file there: remove it, or the last good one counts never again");
      }
      progress.accept(Step.LISTED);
      // 2. The whole document on disk, under a name that nobody reads.
      write(temporary, document, progress);
    } catch (IOException e) {
      deleteQuietly(temporary);
      throw unavailable("it cannot be written", e);
    }
    Path target = files.of(expectedRevision + 1);
    try {
      // 3. The name of the revision: at most one writer gets it.
      if (!link(target, temporary)) {
        return Commit.CONFLICT;
      }
      progress.accept(Step.LINKED);
      OwnerOnly.force(directory);
      progress.accept(Step.FORCED);
      seen.remember();
      // 4. A writer that slept since step 1 may have taken a name that was used and pruned.
      long newest = files.newest();
      if (newest < expectedRevision + 1) {
        return Commit.UNKNOWN; // It was there a moment ago; somebody takes files away.
      }
      if (newest - (expectedRevision + 1) >= KEPT) {
        Files.deleteIfExists(target);
        return Commit.UNKNOWN;
      }
      prune(newest);
      progress.accept(Step.PRUNED);
      return Commit.COMMITTED;
    } catch (IOException e) {
      return Commit.UNKNOWN; // The link may be there, now or after the server's next start.
    } finally {
      deleteQuietly(temporary);
    }
  }

  private void refuseIfReplaced() {
    if (seen.wasReplaced()) {
      throw unavailable(
          "the directory that had the ring in it is not there; is it mounted? If it is to begin"
              + " anew, restart this process",
          null);
    }
  }

  /** Whether this document has the name now. */
  private boolean link(Path target, Path temporary) throws IOException {
    try {
      Files.createLink(target, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      // On NFS the answer to our own link can get lost, and its repetition fails.
      return Files.isSameFile(target, temporary);
    } catch (UnsupportedOperationException e) {
      throw noLinks(e);
    } catch (FileSystemException e) {
      // FAT and some FUSE file systems answer with EPERM or ENOTSUP.
      String reason = e.getReason();
      if (reason != null
          && (reason.contains("not permitted") || reason.contains("not supported"))) {
        throw noLinks(e);
      }
      throw e;
    }
  }

  /**
   * The file system's clock, which for NFS is the server's; empty where this process cannot write.
   */
  @Override
  public Optional<Instant> time() {
    if (!Files.isWritable(directory)) {
      return Optional.empty();
    }
    Path touched = directory.resolve("tmp." + UUID.randomUUID());
    try {
      write(touched, new byte[0], step -> {});
      return Optional.of(Files.getLastModifiedTime(touched).toInstant());
    } catch (IOException e) {
      throw unavailable("it does not tell the time", e);
    } finally {
      deleteQuietly(touched);
    }
  }

  @Override
  public Optional<NodeReports> nodeReports() {
    return Optional.of(new FileNodeReports(directory));
  }

  @Override
  public Optional<RevocationLog> revocationLog() {
    return Optional.of(new FileRevocationLog(directory));
  }

  @Override
  public List<String> findings() {
    try {
      var found = new ArrayList<String>(OwnerOnly.findings(directory));
      List<Long> revisions = files.revisions().stream().sorted().toList();
      for (int i = 0; i < revisions.size(); i++) {
        found.addAll(OwnerOnly.findings(files.of(revisions.get(i))));
        if (i > 0 && revisions.get(i) != revisions.get(i - 1) + 1) {
          found.add(
              "no file between "
                  + files.of(revisions.get(i - 1)).getFileName()
                  + " and "
                  + files.of(revisions.get(i)).getFileName()
                  + ": somebody else deletes or restores files here; find out who");
        }
      }
      return found;
    } catch (IOException e) {
      throw unavailable("it cannot be listed", e);
    }
  }

  /**
   * When the file got its name. The time of its last change of status rather than of its content: a
   * writer may sleep between writing and linking, and the ring is not there before the link.
   */
  private static Instant linkedAt(Path path) throws IOException {
    try {
      return ((FileTime) Files.getAttribute(path, "unix:ctime")).toInstant();
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return Files.getLastModifiedTime(path).toInstant();
    }
  }

  private static void write(Path path, byte[] bytes, Consumer<Step> progress) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OwnerOnly.forFile(path))) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      progress.accept(Step.WRITTEN);
      channel.force(true);
      progress.accept(Step.SYNCED);
    }
  }

  /** Housekeeping: what fails here is tried again after the next commit. */
  private void prune(long newest) {
    try {
      // Never across a gap: whoever made it also decides which files are the last good ones.
      Set<Long> there = Set.copyOf(files.revisions());
      boolean unbroken = true;
      for (long revision = newest; unbroken && revision > newest - KEPT; revision--) {
        unbroken = revision <= ABSENT || there.contains(revision);
      }
      for (long revision : unbroken ? there : Set.<Long>of()) {
        if (revision <= newest - KEPT) {
          deleteQuietly(files.of(revision));
        }
      }
      Instant now = Files.getLastModifiedTime(files.of(newest)).toInstant();
      for (Path temporary : files.temporaries()) {
        Instant written = Files.getLastModifiedTime(temporary).toInstant();
        if (written.isBefore(now.minus(ABANDONED))) {
          deleteQuietly(temporary);
        }
      }
    } catch (IOException e) {
      System.getLogger("dev.satchel.keys")
          .log(System.Logger.Level.DEBUG, "old files stay in " + directory, e);
    }
  }

  static void deleteQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      System.getLogger("dev.satchel.keys")
          .log(System.Logger.Level.DEBUG, "cannot delete " + path, e);
    }
  }

  private KeyRingException noLinks(Exception cause) {
    return new KeyRingException(
        KeyRingException.Reason.UNAVAILABLE,
        this
            + ": the file system has no hard links, without which two writers cannot be kept apart;"
            + " use another one, or a database",
        cause);
  }

  private KeyRingException unavailable(String what, @Nullable IOException cause) {
    String message = this + ": " + what;
    return cause == null
        ? new KeyRingException(KeyRingException.Reason.UNAVAILABLE, message)
        : new KeyRingException(
            KeyRingException.Reason.UNAVAILABLE,
            message + " (" + cause.getClass().getSimpleName() + reason(cause) + ")",
            cause);
  }

  /** What the system said, without paths. */
  private static String reason(IOException cause) {
    return cause instanceof FileSystemException file && file.getReason() != null
        ? ": " + file.getReason()
        : "";
  }

  /** {@code file:} and the directory. */
  @Override
  public String toString() {
    return "file:" + directory;
  }

  /** The points between which a commit can be cut off: what has just been done. */
  enum Step {
    /** Nothing has been written. */
    LISTED,
    /** The document has a temporary name, and nothing says that it is on disk. */
    WRITTEN,
    /** The document is on disk. */
    SYNCED,
    /** It has the name of its revision, and nothing says that the name is on disk. */
    LINKED,
    /** The name is on disk. */
    FORCED,
    /** Old revisions are gone; the temporary name is still there. */
    PRUNED
  }
}
