package dev.satchel.keys.file;

import dev.satchel.keys.KeyRingException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Permissions, where the file system has them: files 0600, directories 0700, nobody else writes.
 */
final class OwnerOnly {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  /** Files of a directory with this bit can be renamed by their owners only, as in {@code /tmp}. */
  private static final int STICKY = 01000;

  private OwnerOnly() {}

  static FileAttribute<?>[] forFile(Path path) {
    return isPosix(path) ? attributes(FILE) : new FileAttribute<?>[0];
  }

  /** Its own name durable too: without that, a power cut takes what is in it, forced or not. */
  static void createDirectory(Path directory) throws IOException {
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectory(
            directory, isPosix(directory) ? attributes(DIRECTORY) : new FileAttribute<?>[0]);
        Path parent = directory.getParent();
        if (parent != null) {
          force(parent);
        }
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  /**
   * @throws KeyRingException if anybody may write to the directory or to its parent
   */
  static void requireNotWritableByOthers(Path directory) {
    if (!isPosix(directory)) {
      return;
    }
    refuseIfOpen(directory, false);
    Path parent = directory.getParent();
    if (parent != null) {
      refuseIfOpen(parent, true);
    }
  }

  private static void refuseIfOpen(Path directory, boolean stickyWillDo) {
    boolean refused;
    try {
      boolean open =
          Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE);
      boolean sticky =
          stickyWillDo && ((int) Files.getAttribute(directory, "unix:mode") & STICKY) != 0;
      refused = open && !sticky;
    } catch (NoSuchFileException e) {
      refused = false; // What is not there is open to nobody.
    } catch (IOException e) {
      throw new KeyRingException(
          KeyRingException.Reason.UNAVAILABLE,
          "permissions of " + directory + " cannot be read",
          e);
    }
    if (refused) {
      throw new KeyRingException(
          KeyRingException.Reason.UNAVAILABLE,
          directory
              + " can be written by everybody, who could put an old ring back; run `chmod o-w "
              + directory
              + "`");
    }
  }

  /** Who else gets at it. */
  static List<String> findings(Path path) throws IOException {
    if (!isPosix(path)) {
      return List.of();
    }
    Set<PosixFilePermission> got = Files.getPosixFilePermissions(path);
    boolean isDirectory = Files.isDirectory(path);
    Set<PosixFilePermission> wanted = isDirectory ? DIRECTORY : FILE;
    return wanted.containsAll(got)
        ? List.of()
        : List.of(
            path
                + " has mode "
                + PosixFilePermissions.toString(got)
                + ", allowed is its owner only; run `chmod "
                + (isDirectory ? "700 " : "600 ")
                + path
                + "`");
  }

  /** Makes the names in a directory durable, as fsync of a file does its content. */
  static void force(Path directory) throws IOException {
    if (isPosix(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }
}
