package dev.satchel.keys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.KeyRingAlarm;
import dev.satchel.keys.NodeReports;
import dev.satchel.keys.file.FileKeyRingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SatchelKeysTest {
  private final CommandLineFixture cli = new CommandLineFixture();

  @Test
  void nothing_usage() {
    assertThat(cli.run()).isEqualTo(ExitCode.USAGE);
    assertThat(cli.err()).contains("Usage: satchel-keys");
    assertThat(cli.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "init",
        "status",
        "rotate",
        "revoke",
        "sign-out",
        "prune",
        "recipients",
        "recipients list",
        "recipients add",
        "recipients remove",
        "rewrap",
        "import",
        "generate",
        "export",
        "inspect",
        "doctor",
        "completion"
      })
  void help_everyVerb_isThere(String verb) {
    assertThat(cli.run((verb + " --help").split(" "))).isEqualTo(ExitCode.OK);
    assertThat(cli.out()).contains("Usage: satchel-keys " + verb);
  }

  @Test
  void help_ofAVerbsVerb_isItsOwn() {
    assertThat(cli.run("help", "recipients", "add")).isEqualTo(ExitCode.OK);
    assertThat(cli.out()).contains("Usage: satchel-keys recipients add");
    assertThat(cli.run("help")).isEqualTo(ExitCode.OK);
    assertThat(cli.out()).contains("Usage: satchel-keys ");
    assertThat(cli.run("help", "recipients", "hunter2")).isEqualTo(ExitCode.USAGE);
    assertThat(cli.err()).contains("list, add, remove").doesNotContain("hunter2");
  }

  @Test
  void help_golden() throws IOException {
    assertThat(cli.run("--help")).isEqualTo(ExitCode.OK);
    Golden.check("help.txt", cli.out(), List.of());
  }

  @Test
  void unknownVerb_usage() {
    assertThat(cli.run("rotat")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void noStore_usage() {
    assertThat(cli.run("status")).isEqualTo(ExitCode.USAGE);
    assertThat(cli.err()).contains("SATCHEL_STORE");
  }

  @Test
  void storeFromEnvironment_isUsed() {
    cli.environment.put("SATCHEL_STORE", cli.ring);
    assertThat(cli.run("init")).isEqualTo(ExitCode.OK);
    assertThat(cli.run("status")).isEqualTo(ExitCode.OK);
  }

  @Test
  void unknownLocationParameter_usage() {
    assertThat(cli.run("init", "--store", "file:/nowhere/ring?insecurePlaintext=true&rol=writer"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(cli.err()).contains("allowed are kek");
  }

  @Test
  void status_noRing_error() {
    assertThat(cli.run("status", "--store", cli.ring)).isEqualTo(ExitCode.ERROR);
    assertThat(cli.err()).contains("satchel-keys init");
  }

  @Test
  void init_twice_secondIsConflict() {
    assertThat(init()).isEqualTo(ExitCode.OK);
    List<String> before = cli.keyIds();
    assertThat(init()).isEqualTo(ExitCode.CONFLICT);
    assertThat(cli.keyIds()).isEqualTo(before);
  }

  @Test
  void init_dryRun_createsNothing() {
    assertThat(cli.run("init", "--store", cli.ring, "--dry-run")).isEqualTo(ExitCode.OK);
    assertThat(cli.run("status", "--store", cli.ring)).isEqualTo(ExitCode.ERROR);
  }

  @Test
  void init_leadTooShort_saysTheInequality() {
    assertThat(cli.run("init", "--store", cli.ring, "--lead", "3m")).isEqualTo(ExitCode.POLICY);
    assertThat(cli.err()).contains("refreshInterval is PT1M, allowed is at most");
  }

  @Test
  void status_golden() throws IOException {
    init();
    cli.time.advance(Duration.ofDays(6));
    cli.run("rotate", "--store", cli.ring);
    cli.time.advance(Duration.ofHours(30));
    List<String> ids = cli.keyIds();
    assertThat(cli.run("status", "--store", cli.ring)).isEqualTo(ExitCode.OK);
    Golden.check("status.txt", cli.out(), ids);
    assertThat(cli.run("status", "--store", cli.ring, "--json")).isEqualTo(ExitCode.OK);
    Golden.check("status.json", cli.out(), ids);
  }

  @Test
  void rotate_ifDue_onlyWhenDue() {
    init();
    assertThat(cli.run("rotate", "--store", cli.ring, "--if-due")).isEqualTo(ExitCode.OK);
    assertThat(cli.keyIds()).hasSize(1);
    cli.time.advance(Duration.ofDays(6));
    assertThat(cli.run("rotate", "--store", cli.ring, "--if-due")).isEqualTo(ExitCode.OK);
    assertThat(cli.keyIds()).hasSize(2);
    assertThat(cli.run("rotate", "--store", cli.ring, "--if-due")).isEqualTo(ExitCode.OK);
    assertThat(cli.keyIds()).hasSize(2);
  }

  @Test
  void rotate_again_policy() {
    init();
    cli.time.advance(Duration.ofDays(1));
    assertThat(cli.run("rotate", "--store", cli.ring)).isEqualTo(ExitCode.OK);
    assertThat(cli.run("rotate", "--store", cli.ring)).isEqualTo(ExitCode.POLICY);
    assertThat(cli.err()).contains("already published");
  }

  @Test
  void rotate_dryRun_showsAndChangesNothing() {
    init();
    cli.time.advance(Duration.ofDays(1));
    assertThat(cli.run("rotate", "--store", cli.ring, "--dry-run")).isEqualTo(ExitCode.OK);
    assertThat(cli.out()).contains("pre-activation");
    assertThat(cli.keyIds()).hasSize(1);
  }

  @Test
  void rotate_emergency_asksForTheName() {
    init();
    cli.input = "yes\n";
    assertThat(cli.run("rotate", "--store", cli.ring, "--emergency")).isEqualTo(ExitCode.USAGE);
    assertThat(cli.keyIds()).hasSize(1);
    cli.input = "session\n";
    assertThat(cli.run("rotate", "--store", cli.ring, "--emergency")).isEqualTo(ExitCode.OK);
    assertThat(cli.keyIds()).hasSize(2);
  }

  @Test
  void revoke_activeKey_replacedAtOnce() {
    init();
    String first = cli.keyIds().get(0);
    assertThat(cli.run("revoke", first, "--store", cli.ring, "--yes")).isEqualTo(ExitCode.OK);
    assertThat(cli.err()).contains("within 20 s");
    assertThat(cli.keyIds()).hasSize(2).element(1).isEqualTo(first);
    cli.run("status", "--store", cli.ring);
    assertThat(cli.out()).contains("revoked").contains("active");
    // Twice is once.
    assertThat(cli.run("revoke", first, "--store", cli.ring, "--yes")).isEqualTo(ExitCode.OK);
    assertThat(cli.err()).contains("already");
  }

  @Test
  void revoke_unknownKey_policy() {
    init();
    assertThat(cli.run("revoke", "AAAAAAAA", "--store", cli.ring, "--yes"))
        .isEqualTo(ExitCode.POLICY);
  }

  @Test
  void revoke_allBefore_takesAll() {
    init();
    cli.time.advance(Duration.ofDays(6));
    cli.run("rotate", "--store", cli.ring);
    cli.time.advance(Duration.ofDays(2));
    String now = cli.time.instant().toString();
    assertThat(cli.run("revoke", "--all-before", now, "--store", cli.ring, "--yes"))
        .isEqualTo(ExitCode.OK);
    cli.run("status", "--store", cli.ring, "--json");
    assertThat(cli.out().split("REVOKED", -1)).hasSize(3);
    assertThat(cli.out().split("ACTIVE", -1)).hasSize(2);
  }

  @Test
  void revoke_allBeforeTheFirst_saysSo() {
    init();
    assertThat(
            cli.run("revoke", "--all-before", "2020-01-01T00:00:00Z", "--store", cli.ring, "--yes"))
        .isEqualTo(ExitCode.POLICY);
    assertThat(cli.err()).contains("nothing was revoked");
  }

  @Test
  void ringNamedInTheLocation_mustBeThatOne() {
    String shop = cli.ring + "&ring=shop";
    assertThat(cli.run("init", "--store", shop, "--ring", "other")).isEqualTo(ExitCode.USAGE);
    assertThat(cli.run("init", "--store", shop)).isEqualTo(ExitCode.OK);
    assertThat(cli.err()).contains("created ring shop");
    assertThat(cli.run("status", "--store", shop)).isEqualTo(ExitCode.OK);
    assertThat(cli.run("rotate", "--store", cli.ring + "&ring=warehouse", "--dry-run"))
        .isEqualTo(ExitCode.ERROR);
    assertThat(cli.err()).contains("expected is warehouse");
  }

  /** A location can hold a password, and a mistyped one too. */
  @Test
  void locationThatIsNoUri_isNotRepeated() {
    String wrong = "jdbc://shop:hunter2 @db/ring";
    assertThat(cli.run("status", "--store", wrong)).isEqualTo(ExitCode.USAGE);
    assertThat(cli.said()).contains("character").doesNotContain("hunter2");
    cli.environment.put("SATCHEL_STORE", wrong);
    assertThat(cli.run("status")).isEqualTo(ExitCode.USAGE);
    assertThat(cli.said()).doesNotContain("hunter2");
  }

  @Test
  void terminal_foundByTheNameOfTheOpenFile(@TempDir Path temp) throws IOException {
    Path terminal = Files.createSymbolicLink(temp.resolve("1"), Path.of("/dev/pts/0"));
    Path pipe = Files.createSymbolicLink(temp.resolve("2"), Path.of("pipe:[123]"));
    assertThat(Invocation.isTerminal(terminal)).isTrue();
    assertThat(Invocation.isTerminal(pipe)).isFalse();
    assertThat(Invocation.isTerminal(temp.resolve("none"))).isFalse();
  }

  @Test
  void export_symmetricRing_emptySet() {
    init();
    assertThat(cli.run("export", "--store", cli.ring)).isEqualTo(ExitCode.OK);
    assertThat(cli.out()).matches("\\{\"keys\":\\[],\"satchel\":\\{[^{}]*}}\n");
    assertThat(cli.err()).contains("no public part");
  }

  @Test
  void export_asymmetricRing_publicPartsOfAllThatVerify() {
    cli.run("init", "--store", cli.ring, "--alg", "Ed25519");
    cli.time.advance(Duration.ofDays(6));
    cli.run("rotate", "--store", cli.ring);
    assertThat(cli.run("export", "--store", cli.ring)).isEqualTo(ExitCode.OK);
    assertThat(cli.out()).doesNotContain("\"d\"").doesNotContain("\"k\"");
    assertThat(cli.out().split("\"kid\"", -1)).hasSize(3);
  }

  @Test
  void import_ofAnExport_verifyOnly(@TempDir Path temp) throws IOException {
    String blue = "test:blue" + temp.hashCode() + "?insecurePlaintext=true";
    Path file = temp.resolve("blue.ring");
    cli.environment.put("COURIER", "correct horse battery");
    init();
    cli.run("init", "--store", blue);
    assertThat(
            cli.run(
                "export", "--store", blue, "--passphrase-env", "COURIER", "--out", file.toString()))
        .isEqualTo(ExitCode.OK);
    assertThat(Files.readString(file)).startsWith("eyJ");
    String[] command = {
      "import", file.toString(), "--store", cli.ring, "--passphrase-env", "COURIER"
    };
    assertThat(cli.run("import", file.toString(), "--store", cli.ring)).isEqualTo(ExitCode.USAGE);
    assertThat(cli.run(command)).isEqualTo(ExitCode.OK);
    assertThat(cli.err()).contains("imported");
    cli.run("status", "--store", cli.ring, "--json");
    assertThat(cli.out()).contains("\"origin\" : \"imported\"", "\"canIssue\" : false");
    assertThat(cli.run(command)).isEqualTo(ExitCode.OK);
    assertThat(cli.err()).contains("there already", "nothing to import");
    cli.environment.put("COURIER", "another horse battery");
    assertThat(cli.run(command)).isEqualTo(ExitCode.ERROR);
  }

  @Test
  void export_plaintext_onlyIfAskedForAndNotToATerminal() {
    init();
    cli.terminal = true;
    assertThat(cli.run("export", "--store", cli.ring, "--unsafe-plaintext"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.run("export", "--store", cli.ring, "--unsafe-plaintext", "--reveal"))
        .isEqualTo(ExitCode.OK);
    assertThat(cli.out()).contains("lineageKey");
    assertThat(cli.err()).contains("forge every session");
  }

  @Test
  void prune_nothingDue_ok() {
    init();
    assertThat(cli.run("prune", "--store", cli.ring)).isEqualTo(ExitCode.OK);
    assertThat(cli.err()).contains("nothing to erase");
    cli.time.advance(Duration.ofDays(6));
    cli.run("rotate", "--store", cli.ring);
    cli.time.advance(Duration.ofDays(3));
    assertThat(cli.run("prune", "--store", cli.ring, "--dry-run")).isEqualTo(ExitCode.OK);
    assertThat(cli.out()).contains("destroyed");
    cli.run("status", "--store", cli.ring);
    assertThat(cli.out()).doesNotContain("destroyed");
    assertThat(cli.run("prune", "--store", cli.ring)).isEqualTo(ExitCode.OK);
    cli.run("status", "--store", cli.ring);
    assertThat(cli.out()).contains("destroyed");
  }

  @Test
  void status_nodes_sayWhoHoldsWhat() {
    init();
    assertThat(cli.run("status", "--store", cli.ring, "--nodes")).isEqualTo(ExitCode.OK);
    assertThat(cli.err()).contains("no node reports");
    assertThat(cli.run("status", "--store", cli.ring, "--nodes", "--json")).isEqualTo(ExitCode.OK);
    assertThat(cli.out()).contains("\"nodes\" : [ ]");
  }

  /** An operator at night has the name of an alarm, and needs to know what to do. */
  @Test
  void status_nodesWithAlarms_sayWhatToDo(@TempDir Path temp) {
    String ring = "file:" + temp.resolve("ring") + "?insecurePlaintext=true";
    cli.run("init", "--store", ring);
    NodeReports reports = new FileKeyRingStore(temp.resolve("ring")).nodeReports().orElseThrow();
    for (String node : List.of("web-1", "web-2")) {
      reports.put(
          node,
          "{\"epoch\":1,\"since\":\"2026-01-01T00:00:00Z\",\"role\":\"reader\",\"stale\":false,"
              + "\"alarms\":[\"ROTATION_OVERDUE\"]}");
    }
    assertThat(cli.run("status", "--store", ring, "--nodes")).isEqualTo(ExitCode.OK);
    assertThat(cli.out())
        .containsOnlyOnce("ROTATION_OVERDUE: " + KeyRingAlarm.ROTATION_OVERDUE.advice());
  }

  @Test
  void completion_bash_knowsEveryVerb() {
    assertThat(cli.run("completion", "bash")).isEqualTo(ExitCode.OK);
    assertThat(cli.out())
        .contains("complete -F", "--emergency", "import", "prune")
        .contains("recipients", "list add remove", "rewrap", "--to", "sign-out", "--all-before");
    assertThat(cli.run("completion", "fish")).isEqualTo(ExitCode.USAGE);
  }

  private int init() {
    return cli.run("init", "--store", cli.ring);
  }
}
