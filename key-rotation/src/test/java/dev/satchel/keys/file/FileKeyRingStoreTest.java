package dev.satchel.keys.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStore.Commit;
import dev.satchel.keys.KeyRingStoreContract;
import dev.satchel.keys.NodeReports;
import dev.satchel.keys.NodeReportsContract;
import dev.satchel.keys.RevocationLog;
import dev.satchel.keys.RevocationLogContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileKeyRingStoreTest
    implements KeyRingStoreContract, NodeReportsContract, RevocationLogContract {
  @TempDir Path temp;

  @Override
  public KeyRingStore store() {
    return new FileKeyRingStore(directory());
  }

  private Path directory() {
    return temp.resolve("ring");
  }

  @Test
  void commit_modes_ownerOnly() throws IOException {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    assertThat(mode(directory())).isEqualTo("rwx------");
    assertThat(mode(directory().resolve("ring.0000000001"))).isEqualTo("rw-------");
  }

  @Test
  void commit_many_eightStayAndNoTemporaries() throws IOException {
    for (int i = 0; i < 20; i++) {
      store().compareAndSet(i, bytes("document " + i));
    }
    assertThat(names())
        .containsExactly(
            "ring.0000000013",
            "ring.0000000014",
            "ring.0000000015",
            "ring.0000000016",
            "ring.0000000017",
            "ring.0000000018",
            "ring.0000000019",
            "ring.0000000020");
  }

  @Test
  void read_tornTemporaryAndForeignFiles_ignored() throws IOException {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    Files.writeString(directory().resolve("tmp.0b6e"), "tor");
    Files.writeString(directory().resolve("ring.9999999999.bak"), "copy");
    Files.writeString(directory().resolve("ring.12"), "short");
    Files.writeString(directory().resolve("ring.0000000000"), "zero");
    assertThat(new String(store().read().orElseThrow().document(), UTF_8)).isEqualTo("one");
    assertThat(store().compareAndSet(1, bytes("two"))).isEqualTo(Commit.COMMITTED);
  }

  /** PROTOCOL.md (g) 21: the server linked, the answer got lost, the client repeated. */
  @Test
  void commit_linkRepeatedByNfs_isOurs() throws IOException {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    KeyRingStore repeating =
        new FileKeyRingStore(
            directory(),
            step -> {
              if (step == FileKeyRingStore.Step.SYNCED) {
                linkTemporary("ring.0000000002");
              }
            });
    assertThat(repeating.compareAndSet(1, bytes("two"))).isEqualTo(Commit.COMMITTED);
  }

  @Test
  void commit_nameTakenMeanwhile_conflict() throws IOException {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    KeyRingStore slow =
        new FileKeyRingStore(
            directory(),
            step -> {
              if (step == FileKeyRingStore.Step.SYNCED) {
                store().compareAndSet(1, bytes("faster"));
              }
            });
    assertThat(slow.compareAndSet(1, bytes("slower"))).isEqualTo(Commit.CONFLICT);
    assertThat(new String(store().read().orElseThrow().document(), UTF_8)).isEqualTo("faster");
  }

  /** PROTOCOL.md (c) row 2: a long-paused writer re-creates a number that was used and pruned. */
  @Test
  void commit_sleptThroughPruning_isNotCommitted() throws IOException {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    KeyRingStore asleep =
        new FileKeyRingStore(
            directory(),
            step -> {
              if (step == FileKeyRingStore.Step.SYNCED) {
                for (int i = 1; i < 15; i++) {
                  store().compareAndSet(i, bytes("document " + i));
                }
              }
            });
    assertThat(asleep.compareAndSet(1, bytes("late"))).isEqualTo(Commit.UNKNOWN);
    assertThat(new String(store().read().orElseThrow().document(), UTF_8)).isEqualTo("document 14");
    assertThat(names()).doesNotContain("ring.0000000002");
  }

  @Test
  void use_directoryWritableByAll_refused() throws IOException {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> store().read())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("chmod o-w");
    assertThatThrownBy(() -> store().compareAndSet(1, bytes("two")))
        .isInstanceOf(KeyRingException.class);
  }

  @Test
  void use_parentWritableByAll_refused() throws IOException {
    Path open = Files.createDirectory(temp.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    KeyRingStore store = new FileKeyRingStore(open.resolve("ring"));
    assertThatThrownBy(() -> store.compareAndSet(KeyRingStore.ABSENT, bytes("one")))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("can be written by everybody");
    assertThat(open.resolve("ring")).doesNotExist();
  }

  /** I7: something is there, and it is not a ring; that is not "nothing is there". */
  @Test
  void read_pathIsAFile_isNotAbsent() throws IOException {
    Files.writeString(directory(), "a file");
    assertThatThrownBy(() -> store().read())
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNAVAILABLE));
  }

  @Test
  void commit_afterTheLastRevision_refusedAndNamesTheFile() throws IOException {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    Files.writeString(directory().resolve("ring.9999999999"), "last");
    assertThatThrownBy(() -> store().compareAndSet(9_999_999_999L, bytes("two")))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("ring.9999999999")
        .hasMessageContaining("remove it");
    assertThat(names()).containsExactly("ring.0000000001", "ring.9999999999");
  }

  /** Whoever plants a file with a high number must not get the good ones deleted. */
  @Test
  void commit_acrossAGap_prunesNothing() throws IOException {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    Files.writeString(directory().resolve("ring.0000000100"), "planted");
    assertThat(store().compareAndSet(100, bytes("two"))).isEqualTo(Commit.COMMITTED);
    assertThat(names()).contains("ring.0000000001");
  }

  @Test
  void commit_ownFileTakenAway_isNotCommitted() throws IOException {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    KeyRingStore robbed =
        new FileKeyRingStore(
            directory(),
            step -> {
              if (step == FileKeyRingStore.Step.FORCED) {
                delete(directory().resolve("ring.0000000002"));
              }
            });
    assertThat(robbed.compareAndSet(1, bytes("two"))).isEqualTo(Commit.UNKNOWN);
  }

  /** I7: unmounted is not emptied. */
  @Test
  void read_directoryGoneOrReplaced_unavailable() throws IOException {
    KeyRingStore store = store();
    store.compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    Path elsewhere = temp.resolve("elsewhere");
    Files.move(directory(), elsewhere);
    assertUnavailable(store::read);
    Files.createDirectory(
        directory(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    assertUnavailable(store::read);
    assertUnavailable(store::probe);
    assertUnavailable(() -> store.compareAndSet(KeyRingStore.ABSENT, bytes("new")));
    assertThat(names()).isEmpty();
    Files.delete(directory());
    Files.move(elsewhere, directory());
    assertThat(new String(store.read().orElseThrow().document(), UTF_8)).isEqualTo("one");
    delete(directory().resolve("ring.0000000001"));
    assertThat(store.read()).as("emptied").isEmpty();
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNAVAILABLE));
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One hostile name must not cost the thread that reads it: endless, silent, or too large. */
  @ParameterizedTest
  @ValueSource(strings = {"device", "pipe", "directory", "large"})
  @Timeout(10)
  void read_notAReasonableFile_unreadable(String what) throws Exception {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    Path next = directory().resolve("ring.0000000002");
    switch (what) {
      case "device" -> Files.createSymbolicLink(next, Path.of("/dev/zero"));
      case "pipe" -> new ProcessBuilder("mkfifo", next.toString()).start().waitFor();
      case "directory" -> Files.createDirectory(next);
      default -> Files.write(next, new byte[1024 * 1024 + 1]);
    }
    assertThatThrownBy(() -> store().read())
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNREADABLE))
        .hasMessageContaining("ring.0000000002");
  }

  @Test
  void read_linkToAFile_isRead() throws IOException {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    Path real = Files.writeString(temp.resolve("real"), "two");
    Files.createSymbolicLink(directory().resolve("ring.0000000002"), real);
    assertThat(new String(store().read().orElseThrow().document(), UTF_8)).isEqualTo("two");
  }

  @Test
  void time_isTheFileSystems() {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    assertThat(store().time()).isPresent();
    assertThat(new FileKeyRingStore(temp.resolve("missing")).time()).isEmpty();
  }

  private void linkTemporary(String name) {
    try (Stream<Path> list = Files.list(directory())) {
      Path temporary =
          list.filter(path -> path.getFileName().toString().startsWith("tmp."))
              .findFirst()
              .orElseThrow();
      Files.createLink(directory().resolve(name), temporary);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> list = Files.list(directory())) {
      return list.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Override
  public NodeReports reports() throws IOException {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    return store().nodeReports().orElseThrow();
  }

  @Test
  void report_mode_ownerOnlyAndWhatIsNoReportLeftOut() throws IOException {
    reports().put("a", "one");
    reports().put("a", "two");
    assertThat(mode(directory().resolve("node.a"))).isEqualTo("rw-------");
    assertThat(names()).containsExactly("node.a", "ring.0000000001");
    Path secret = Files.writeString(temp.resolve("secret"), "hunter2");
    Files.createSymbolicLink(directory().resolve("node.link"), secret);
    Files.createDirectory(directory().resolve("node.directory"));
    Files.writeString(directory().resolve("node.large"), "x".repeat(NodeReports.MAX_LENGTH + 1));
    assertThat(reports().all()).extracting(NodeReports.Kept::node).containsExactly("a");
    assertThat(store().probe()).hasValue(1);
  }

  @Override
  public RevocationLog revocations() {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    return store().revocationLog().orElseThrow();
  }

  @Test
  void revocations_mode_ownerOnlyAndWhatIsNoRecordIsNone() throws IOException {
    revocations().append(bytes("one"), java.time.Instant.MAX.minusSeconds(1));
    Path folder = directory().resolve("revocations");
    Path group = folder.resolve("0000000000000");
    assertThat(mode(folder)).isEqualTo("rwx------");
    assertThat(mode(group.resolve("0000000000001"))).isEqualTo("rw-------");
    Path secret = Files.writeString(temp.resolve("secret"), "hunter2, hunter2");
    Files.createSymbolicLink(group.resolve("0000000000002"), secret);
    Files.createDirectory(group.resolve("0000000000003"));
    Files.writeString(group.resolve("junk"), "junk");
    Files.writeString(group.resolve("0000000000004"), "x".repeat(10_000));
    assertThat(revocations().from(1, 10))
        .extracting(kept -> kept.record().length)
        .containsExactly(3, 0, 0, 0);
  }

  @Test
  void revocations_manyDirectories_areReadOnAndDropped() throws IOException {
    RevocationLog log = revocations();
    Path group = directory().resolve("revocations/0000000000004");
    log.append(bytes("one"), java.time.Instant.EPOCH);
    Files.createDirectories(group);
    Files.move(
        directory().resolve("revocations/0000000000000/0000000000001"),
        group.resolve("0000000004999"));
    log.append(bytes("two"), java.time.Instant.MAX.minusSeconds(1));
    assertThat(log.from(4999, 10))
        .extracting(RevocationLog.Kept::position)
        .containsExactly(4999L, 5000L);
    log.dropExpired();
    assertThat(log.from(1, 10)).extracting(RevocationLog.Kept::position).containsExactly(5000L);
    assertThat(group).doesNotExist();
  }

  /** An empty mount point must not look like a log that somebody emptied. */
  @Test
  void revocations_withoutTheRing_areNotThere() {
    RevocationLog log = store().revocationLog().orElseThrow();
    assertThatThrownBy(() -> log.from(1, 10)).hasMessageContaining("mounted");
    assertThatThrownBy(() -> log.append(bytes("one"), java.time.Instant.now()))
        .hasMessageContaining("mounted");
    assertThat(directory()).doesNotExist();
  }
}
