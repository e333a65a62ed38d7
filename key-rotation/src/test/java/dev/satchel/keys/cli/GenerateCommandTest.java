package dev.satchel.keys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.RecipientKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GenerateCommandTest {
  private final CommandLineFixture cli = new CommandLineFixture();

  @TempDir Path temp;

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void generate_everyAlgorithm_readsBack(TokenAlgorithm algorithm) throws IOException {
    Path file = temp.resolve("key.jwk");
    assertThat(cli.run("generate", "--alg", algorithm.label(), "--out", file.toString()))
        .isEqualTo(ExitCode.OK);
    SessionKey key = SessionKey.fromJwk(Files.readString(file));
    assertThat(key.algorithm()).isEqualTo(algorithm);
    assertThat(key.canIssue()).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(cli.out()).isEmpty();
    assertThat(cli.said()).doesNotContain("\"d\"").doesNotContain("\"k\"");
  }

  @Test
  void generate_forRecipients_privateAndPublicFile() throws IOException {
    Path file = temp.resolve("b.jwk");
    Path open = temp.resolve("b.pub.jwk");
    String[] command = {
      "generate", "--alg", "ECDH-ES+A256KW", "--out", file.toString(), "--public", open.toString()
    };
    assertThat(cli.run(command)).isEqualTo(ExitCode.OK);
    KeyEncryptionKey key = KeyEncryptionKey.ofPrivateJwk(Files.readString(file).strip());
    assertThat(key.recipient()).contains(RecipientKey.fromJwk(Files.readString(open).strip()));
    assertThat(Files.readString(open)).doesNotContain("\"d\"");
    assertThat(cli.err()).contains(key.recipient().orElseThrow().id());
    assertThat(cli.said()).doesNotContain("\"d\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  /** Half of a pair, of which the other half is an old one, would seal for nobody. */
  @Test
  void generate_publicFileExists_writesNeither() throws IOException {
    Path open = Files.writeString(temp.resolve("b.pub.jwk"), "precious");
    Path file = temp.resolve("b.jwk");
    String[] command = {
      "generate", "--alg", "ECDH-ES+A256KW", "--out", file.toString(), "--public", open.toString()
    };
    assertThat(cli.run(command)).isEqualTo(ExitCode.CONFLICT);
    assertThat(open).hasContent("precious");
    assertThat(file).doesNotExist();
  }

  @Test
  void generate_publicOfWhatHasNone_usage() {
    String[] command = {"generate", "--alg", "A256KW", "--out", "-", "--public", temp + "/p"};
    assertThat(cli.run(command)).isEqualTo(ExitCode.USAGE);
    assertThat(cli.out()).isEmpty();
    command[2] = "ES256";
    command[6] = temp + "/same";
    command[4] = temp + "/../" + temp.getFileName() + "/same";
    assertThat(cli.run(command)).isEqualTo(ExitCode.USAGE);
    assertThat(temp).isEmptyDirectory();
    assertThat(cli.run("generate", "--alg", "ECDH-ES+A256KW", "--kid", "x", "--out", "-"))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void generate_fileExists_staysUnlessForced() throws IOException {
    Path file = temp.resolve("key.jwk");
    Files.writeString(file, "precious");
    assertThat(generate(file)).isEqualTo(ExitCode.CONFLICT);
    assertThat(file).hasContent("precious");
    assertThat(cli.run("generate", "--alg", "A256GCM", "--out", file.toString(), "--force"))
        .isEqualTo(ExitCode.OK);
    assertThat(temp.resolve("key.jwk.bak")).hasContent("precious");
    assertThat(Files.readString(file)).startsWith("{");
  }

  @Test
  void generate_noOut_usage() {
    assertThat(cli.run("generate", "--alg", "A256GCM")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void generate_unknownAlgorithm_listsThem() {
    assertThat(cli.run("generate", "--alg", "none", "--out", "-")).isEqualTo(ExitCode.USAGE);
    assertThat(cli.err()).contains("A256GCM").contains("Ed25519");
  }

  @Test
  void generate_toTerminal_onlyIfRevealed() {
    cli.terminal = true;
    assertThat(cli.run("generate", "--alg", "HS256", "--out", "-")).isEqualTo(ExitCode.USAGE);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.run("generate", "--alg", "HS256", "--out", "-", "--reveal"))
        .isEqualTo(ExitCode.OK);
    assertThat(cli.out()).contains("\"k\"");
  }

  @Test
  void generate_toPipe_isTheResult() {
    assertThat(cli.run("generate", "--alg", "ES256", "--kid", "shop1", "--out", "-"))
        .isEqualTo(ExitCode.OK);
    assertThat(SessionKey.fromJwk(cli.out().strip()).id()).isEqualTo("shop1");
  }

  @Test
  void generate_intoOpenDirectory_refused() throws IOException {
    Path open = Files.createDirectory(temp.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(generate(open.resolve("key.jwk"))).isEqualTo(ExitCode.USAGE);
    assertThat(open).isEmptyDirectory();
  }

  private int generate(Path file) {
    return cli.run("generate", "--alg", "A256GCM", "--out", file.toString());
  }
}
