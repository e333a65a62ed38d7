package dev.satchel.keys.file;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A ring that somebody else puts before this process as one file, and that is read only: a
 * Kubernetes Secret mounted as a volume. {@code mount:/etc/satchel/ring.jwe} is the file {@code
 * ring.jwe} of the Secret mounted at {@code /etc/satchel}.
 *
 * <p>Kubernetes changes all files of a volume at once, by renaming the symbolic link {@code ..data}
 * that leads to them. Each read follows that link once and stays behind it, so that a change during
 * a read gives the old document or the new one. News is found by the document's content: a watcher
 * of the file would see the first change of the link and no other.
 *
 * <p>There is no clock and no count of commits here, and no absent ring: a file that is not there
 * has not been mounted.
 */
public final class MountedKeyRingStore implements KeyRingStore {
  /** The link that Kubernetes renames; the kubelet's atomic writer calls it so. */
  private static final String DATA = "..data";

  /** Kubernetes allows no larger Secret, and beyond this a file is not a ring. */
  private static final int MAX_BYTES = MAX_DOCUMENT_BYTES;

  /** A directory may be taken away between finding and reading it, but not over and over. */
  private static final int READ_ATTEMPTS = 5;

  /** The kubelet looks once a minute, and its cache may be as old again. */
  private static final Duration PROPAGATION = Duration.ofSeconds(120);

  private final Path file;
  private final Runnable resolved;

  /** A store that reads this file. */
  public MountedKeyRingStore(Path file) {
    this(file, () -> {});
  }

  /** Tests swap the mount between the link and the file behind it. */
  MountedKeyRingStore(Path file, Runnable resolved) {
    this.file = Objects.requireNonNull(file, "file").toAbsolutePath().normalize();
    this.resolved = resolved;
    if (this.file.getNameCount() < 2) {
      throw new IllegalArgumentException(
          "mount location is no file in a directory, allowed is mount:/directory/file");
    }
  }

  /**
   * The document.
   *
   * @return never empty
   * @throws KeyRingException with {@link KeyRingException.Reason#UNAVAILABLE} if there is none
   */
  @Override
  public Optional<Stored> read() {
    return Optional.of(Stored.uncounted(content()));
  }

  @Override
  public OptionalLong probe() {
    // A ring has few kilobytes: reading it whole costs less than whatever would tell of changes.
    return OptionalLong.of(Stored.uncounted(content()).revision());
  }

  private byte[] content() {
    NoSuchFileException missing = null;
    for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      try {
        Path current = resolve();
        resolved.run();
        return content(current);
      } catch (NoSuchFileException e) {
        missing = e; // Swapped meanwhile, or not there at all: the next attempt can tell.
      } catch (IOException e) {
        throw unavailable("it cannot be read", e);
      }
    }
    throw unavailable(
        "there is no such file; is the volume mounted, and does the Secret have that entry?",
        missing);
  }

  /** Where the file is at this moment, past the link that may lead elsewhere in the next. */
  private Path resolve() throws IOException {
    Path root = root();
    return root == null
        ? file
        : root.resolve(DATA).toRealPath().resolve(root.relativize(file).toString());
  }

  /** The directory of the mount: the nearest above the file with the link in it. */
  private @Nullable Path root() {
    for (Path above = file.getParent(); above != null; above = above.getParent()) {
      if (Files.exists(above.resolve(DATA), LinkOption.NOFOLLOW_LINKS)) {
        return above;
      }
    }
    return null;
  }

  /** Whatever is mounted there: a pipe never answers, a file may grow. */
  private byte[] content(Path path) throws IOException {
    if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
      throw new KeyRingException(
          KeyRingException.Reason.UNREADABLE,
          this + " is not a file; name the file in the mounted directory that holds the ring");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new KeyRingException(
            KeyRingException.Reason.UNREADABLE,
            this + " has more than the allowed " + MAX_BYTES + " bytes");
      }
      return bytes;
    }
  }

  /**
   * Refuses.
   *
   * @throws KeyRingException with {@link KeyRingException.Reason#POLICY}, always
   */
  @Override
  public Commit compareAndSet(long expectedRevision, byte[] document) {
    throw new KeyRingException(
        KeyRingException.Reason.POLICY,
        this
            + " is mounted read-only; change the ring in the store it comes from, then put the new"
            + " document into the Secret with kubectl or another client of the Kubernetes API");
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public Duration leastPropagation() {
    return PROPAGATION;
  }

  @Override
  public List<String> findings() {
    if (!Files.exists(file) || root() != null) {
      return List.of();
    }
    return List.of(
        file
            + " is not in a directory that Kubernetes updates (no "
            + DATA
            + " beside it): a file mounted with subPath never changes while the pod lives, and no"
            + " rotation or revocation would arrive; mount the volume as a directory, without"
            + " subPath");
  }

  private KeyRingException unavailable(String what, @Nullable IOException cause) {
    String reason =
        cause instanceof FileSystemException failed && failed.getReason() != null
            ? ": " + failed.getReason()
            : "";
    String message = this + ": " + what;
    return cause == null
        ? new KeyRingException(KeyRingException.Reason.UNAVAILABLE, message)
        : new KeyRingException(
            KeyRingException.Reason.UNAVAILABLE,
            message + " (" + cause.getClass().getSimpleName() + reason + ")",
            cause);
  }

  /** {@code mount:} and the file. */
  @Override
  public String toString() {
    return "mount:" + file;
  }
}
