package dev.satchel.keys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private final CommandLineFixture cli = new CommandLineFixture();

  @TempDir Path temp;
  private Path kek;
  private String ring;

  @BeforeEach
  void ring() {
    cli.time.setWall(Instant.now()); // the file system has its own clock
    kek = temp.resolve("kek.jwk");
    cli.run("generate", "--alg", "A256KW", "--out", kek.toString());
    ring = "file:" + temp.resolve("ring") + "?kek=file:" + kek;
    assertThat(cli.run("init", "--store", ring)).isEqualTo(ExitCode.OK);
  }

  @Test
  void healthy_ok() {
    assertThat(doctor()).isEqualTo(ExitCode.OK);
    assertThat(cli.out()).isEqualTo("all is well\n");
  }

  @Test
  void json_stable() {
    assertThat(cli.run("doctor", "--store", ring, "--json")).isEqualTo(ExitCode.OK);
    assertThat(cli.out().replaceAll("\\s", "")).isEqualTo("{\"ok\":true,\"findings\":[]}");
  }

  @Test
  void kekReadableByAll_policy() throws IOException {
    Files.setPosixFilePermissions(kek, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(doctor()).isEqualTo(ExitCode.POLICY);
    assertThat(cli.out()).contains("chmod 600 " + kek);
  }

  @Test
  void ringReadableByAll_policy() throws IOException {
    Path file = temp.resolve("ring/ring.0000000001");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(doctor()).isEqualTo(ExitCode.POLICY);
    assertThat(cli.out()).contains("chmod 600 " + file);
  }

  @Test
  void gap_broken() throws IOException {
    Path first = temp.resolve("ring/ring.0000000001");
    Files.copy(first, temp.resolve("ring/ring.0000000005"));
    Files.setPosixFilePermissions(
        temp.resolve("ring/ring.0000000005"), PosixFilePermissions.fromString("rw-------"));
    assertThat(doctor()).isEqualTo(ExitCode.ERROR);
    assertThat(cli.out())
        .contains("no file between ring.0000000001 and ring.0000000005")
        .contains("somebody put a document in another's place");
  }

  @Test
  void clockOff_policy() {
    cli.time.advance(Duration.ofMinutes(10));
    assertThat(doctor()).isEqualTo(ExitCode.POLICY);
    assertThat(cli.out()).contains("ahead of").contains("time synchronization");
  }

  @Test
  void kekGone_broken() throws IOException {
    Files.delete(kek);
    assertThat(doctor()).isEqualTo(ExitCode.ERROR);
    assertThat(cli.out()).contains("broken: ").contains(kek.toString());
  }

  @Test
  void otherKek_broken() {
    cli.run("generate", "--alg", "A256KW", "--out", kek.toString(), "--force");
    assertThat(doctor()).isEqualTo(ExitCode.ERROR);
    assertThat(cli.out()).contains("sealed under another key");
  }

  @Test
  void storeRefused_noAnswer() throws IOException {
    Files.setPosixFilePermissions(
        temp.resolve("ring"), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(doctor()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(cli.out()).contains("no answer: ").contains("chmod o-w");
  }

  @Test
  void overdue_policy() {
    cli.run("init", "--store", cli.ring);
    cli.time.advance(Duration.ofDays(7));
    assertThat(cli.run("doctor", "--store", cli.ring)).isEqualTo(ExitCode.POLICY);
    assertThat(cli.out()).contains("role=writer").contains("not sealed");
  }

  @Test
  void nobodySigns_broken() {
    cli.run("init", "--store", cli.ring);
    cli.time.advance(Duration.ofDays(29));
    assertThat(cli.run("doctor", "--store", cli.ring)).isEqualTo(ExitCode.ERROR);
    assertThat(cli.out()).contains("rotate --emergency");
  }

  private int doctor() {
    return cli.run("doctor", "--store", ring);
  }
}
