package dev.satchel.keys.cli;

import dev.satchel.keys.KeyRingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** Writes files that nobody but their owner may read, and replaces none without being told to. */
final class OwnerFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private OwnerFile() {}

  /**
   * @param force replaces what is there, keeping it as {@code .bak}
   * @throws KeyRingException if something is there and {@code force} is not set
   */
  static void write(Path path, byte[] content, boolean force) {
    Path target = path.toAbsolutePath().normalize();
    try {
      refuseOpenParent(target);
      if (!force) {
        create(target, content);
        return;
      }
      Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
      create(temporary, content);
      if (Files.exists(target)) {
        Path backup = target.resolveSibling(target.getFileName() + ".bak");
        Files.deleteIfExists(backup);
        Files.createLink(backup, target);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException e) {
      throw new KeyRingException(
          KeyRingException.Reason.EXISTS, path + " exists; --force replaces it, keeping a .bak");
    } catch (NoSuchFileException e) {
      throw new UsageException("the directory of " + path + " does not exist");
    } catch (IOException e) {
      throw new IllegalStateException(
          path + " cannot be written: " + e.getClass().getSimpleName(), e);
    }
  }

  private static void create(Path path, byte[] content) throws IOException {
    FileAttribute<?>[] attributes =
        isPosix(path)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    // Made with its mode, not changed to it: no moment in which others can open it.
    try (SeekableByteChannel channel = Files.newByteChannel(path, NEW, attributes)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  private static void refuseOpenParent(Path target) throws IOException {
    Path parent = target.getParent();
    if (parent == null || !isPosix(parent)) {
      return;
    }
    boolean open = Files.getPosixFilePermissions(parent).contains(PosixFilePermission.OTHERS_WRITE);
    boolean sticky = ((int) Files.getAttribute(parent, "unix:mode") & 01000) != 0;
    if (open && !sticky) {
      throw new UsageException(
          parent + " can be written by everybody; put keys where only their owner can");
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
