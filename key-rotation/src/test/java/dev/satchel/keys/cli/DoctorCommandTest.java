package dev.satchel.keys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.file.MountedVolume;
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
    cli.time.setWall(Instant.now()); // on a busy machine, the key's date is later than the first
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

  @Test
  void revocations_areLookedAt_whereTheyAreShared() throws IOException {
    assertThat(cli.run("doctor", "--store", ring + "&revocations=true")).isEqualTo(ExitCode.OK);
    assertThat(Files.isDirectory(temp.resolve("ring/revocations"))).isTrue();
    cli.run("init", "--store", cli.ring);
    // One that keeps none.
    String mounted = "mount:" + mounted().file() + "?kek=file:" + kek;
    assertThat(cli.run("doctor", "--store", mounted + "&revocations=true"))
        .isEqualTo(ExitCode.ERROR);
    assertThat(cli.out()).contains("keeps no revocations");
  }

  @Test
  void mountedRing_propagationOfADatabase_policy() throws IOException {
    MountedVolume volume = mounted();
    assertThat(cli.run("doctor", "--store", "mount:" + volume.file() + "?kek=file:" + kek))
        .isEqualTo(ExitCode.POLICY);
    assertThat(cli.out())
        .isEqualTo(
            "policy: the ring's policy says that a read is at most 10 s old, here it can be 2 min,"
                + " so nodes may meet keys that they do not have yet; make the ring that this one"
                + " is copied from with `satchel-keys init --propagation 120s`\n");
  }

  @Test
  void mountedRing_madeForIt_ok() throws IOException {
    ring = "file:" + temp.resolve("other") + "?kek=file:" + kek;
    cli.run("init", "--store", ring, "--propagation", "120s");
    cli.time.setWall(Instant.now());
    Path document = temp.resolve("other/ring.0000000001");
    MountedVolume volume = new MountedVolume(temp.resolve("mounted"), "ring.jwe");
    volume.swap(Files.readAllBytes(document));
    assertThat(cli.run("doctor", "--store", "mount:" + volume.file() + "?kek=file:" + kek))
        .isEqualTo(ExitCode.OK);
    // The same file by subPath: a finding.
    Path alone = Files.copy(document, temp.resolve("ring.jwe"));
    assertThat(cli.run("doctor", "--store", "mount:" + alone + "?kek=file:" + kek))
        .isEqualTo(ExitCode.POLICY);
    assertThat(cli.out()).contains("without subPath");
  }

  @Test
  void mountedRing_changed_refused() throws IOException {
    String location = "mount:" + mounted().file() + "?kek=file:" + kek;
    assertThat(cli.run("status", "--store", location)).isEqualTo(ExitCode.OK);
    assertThat(cli.run("rotate", "--emergency", "--yes", "--store", location))
        .isEqualTo(ExitCode.POLICY);
    assertThat(cli.err()).contains("mounted read-only");
  }

  private MountedVolume mounted() throws IOException {
    MountedVolume volume = new MountedVolume(temp.resolve("mounted"), "ring.jwe");
    volume.swap(Files.readAllBytes(temp.resolve("ring/ring.0000000001")));
    return volume;
  }

  private int doctor() {
    return cli.run("doctor", "--store", ring);
  }
}
