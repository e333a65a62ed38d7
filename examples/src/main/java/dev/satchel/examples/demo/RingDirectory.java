package dev.satchel.examples.demo;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the nodes share, all of it: a directory with the sealed key ring, and beside it the key that
 * it is sealed under. Temporary, for its owner only, deleted at the end.
 */
final class RingDirectory implements AutoCloseable {
  private final Path home;

  private RingDirectory(Path home) {
    this.home = home;
  }

  static RingDirectory create() throws IOException {
    // For its owner only from the first moment on: createTempDirectory sees to that.
    RingDirectory directory = new RingDirectory(Files.createTempDirectory("satchel-demo-"));
    Files.createFile(directory.kek(), ownerOnly(directory.kek()));
    Files.writeString(
        directory.kek(), SessionKey.generate("kek", TokenAlgorithm.A256KW).toSecretJwk());
    return directory;
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Where the ring is; the store makes the directory with its first commit. */
  Path ring() {
    return home.resolve("ring");
  }

  /** The key encryption key. In real life never in the same place as what it protects. */
  Path kek() {
    return home.resolve("kek.jwk");
  }

  /** A directory for one node's own use. */
  Path scratch(String node) {
    return home.resolve("node-" + node);
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(home)) {
      // Contents before the directories they are in.
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("temporary directory " + home + " could not be deleted", e);
    }
  }
}
