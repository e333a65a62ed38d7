package dev.satchel.keys.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.vault.FakeVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every verb as people run it: {@code java -jar satchel-keys.jar}, under a umask that hides
 * nothing. Each test waits for processes of its own, so two run at once.
 */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class SatchelKeysJarIT {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final String JAR = System.getProperty("satchel.keys.jar", "no jar named");

  /** Has the jar's classes as the first process left them: a third of the work of a start. */
  @TempDir static Path shared;

  @TempDir Path temp;
  private Path kek;
  private String ring;
  private String said = "";

  @BeforeAll
  static void archiveClasses() throws Exception {
    String kek = shared.resolve("kek.jwk").toString();
    String ring = "file:" + shared.resolve("ring") + "?kek=file:" + kek;
    String archiving = "-XX:ArchiveClassesAtExit=" + archive();
    var first = new SatchelKeysJarIT();
    assertThat(first.process(java("generate", "--alg", "A256KW", "--out", kek))).isEqualTo(0);
    List<String> init = java("init", "--store", ring);
    init.add(1, archiving);
    assertThat(first.process(init)).isEqualTo(0);
  }

  private static Path archive() {
    return shared.resolve("classes.jsa");
  }

  @BeforeEach
  void ring() throws Exception {
    kek = temp.resolve("kek.jwk");
    ring = "file:" + temp.resolve("ring") + "?kek=file:" + kek;
    assertThat(run("generate", "--alg", "A256KW", "--out", kek.toString())).isEqualTo(ExitCode.OK);
    assertThat(run("init", "--store", ring)).isEqualTo(ExitCode.OK);
  }

  @Test
  void verbs_ofARing_fromInitToDoctor() throws Exception {
    assertThat(mode(kek)).isEqualTo("rw-------");
    assertThat(mode(temp.resolve("ring/ring.0000000001"))).isEqualTo("rw-------");
    assertThat(mode(temp.resolve("ring"))).isEqualTo("rwx------");
    assertThat(run("init", "--store", ring)).isEqualTo(ExitCode.CONFLICT);
    assertThat(run("rotate", "--store", ring, "--emergency", "--yes")).isEqualTo(ExitCode.OK);
    assertThat(run("rotate", "--store", ring, "--emergency", "--yes")).isEqualTo(ExitCode.POLICY);
    assertThat(run("status", "--store", ring, "--nodes", "--json")).isEqualTo(ExitCode.OK);
    assertThat(said).contains("\"epoch\" : 2", "\"nodes\" : [ ]");
    assertThat(run("prune", "--store", ring)).isEqualTo(ExitCode.OK);
    assertThat(run("revoke", "AAAAAAAA", "--store", ring, "--yes")).isEqualTo(ExitCode.POLICY);
    assertThat(run("sign-out", "--subject", "ann", "--store", ring)).isEqualTo(ExitCode.USAGE);
    assertThat(run("sign-out", "--subject", "ann", "--store", ring, "--dry-run"))
        .isEqualTo(ExitCode.OK);
    assertThat(temp.resolve("ring/revocations")).doesNotExist();
    assertThat(run("sign-out", "--subject", "ann", "--store", ring, "--yes"))
        .isEqualTo(ExitCode.OK);
    assertThat(said).contains("within 20 s").doesNotContain("ann");
    assertThat(mode(temp.resolve("ring/revocations"))).isEqualTo("rwx------");
    assertThat(run("doctor", "--store", ring)).isEqualTo(ExitCode.OK);
    assertThat(run("inspect", "no token")).isEqualTo(ExitCode.USAGE);
    assertThat(run("status", "--store", "redis://127.0.0.1:1/0?timeout=1s&kek=file:" + kek))
        .isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(run("status", "--store", "file:" + temp.resolve("none") + "?kek=file:" + kek))
        .isEqualTo(ExitCode.ERROR);
  }

  @Test
  void ring_movesBySealedExport() throws Exception {
    Path passphrase = Files.writeString(temp.resolve("passphrase"), "correct horse battery\n");
    Path export = temp.resolve("blue.ring");
    String green = "file:" + temp.resolve("green") + "?kek=file:" + kek;
    String[] seal = {"--passphrase-file", passphrase.toString()};
    assertThat(run("init", "--store", green)).isEqualTo(ExitCode.OK);
    assertThat(run("export", "--store", ring, seal[0], seal[1], "--out", export.toString()))
        .isEqualTo(ExitCode.OK);
    assertThat(mode(export)).isEqualTo("rw-------");
    String before = Files.readString(export);
    assertThat(run("export", "--store", ring, seal[0], seal[1], "--out", export.toString()))
        .isEqualTo(ExitCode.CONFLICT);
    assertThat(export).hasContent(before);
    assertThat(run("import", export.toString(), "--store", green, seal[0], seal[1]))
        .isEqualTo(ExitCode.OK);
    assertThat(said).contains("imported");
  }

  /** Two groups of nodes, one ring, no shared secret; then the ring moves to a passphrase. */
  @Test
  void ring_isSharedTakenBackAndMoved() throws Exception {
    for (String name : List.of("a", "b")) {
      String file = temp.resolve(name).toString();
      assertThat(
              run("generate", "--alg", "ECDH-ES+A256KW", "--out", file, "--public", file + ".pub"))
          .isEqualTo(ExitCode.OK);
      assertThat(mode(temp.resolve(name))).isEqualTo("rw-------");
    }
    assertThat(run("rewrap", "--to", "file:" + temp.resolve("a"), "--store", ring))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("rewrap", "--to", "file:" + temp.resolve("a"), "--store", ring, "--yes"))
        .isEqualTo(ExitCode.OK);
    String lineage = said.replaceFirst("(?s).*needs lineage=([A-Za-z0-9_-]+).*", "$1");
    assertThat(run("status", "--store", ring)).isEqualTo(ExitCode.ERROR);
    String ours = location("a", lineage);
    String theirs = location("b", lineage);
    String publicKey = temp.resolve("b.pub").toString();
    assertThat(run("recipients", "add", publicKey, "--store", ours, "--dry-run"))
        .isEqualTo(ExitCode.OK);
    assertThat(run("status", "--store", theirs)).isEqualTo(ExitCode.ERROR);
    assertThat(run("recipients", "add", publicKey, "--store", ours, "--yes"))
        .isEqualTo(ExitCode.OK);
    assertThat(run("recipients", "list", "--store", theirs)).isEqualTo(ExitCode.OK);
    String thumbprint = said.replaceFirst("(?s).*recipient (\\S+)  \\(in use here.*", "$1");
    assertThat(run("recipients", "remove", thumbprint, "--store", ours, "--yes"))
        .isEqualTo(ExitCode.OK);
    assertThat(run("recipients", "remove", thumbprint, "--store", ours, "--yes"))
        .isEqualTo(ExitCode.POLICY);
    assertThat(run("status", "--store", theirs)).isEqualTo(ExitCode.ERROR);
    String export = temp.resolve("export").toString();
    assertThat(run("export", "--to", publicKey, "--store", ours, "--out", export))
        .isEqualTo(ExitCode.OK);
    assertThat(mode(Path.of(export))).isEqualTo("rw-------");
    String green = "file:" + temp.resolve("green") + "?kek=file:" + kek;
    assertThat(run("init", "--store", green)).isEqualTo(ExitCode.OK);
    String key = "file:" + temp.resolve("b");
    assertThat(run("import", export, "--key", key, "--store", green)).isEqualTo(ExitCode.ERROR);
    assertThat(run("import", export, "--key", key, "--lineage", lineage, "--store", green))
        .isEqualTo(ExitCode.OK);
    Path passphrase = Files.writeString(temp.resolve("passphrase"), "correct horse battery\n");
    assertThat(run("rewrap", "--to", "passphrase-file:" + passphrase, "--store", ours, "--yes"))
        .isEqualTo(ExitCode.OK);
    assertThat(run("status", "--store", ours)).isEqualTo(ExitCode.ERROR);
    Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-------"));
    assertThat(run("doctor", "--store", location(passphrase))).as(said).isEqualTo(ExitCode.OK);
  }

  /** The provider is in the jar, and found there. */
  @Test
  void ring_underVault() throws Exception {
    try (FakeVault vault = new FakeVault()) {
      vault.tokens.add("hvs.token");
      Path token = Files.writeString(temp.resolve("token"), "hvs.token");
      Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
      String reference = "vault:" + vault.address() + "/transit/keys/shop?tokenFile=" + token;
      assertThat(run("rewrap", "--to", reference, "--store", ring, "--yes")).isEqualTo(ExitCode.OK);
      String lineage = said.replaceFirst("(?s).*needs lineage=([A-Za-z0-9_-]+).*", "$1");
      String there = "file:" + temp.resolve("ring") + "?kek=" + reference + "&lineage=" + lineage;
      assertThat(run("doctor", "--store", there)).as(said).isEqualTo(ExitCode.OK);
      vault.rotate();
      assertThat(run("doctor", "--store", there)).isEqualTo(ExitCode.POLICY);
      assertThat(run("rewrap", "--store", there, "--yes")).isEqualTo(ExitCode.OK);
      assertThat(said).contains("transit/keys/shop, version 2");
      vault.status = 503;
      assertThat(run("status", "--store", there)).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(said).doesNotContain("hvs.");
    }
  }

  private String location(String name, String lineage) {
    return "file:"
        + temp.resolve("ring")
        + "?kek=file:"
        + temp.resolve(name)
        + "&lineage="
        + lineage;
  }

  private String location(Path passphrase) {
    return "file:" + temp.resolve("ring") + "?kek=passphrase-file:" + passphrase;
  }

  @Test
  void completion_worksInBash() throws Exception {
    assertThat(run("completion", "bash")).isEqualTo(ExitCode.OK);
    Path script = Files.writeString(temp.resolve("completion"), said);
    String ask =
        ". "
            + script
            + " && COMP_WORDS=(satchel-keys rot) COMP_CWORD=1 && _complete_satchel-keys &&"
            + " echo \"${COMPREPLY[@]}\"";
    assertThat(process(List.of("bash", "--norc", "-c", ask))).as(said).isEqualTo(0);
    assertThat(said.strip()).isEqualTo("rotate");
  }

  private int run(String... arguments) throws Exception {
    var command = new ArrayList<String>();
    // The arguments as they are: the shell is there for the umask alone.
    command.addAll(List.of("sh", "-c", "umask 000; exec \"$@\"", "sh"));
    command.addAll(java(arguments));
    int code = process(command);
    String secret = Files.readString(kek).replaceAll("(?s).*\"k\":\"([^\"]+)\".*", "$1");
    assertThat(secret).hasSize(43);
    assertThat(said).doesNotContain(secret, "horse", "\tat ", "\"d\"");
    return code;
  }

  /** Nothing but speed depends on the flags. */
  private static List<String> java(String... arguments) {
    var command = new ArrayList<>(List.of(JAVA, "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    if (Files.exists(archive())) { // A JDK without an archive of its own makes none.
      command.add("-XX:SharedArchiveFile=" + archive());
    }
    command.addAll(List.of("-jar", JAR));
    command.addAll(List.of(arguments));
    return command;
  }

  private int process(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
