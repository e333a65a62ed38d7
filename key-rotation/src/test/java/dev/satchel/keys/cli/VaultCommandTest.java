package dev.satchel.keys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.vault.FakeVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ring under a key in Vault, as an operator sees it. */
class VaultCommandTest {
  private final CommandLineFixture cli = new CommandLineFixture();
  private FakeVault vault;
  private String kek = "";
  private String ring = "";

  @TempDir Path temp;

  @BeforeEach
  void start() throws IOException {
    vault = new FakeVault();
    vault.tokens.add("hvs.token");
    Path token = Files.writeString(temp.resolve("token"), "hvs.token");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    kek = "vault:" + vault.address() + "/transit/keys/shop?tokenFile=" + token;
    ring = cli.memory + "?kek=" + kek + "%26timeout=15s";
    run(ExitCode.OK, "init", "--store", ring);
    String lineage = cli.err().replaceFirst("(?s).*needs lineage=(\\S+).*", "$1");
    ring += "&lineage=" + lineage;
  }

  @AfterEach
  void stop() {
    vault.close();
  }

  @Test
  void status_showsKeyAndVersion() {
    run(ExitCode.OK, "status", "--store", ring);
    assertThat(cli.out()).contains("sealed    vault, key transit/keys/shop, version 1\n");
    run(ExitCode.OK, "status", "--json", "--store", ring);
    assertThat(cli.out()).contains("\"kid\" : \"transit/keys/shop\"", "\"version\" : 1");
  }

  @Test
  void newVersion_doctorFindsIt_rewrapMovesThere() {
    run(ExitCode.OK, "doctor", "--store", ring);
    run(ExitCode.OK, "rewrap", "--store", ring);
    assertThat(cli.err()).contains("nothing to do");
    vault.rotate();
    run(ExitCode.POLICY, "doctor", "--store", ring);
    assertThat(cli.out()).contains("under version 1 of transit/keys/shop, the newest is 2");
    run(ExitCode.OK, "rewrap", "--dry-run", "--store", ring);
    assertThat(cli.err()).contains("dry run");
    run(ExitCode.POLICY, "doctor", "--store", ring);
    run(ExitCode.OK, "rewrap", "--yes", "--store", ring);
    assertThat(cli.err()).contains("version 1 to vault, key transit/keys/shop, version 2");
    run(ExitCode.OK, "doctor", "--store", ring);
  }

  /** A rotation seals anew, so it takes the newest version along. */
  @Test
  void rotate_takesTheNewestVersion() {
    vault.rotate();
    run(ExitCode.OK, "rotate", "--emergency", "--yes", "--store", ring);
    assertThat(cli.out()).contains("version 2");
  }

  @Test
  void vaultAway_isNoAnswer() {
    vault.status = 503;
    run(ExitCode.UNAVAILABLE, "status", "--store", ring);
    assertThat(cli.err()).contains("sealed or in maintenance");
    run(ExitCode.UNAVAILABLE, "doctor", "--store", ring);
    run(ExitCode.UNAVAILABLE, "rotate", "--store", ring);
    vault.close();
    run(ExitCode.UNAVAILABLE, "status", "--store", ring);
  }

  @Test
  void movedToAPassphrase_needsVaultNoMore() {
    cli.environment.put("PHRASE", "correct horse battery");
    run(ExitCode.OK, "rewrap", "--to", "passphrase-env:PHRASE", "--yes", "--store", ring);
    vault.close();
    run(ExitCode.OK, "doctor", "--store", cli.memory + "?kek=passphrase-env:PHRASE");
  }

  private void run(int code, String... arguments) {
    assertThat(cli.run(arguments)).as(() -> cli.said()).isEqualTo(code);
    assertThat(cli.said()).doesNotContain("hvs.", "vault:v", "horse");
    vault.secrets.forEach(secret -> assertThat(cli.said()).doesNotContain(secret));
  }
}
