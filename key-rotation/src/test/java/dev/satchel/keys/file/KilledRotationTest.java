package dev.satchel.keys.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.KeyRingAlarm;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.RotatingKeySource;
import dev.satchel.keys.RotationPolicy;
import dev.satchel.keys.file.FileKeyRingStore.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * PROTOCOL.md (g) 7: a node in a process of its own creates or rotates the ring, stops at a step of
 * the commit, says so, and is killed there by SIGKILL. The system lives on, so what was written
 * stays written; what a power cut leaves is {@link PowerCutTest}'s.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class KilledRotationTest {
  /** The next key is due a millisecond after the one before has begun to sign. */
  private static final RotationPolicy POLICY =
      new RotationPolicy(
          TokenAlgorithm.A256GCM,
          Duration.ofMillis(801), // period
          Duration.ofMillis(800), // lead
          Duration.ofMinutes(10), // maxTokenLifetime
          Duration.ofMillis(500), // staleAfter
          Duration.ZERO, // propagation
          Duration.ofMillis(100), // clockSkew
          Duration.ofMillis(100), // commitTimeout
          Duration.ofMillis(50), // refreshInterval
          Duration.ofMillis(50), // probeInterval
          Duration.ofMinutes(10)); // signingLimit

  @TempDir Path temp;

  private final KeyEncryptionKey kek = kek("b8VhFQ0yIhZcT2pBj8Tn0b1h3m0VtQmZ6l1xkq4s7dE");

  private static KeyEncryptionKey kek(String secret) {
    return KeyEncryptionKey.ofSecret(Base64.getUrlDecoder().decode(secret));
  }

  private Path directory() {
    return temp.resolve("ring");
  }

  private KeyCustodian custodian() {
    return new KeyCustodian(new FileKeyRingStore(directory()), kek, InstantSource.system());
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void rotation_killed_leavesOldOrNewRing(Step last) throws Exception {
    KeyRingStatus before = custodian().creation("shop", POLICY).commit();
    for (int i = 0; i < FileKeyRingStore.KEPT; i++) { // so that there is something to prune
      before = custodian().revocation(Set.of(before.active().orElseThrow().id())).commit();
    }
    try (RotatingKeySource node =
        RotatingKeySource.builder(new FileKeyRingStore(directory()), kek).build()) {
      killAt(last);

      boolean linked = last.compareTo(Step.LINKED) >= 0;
      KeyRingStatus after = custodian().status();
      assertThat(after.lineage()).isEqualTo(before.lineage());
      assertThat(after.epoch()).isEqualTo(before.epoch() + (linked ? 1 : 0));
      assertThat(after.active().orElseThrow().id()).isEqualTo(before.active().orElseThrow().id());
      node.refresh();
      assertThat(node.status().epoch()).isEqualTo(after.epoch());
      assertNoHarm(after.epoch());
      node.refresh();
      assertThat(node.health().alarms())
          .doesNotContain(
              KeyRingAlarm.FORKED,
              KeyRingAlarm.ROLLED_BACK,
              KeyRingAlarm.WIPED,
              KeyRingAlarm.UNREADABLE);
    }
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void creation_killed_leavesNoRingOrTheNewOne(Step last) throws Exception {
    killAt(last);

    if (last.compareTo(Step.LINKED) >= 0) {
      assertThat(custodian().status().epoch()).isEqualTo(1);
      assertThatThrownBy(() -> custodian().creation("shop", POLICY))
          .isInstanceOf(KeyRingException.class)
          .hasMessageContaining("a ring is already");
    } else {
      assertThat(new FileKeyRingStore(directory()).read()).isEmpty();
      assertThat(custodian().creation("shop", POLICY).commit().epoch()).isEqualTo(1);
    }
    assertNoHarm(1);
  }

  /** The next writer goes on, and what the dead one left is its owner's alone, and goes. */
  private void assertNoHarm(long epoch) throws IOException {
    List<Path> left = named("tmp.");
    assertThat(left).hasSizeLessThanOrEqualTo(1);
    for (Path path : left) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-------");
    }
    KeyRingStatus next = custodian().emergencyRotation().commit();
    assertThat(next.epoch()).isEqualTo(epoch + 1);
    for (Path path : left) {
      assertThat(path).as("may be in use, for all that others know").exists();
      Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    }
    custodian().revocation(Set.of(next.keys().get(0).id())).commit();
    assertThat(named("tmp.")).isEmpty();
    assertThat(named("ring.")).hasSize((int) Math.min(FileKeyRingStore.KEPT, epoch + 2));
    assertThat(new FileKeyRingStore(directory()).findings()).isEmpty();
  }

  private List<Path> named(String prefix) throws IOException {
    try (Stream<Path> list = Files.list(directory())) {
      return list.filter(path -> path.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  /** Starts a node that creates the ring or rotates it, and kills it when it is at the step. */
  private void killAt(Step last) throws Exception {
    Process node =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Node.class.getName(),
                directory().toString(),
                last.name())
            .redirectErrorStream(true)
            .start();
    // Killed, it says nothing more, and the test fails instead of waiting for good.
    var unused =
        node.onExit().orTimeout(1, TimeUnit.MINUTES).exceptionally(late -> node.destroyForcibly());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(node.getInputStream(), UTF_8))) {
      var said = new StringBuilder();
      String line;
      do {
        line = lines.readLine();
        said.append(line).append('\n');
      } while (line != null && !line.equals(last.name()));
      assertThat(line).as(said.toString()).isNotNull();
    } finally {
      node.destroyForcibly();
      node.waitFor();
    }
  }

  /** As {@code role=writer} has it, but for where it stops. */
  static final class Node {
    private Node() {}

    public static void main(String[] args) {
      Step last = Step.valueOf(args[1]);
      KeyRingStore store =
          new FileKeyRingStore(
              Path.of(args[0]),
              step -> {
                if (step == last) {
                  System.out.println(last);
                  awaitEnd();
                }
              });
      RotatingKeySource source =
          RotatingKeySource.builder(store, kek("b8VhFQ0yIhZcT2pBj8Tn0b1h3m0VtQmZ6l1xkq4s7dE"))
              .role(RotatingKeySource.Role.WRITER)
              .bootstrap("shop", POLICY)
              .build();
      awaitEnd();
      source.close();
    }

    /** Until it is killed, or whoever should do that is dead: then its end of the pipe closes. */
    private static void awaitEnd() {
      try {
        while (System.in.read() >= 0) {}
      } catch (IOException e) {
        // The same.
      }
      Runtime.getRuntime().halt(1);
    }
  }
}
