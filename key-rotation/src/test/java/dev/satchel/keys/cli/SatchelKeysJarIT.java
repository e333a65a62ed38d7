package dev.satchel.keys.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every verb as people run it: {@code java -jar satchel-keys.jar}, under a umask that hides
 * nothing.
 */
@Timeout(120)
class SatchelKeysJarIT {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final String JAR = System.getProperty("satchel.keys.jar", "no jar named");

  @TempDir Path temp;
  private Path kek;
  private String ring;
  private String said = "";

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
    command.addAll(List.of(JAVA, "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-jar", JAR));
    command.addAll(List.of(arguments));
    int code = process(command);
    String secret = Files.readString(kek).replaceAll("(?s).*\"k\":\"([^\"]+)\".*", "$1");
    assertThat(secret).hasSize(43);
    assertThat(said).doesNotContain(secret).doesNotContain("horse").doesNotContain("\tat ");
    return code;
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
