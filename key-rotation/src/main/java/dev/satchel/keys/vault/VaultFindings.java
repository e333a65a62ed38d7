package dev.satchel.keys.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What is the matter with a key of Vault, by its own description of it. */
final class VaultFindings {
  /** NIST SP 800-57 part 1 rev. 5, table 1: a key-wrapping key wraps for two years at most. */
  private static final Duration OLDEST = Duration.ofDays(2 * 365);

  private static final Set<String> TYPES =
      Set.of("aes256-gcm96", "aes128-gcm96", "chacha20-poly1305", "xchacha20-poly1305");

  private VaultFindings() {}

  static List<String> of(
      VaultLocation location, VaultClient client, OptionalLong version, Instant now) {
    var findings = new ArrayList<String>();
    tokenFile(location.tokenFile(), findings);
    JsonNode key = client.describe().orElse(null);
    if (key == null) {
      return findings;
    }
    String name = location.keyName();
    long latest = key.path("latest_version").asLong(0);
    if (version.isPresent() && version.getAsLong() < latest) {
      findings.add(
          "the ring is sealed under version "
              + version.getAsLong()
              + " of "
              + name
              + ", the newest is "
              + latest
              + "; run `satchel-keys rewrap`, before min_decryption_version is raised");
    }
    long made = key.path("keys").path(Long.toString(latest)).asLong(0);
    Duration age = Duration.between(Instant.ofEpochSecond(made), now);
    if (made > 0 && age.compareTo(OLDEST) > 0) {
      findings.add(
          "version "
              + latest
              + " of "
              + name
              + " is "
              + age.toDays()
              + " days old, allowed are "
              + OLDEST.toDays()
              + "; run `vault write -f "
              + location.path("keys")
              + "/rotate`, then `satchel-keys rewrap`");
    }
    if (!TYPES.contains(key.path("type").asString(""))) {
      findings.add(
          name
              + " is of a type that binds no associated data; make one of type aes256-gcm96, and"
              + " move the ring there with `satchel-keys rewrap --to`");
    }
    if (key.path("exportable").asBoolean(false)
        || key.path("allow_plaintext_backup").asBoolean(false)) {
      findings.add(
          name
              + " can be taken out of Vault (exportable or allow_plaintext_backup), which cannot be"
              + " undone; make another, and move the ring there with `satchel-keys rewrap --to`");
    }
    if (key.path("deletion_allowed").asBoolean(false)) {
      findings.add(
          name
              + " can be deleted, and the ring would be lost with it; run `vault write "
              + location.path("keys")
              + "/config deletion_allowed=false`");
    }
    return findings;
  }

  private static void tokenFile(Path file, List<String> findings) {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (mode.contains(PosixFilePermission.OTHERS_READ)
          || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
        findings.add(
            "token file "
                + file
                + " is open to everybody on this machine; run `chmod o= "
                + file
                + "`");
      }
    } catch (IOException | UnsupportedOperationException e) {
      return; // A file system without modes; nothing to say about them.
    }
  }
}
