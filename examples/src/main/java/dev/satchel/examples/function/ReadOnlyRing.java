package dev.satchel.examples.function;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.RotationPolicy;
import dev.satchel.keys.file.FileKeyRingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What an operator prepares and the platform mounts: a ring that functions can read and not write.
 * Rotation is the operator's, with the same {@link KeyCustodian} or the {@code satchel-keys}
 * command.
 */
final class ReadOnlyRing implements AutoCloseable {
  private final Path home;

  private ReadOnlyRing(Path home) {
    this.home = home;
  }

  static ReadOnlyRing create() throws IOException {
    ReadOnlyRing ring = new ReadOnlyRing(Files.createTempDirectory("satchel-function-"));
    // The directory above is for its owner only, so the file in it is as well.
    Files.writeString(ring.kek(), SessionKey.generate("kek", TokenAlgorithm.A256KW).toSecretJwk());
    KeyEncryptionKey kek = KeyEncryptionKey.of("file:" + ring.kek(), name -> null);
    new KeyCustodian(new FileKeyRingStore(ring.directory()), kek, InstantSource.system())
        .creation("visits", RotationPolicy.defaults())
        .commit();
    ring.permit("r-xr-xr-x");
    return ring;
  }

  Path directory() {
    return home.resolve("ring");
  }

  /** What a configuration says of it: where the ring is and where its key, and no secret. */
  Map<String, String> environment() {
    return Map.of(
        VisitFunction.RING, directory().toUri().toString(), VisitFunction.KEK, "file:" + kek());
  }

  private Path kek() {
    return home.resolve("kek.jwk");
  }

  private void permit(String permissions) throws IOException {
    if (Files.getFileStore(directory()).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString(permissions));
    }
  }

  @Override
  public void close() throws IOException {
    permit("rwx------");
    for (Path directory : List.of(directory(), home)) {
      List<Path> files;
      try (Stream<Path> listed = Files.list(directory)) {
        files = listed.toList();
      }
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(home);
  }
}
