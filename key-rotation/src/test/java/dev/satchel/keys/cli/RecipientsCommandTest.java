package dev.satchel.keys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ring that is shared, moved and taken back, as an operator does it. */
class RecipientsCommandTest {
  private final CommandLineFixture cli = new CommandLineFixture();

  @TempDir Path temp;
  private String ours = "";
  private String theirs = "";
  private String lineage = "";

  @BeforeEach
  void ring() throws IOException {
    generate("a");
    generate("b");
    ours = cli.memory + "?kek=file:" + temp.resolve("a.jwk");
    run(ExitCode.OK, "init", "--store", ours);
    lineage = cli.err().replaceFirst("(?s).*every location needs lineage=(\\S+).*", "$1");
    // Every run is a new process: it knows the ring by its lineage alone.
    ours += "&lineage=" + lineage;
    theirs = cli.memory + "?kek=file:" + temp.resolve("b.jwk") + "&lineage=" + lineage;
  }

  @Test
  void shared_takenBack_opensNothingNewer() throws IOException {
    run(ExitCode.ERROR, "status", "--store", theirs);
    run(ExitCode.OK, "recipients", "add", pub("b"), "--store", ours, "--yes");
    assertThat(cli.err()).contains("lineage=" + lineage, thumbprint("b"));
    run(ExitCode.OK, "status", "--store", theirs);
    assertThat(cli.out()).contains("ECDH-ES+A256KW, key " + thumbprint("b") + ", one of 2");
    run(ExitCode.OK, "recipients", "list", "--store", theirs);
    assertThat(cli.out()).contains(thumbprint("a") + "\n", thumbprint("b") + "  (in use here)\n");
    run(ExitCode.OK, "recipients", "remove", thumbprint("b"), "--store", ours, "--yes");
    assertThat(cli.err()).contains("rotate --emergency", "revoke");
    run(ExitCode.ERROR, "status", "--store", theirs);
    assertThat(cli.err()).contains("none of them");
    run(ExitCode.OK, "rotate", "--emergency", "--yes", "--store", ours);
    run(ExitCode.ERROR, "status", "--store", theirs);
    run(ExitCode.OK, "status", "--store", ours);
  }

  @Test
  void add_twice_isDoneOnce() throws IOException {
    run(ExitCode.OK, "recipients", "add", pub("b"), pub("b"), "--store", ours, "--yes");
    run(ExitCode.OK, "recipients", "add", pub("b"), "--store", ours, "--yes", "--json");
    assertThat(cli.out()).contains("\"epoch\" : 2", "\"inUseHere\" : true");
    assertThat(cli.err()).contains("nothing to do");
  }

  @Test
  void dryRun_changesNothing() throws IOException {
    run(ExitCode.OK, "recipients", "add", pub("b"), "--store", ours, "--dry-run");
    assertThat(cli.out()).contains(thumbprint("b"));
    run(ExitCode.ERROR, "status", "--store", theirs);
    run(ExitCode.OK, "recipients", "add", pub("b"), "--store", ours, "--yes");
    run(ExitCode.OK, "recipients", "remove", thumbprint("b"), "--store", ours, "--dry-run");
    run(ExitCode.OK, "status", "--store", theirs);
  }

  @Test
  void notConfirmed_changesNothing() throws IOException {
    run(ExitCode.USAGE, "recipients", "add", pub("b"), "--store", ours);
    assertThat(cli.err()).contains("not confirmed", thumbprint("b"));
    run(ExitCode.ERROR, "status", "--store", theirs);
    cli.input = "session\n";
    run(ExitCode.OK, "recipients", "add", pub("b"), "--store", ours);
    cli.input = "sesion\n";
    run(ExitCode.USAGE, "recipients", "remove", thumbprint("b"), "--store", ours);
    run(ExitCode.OK, "status", "--store", theirs);
  }

  @Test
  void remove_whoIsNotThere_policy() throws IOException {
    run(ExitCode.POLICY, "recipients", "remove", thumbprint("b"), "--store", ours, "--yes");
    assertThat(cli.err()).contains("no such recipient");
  }

  /** Nobody could open the ring any more. */
  @Test
  void remove_theKeyInUse_policy() throws IOException {
    run(ExitCode.POLICY, "recipients", "remove", thumbprint("a"), "--store", ours, "--yes");
    run(ExitCode.OK, "recipients", "add", pub("b"), "--store", ours, "--yes");
    run(ExitCode.POLICY, "recipients", "remove", thumbprint("a"), "--store", ours, "--yes");
    run(ExitCode.OK, "recipients", "remove", thumbprint("a"), "--store", theirs, "--yes");
    run(ExitCode.ERROR, "status", "--store", ours);
  }

  @Test
  void add_somethingElse_usageWithoutItsContent() throws IOException {
    Path file = Files.writeString(temp.resolve("x.jwk"), "{\"kty\":\"oct\",\"k\":\"hunter2\"}");
    run(ExitCode.USAGE, "recipients", "add", file.toString(), "--store", ours, "--yes");
    assertThat(cli.said()).contains("x.jwk", "ECDH-ES+A256KW").doesNotContain("hunter2");
    run(ExitCode.USAGE, "recipients", "add", temp + "/none", "--store", ours, "--yes");
    run(ExitCode.USAGE, "recipients", "add", "-", "--store", ours);
    run(ExitCode.USAGE, "recipients", "--store", ours);
    run(ExitCode.USAGE, "recipients");
  }

  @Test
  void add_privateKey_takesThePublicPartAndSaysSo() throws IOException {
    run(ExitCode.OK, "recipients", "add", temp + "/b.jwk", "--store", ours, "--yes");
    assertThat(cli.err()).contains("holds a private key");
    run(ExitCode.OK, "status", "--store", theirs);
  }

  @Test
  void withoutLineage_refused() {
    run(ExitCode.ERROR, "status", "--store", ours.replaceFirst("&lineage=.*", ""));
    assertThat(cli.err()).contains("add lineage=");
  }

  @Test
  void ringUnderAPassphrase_hasNoRecipients() throws IOException {
    String phrase = rewrapToPassphrase();
    run(ExitCode.OK, "recipients", "list", "--store", phrase);
    assertThat(cli.err()).contains("sealed under: passphrase");
    run(ExitCode.POLICY, "recipients", "add", pub("b"), "--store", phrase, "--yes");
    assertThat(cli.err()).contains("rewrap --to");
  }

  @Test
  void rewrap_toPassphraseAndBack() throws IOException {
    run(ExitCode.OK, "recipients", "add", pub("b"), "--store", ours, "--yes");
    String phrase = rewrapToPassphrase();
    run(ExitCode.ERROR, "status", "--store", ours);
    run(ExitCode.OK, "rewrap", "--to", "file:" + temp.resolve("a.jwk"), "--store", phrase, "--yes");
    assertThat(cli.err()).contains("from passphrase to ECDH-ES", "lineage=" + lineage);
    run(ExitCode.OK, "status", "--store", ours, "--json");
    // Whoever was a recipient before the passphrase is none after it.
    assertThat(cli.out()).contains("\"recipients\" : [ \"" + thumbprint("a") + "\" ]");
    run(ExitCode.ERROR, "status", "--store", theirs);
  }

  @Test
  void rewrap_again_nothingToDo() throws IOException {
    String phrase = rewrapToPassphrase();
    run(ExitCode.OK, "rewrap", "--store", phrase);
    assertThat(cli.err()).contains("nothing to do");
    // The location names the new key first, and the old one still opens the ring.
    run(ExitCode.OK, "rewrap", "--yes", "--store", ours + "&kekAlso=passphrase-env:PHRASE");
    run(ExitCode.OK, "status", "--store", ours);
    run(ExitCode.OK, "rewrap", "--store", ours);
    assertThat(cli.err()).contains("nothing to do");
  }

  @Test
  void rewrap_dryRunOrNotConfirmed_changesNothing() {
    cli.environment.put("PHRASE", "correct horse battery");
    run(ExitCode.OK, "rewrap", "--to", "passphrase-env:PHRASE", "--store", ours, "--dry-run");
    assertThat(cli.out()).contains("sealed    passphrase");
    run(ExitCode.USAGE, "rewrap", "--to", "passphrase-env:PHRASE", "--store", ours);
    assertThat(cli.err()).contains("not confirmed");
    run(ExitCode.OK, "status", "--store", ours);
  }

  @Test
  void rewrap_toAStranger_policy() {
    run(
        ExitCode.POLICY,
        "rewrap",
        "--to",
        "file:" + temp.resolve("b.jwk"),
        "--store",
        ours,
        "--yes");
    assertThat(cli.err()).contains("recipients add");
  }

  @Test
  void rewrap_toAKeyItself_usageWithoutIt() {
    run(ExitCode.USAGE, "rewrap", "--to", "hunter2hunter2", "--store", ours, "--yes");
    assertThat(cli.said()).doesNotContain("hunter2");
    run(
        ExitCode.USAGE,
        "rewrap",
        "--store",
        cli.memory + "?insecurePlaintext=true&kekAlso=file:" + temp.resolve("a.jwk"));
    assertThat(cli.err()).contains("not be sealed");
  }

  /** What the tokens of elsewhere are sealed under, handed over without a shared secret. */
  @Test
  void export_toAPublicKey_isImportedWithItsLineage() throws IOException {
    Path file = temp.resolve("ring.jwe");
    run(ExitCode.OK, "export", "--to", pub("b"), "--store", ours, "--out", file.toString());
    assertThat(cli.err()).contains("--lineage " + lineage, thumbprint("b"));
    CommandLineFixture other = new CommandLineFixture();
    assertThat(other.run("init", "--store", other.ring)).isEqualTo(ExitCode.OK);
    String[] command = {
      "import", file.toString(), "--key", "file:" + temp.resolve("b.jwk"), "--store", other.ring
    };
    assertThat(other.run(command)).isEqualTo(ExitCode.ERROR);
    assertThat(other.err()).contains("lineage");
    String[] full = java.util.Arrays.copyOf(command, command.length + 2);
    full[command.length] = "--lineage";
    full[command.length + 1] = lineage;
    assertThat(other.run(full)).as(other.said()).isEqualTo(ExitCode.OK);
    assertThat(other.err()).contains("imported");
  }

  @Test
  void export_twoSeals_usage() throws IOException {
    cli.environment.put("PHRASE", "correct horse battery");
    run(ExitCode.USAGE, "export", "--to", pub("b"), "--passphrase-env", "PHRASE", "--store", ours);
    run(ExitCode.USAGE, "export", "--to", temp + "/none", "--store", ours);
  }

  /** A removed group's key of the time before is worth nothing once it is revoked. */
  @Test
  void removed_thenRotated_oldKeyRevoked() throws IOException {
    run(ExitCode.OK, "recipients", "add", pub("b"), "--store", ours, "--yes");
    run(ExitCode.OK, "recipients", "remove", thumbprint("b"), "--store", ours, "--yes");
    run(ExitCode.OK, "rotate", "--emergency", "--yes", "--store", ours);
    cli.time.advance(Duration.ofMinutes(2));
    run(ExitCode.OK, "status", "--json", "--store", ours);
    String old = cli.out().replaceFirst("(?s).*?\"kid\" : \"([^\"]{8})\".*", "$1");
    run(ExitCode.OK, "revoke", old, "--yes", "--store", ours);
    run(ExitCode.ERROR, "status", "--store", theirs);
  }

  private String rewrapToPassphrase() {
    cli.environment.put("PHRASE", "correct horse battery");
    run(ExitCode.OK, "rewrap", "--to", "passphrase-env:PHRASE", "--store", ours, "--yes");
    assertThat(cli.said()).contains("to passphrase").doesNotContain("horse");
    return cli.memory + "?kek=passphrase-env:PHRASE";
  }

  private void generate(String name) throws IOException {
    run(
        ExitCode.OK,
        "generate",
        "--alg",
        "ECDH-ES+A256KW",
        "--out",
        temp.resolve(name + ".jwk").toString(),
        "--public",
        pub(name));
  }

  private String pub(String name) {
    return temp.resolve(name + ".pub.jwk").toString();
  }

  private String thumbprint(String name) throws IOException {
    return Files.readString(Path.of(pub(name))).replaceFirst("(?s).*\"kid\":\"([^\"]+)\".*", "$1");
  }

  private void run(int code, String... arguments) {
    assertThat(cli.run(arguments)).as(() -> cli.said()).isEqualTo(code);
    assertThat(cli.said()).doesNotContain("\"d\"");
  }
}
