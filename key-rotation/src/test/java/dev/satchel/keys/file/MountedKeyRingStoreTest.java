package dev.satchel.keys.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingException.Reason;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStoreProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountedKeyRingStoreTest {
  @TempDir Path temp;

  @Test
  void read_throughTheLink_exactlyAsMounted() throws IOException {
    MountedVolume volume = volume("ring.jwe");
    volume.swap(bytes("one"));
    KeyRingStore store = new MountedKeyRingStore(volume.file());
    assertThat(document(store)).isEqualTo("one");
    assertThat(store.findings()).isEmpty();
    assertThat(store.isReadOnly()).isTrue();
    assertThat(store.time()).isEmpty();
  }

  /** An entry of a Secret may be projected to a path of several steps. */
  @Test
  void read_fileInADirectoryOfTheVolume_found() throws IOException {
    MountedVolume volume = volume("rings/shop/ring.jwe");
    volume.swap(bytes("one"));
    KeyRingStore store = new MountedKeyRingStore(volume.file());
    assertThat(document(store)).isEqualTo("one");
    volume.swap(bytes("two"));
    assertThat(document(store)).isEqualTo("two");
    assertThat(store.findings()).isEmpty();
  }

  @Test
  void probe_sameContent_sameRevision_otherContent_another() throws IOException {
    MountedVolume volume = volume("ring.jwe");
    volume.swap(bytes("one"));
    KeyRingStore store = new MountedKeyRingStore(volume.file());
    long first = store.probe().orElseThrow();
    assertThat(store.read().orElseThrow().revision()).isEqualTo(first);
    volume.swap(bytes("one"));
    assertThat(store.probe()).hasValue(first);
    volume.swap(bytes("two"));
    assertThat(store.probe().orElseThrow()).isNotEqualTo(first).isPositive();
    assertThat(new MountedKeyRingStore(volume.file()).probe()).isEqualTo(store.probe());
  }

  /** PROTOCOL.md (g) 20: the old document or the new one, whole, however often it is swapped. */
  @Test
  void read_whileSwapped_neverAMixNeverAFailure() throws Exception {
    MountedVolume volume = volume("ring.jwe");
    volume.swap(pattern(0));
    AtomicBoolean done = new AtomicBoolean();
    Thread kubelet =
        new Thread(
            () -> {
              try {
                for (int i = 1; i <= 400; i++) {
                  volume.swap(pattern(i % 100));
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                done.set(true);
              }
            });
    Set<Byte> seen = new HashSet<>();
    kubelet.start();
    try {
      KeyRingStore store = new MountedKeyRingStore(volume.file());
      while (!done.get()) {
        byte[] read = store.read().orElseThrow().document();
        assertThat(read).isEqualTo(pattern(read[0]));
        seen.add(read[0]);
      }
    } finally {
      kubelet.join();
    }
    assertThat(seen).hasSizeGreaterThan(1);
  }

  /** The worst moment: the link was followed, and what it led to is taken away. */
  @Test
  void read_swappedBehindTheLink_newDocument() throws IOException {
    MountedVolume volume = volume("ring.jwe");
    volume.swap(bytes("one"));
    AtomicBoolean swapped = new AtomicBoolean();
    KeyRingStore store =
        new MountedKeyRingStore(
            volume.file(),
            () -> {
              if (!swapped.getAndSet(true)) {
                swap(volume, "two");
              }
            });
    assertThat(document(store)).isEqualTo("two");
  }

  @Test
  void read_swappedBehindTheLinkOverAndOver_unavailable() throws IOException {
    MountedVolume volume = volume("ring.jwe");
    volume.swap(bytes("one"));
    KeyRingStore store = new MountedKeyRingStore(volume.file(), () -> swap(volume, "another"));
    assertUnavailable(store);
  }

  /** I7: what is not mounted is not empty. */
  @Test
  void read_missing_unavailableNeverAbsent() throws IOException {
    assertUnavailable(new MountedKeyRingStore(temp.resolve("nowhere/ring.jwe")));
    MountedVolume volume = volume("ring.jwe");
    volume.swap(bytes("one"));
    assertUnavailable(new MountedKeyRingStore(volume.file().resolveSibling("other.jwe")));
    KeyRingStore store = new MountedKeyRingStore(volume.file());
    assertThat(store.read()).isPresent();
    volume.unmount();
    assertUnavailable(store);
  }

  @Test
  void read_danglingLink_unavailable() throws IOException {
    Files.createSymbolicLink(temp.resolve("..data"), Path.of("..gone"));
    assertUnavailable(new MountedKeyRingStore(temp.resolve("ring.jwe")));
  }

  @Test
  void read_noFileOrTooLarge_unreadable() throws IOException {
    Path directory = Files.createDirectory(temp.resolve("ring"));
    assertThatThrownBy(() -> new MountedKeyRingStore(directory).read())
        .isInstanceOfSatisfying(
            KeyRingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREADABLE))
        .hasMessageContaining("is not a file");
    Path large = Files.write(temp.resolve("large"), new byte[1024 * 1024 + 1]);
    assertThatThrownBy(() -> new MountedKeyRingStore(large).read())
        .isInstanceOfSatisfying(
            KeyRingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREADABLE))
        .hasMessageContaining("1048576 bytes");
  }

  @Test
  void compareAndSet_refusedAndSaysWhereToWrite() throws IOException {
    MountedVolume volume = volume("ring.jwe");
    volume.swap(bytes("one"));
    KeyRingStore store = new MountedKeyRingStore(volume.file());
    assertThatThrownBy(() -> store.compareAndSet(KeyRingStore.ABSENT, bytes("two")))
        .isInstanceOfSatisfying(
            KeyRingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.POLICY))
        .hasMessageContaining("kubectl");
    assertThat(document(store)).isEqualTo("one");
  }

  /** A subPath mount is a plain file: it can be read, and stays as it is for ever. */
  @Test
  void findings_noLinkBesideTheFile_subPath() throws IOException {
    KeyRingStore store =
        new MountedKeyRingStore(Files.writeString(temp.resolve("ring.jwe"), "one"));
    assertThat(document(store)).isEqualTo("one");
    assertThat(store.findings()).singleElement().asString().contains("without subPath");
  }

  @Test
  void open_location() throws IOException {
    MountedVolume volume = volume("ring.jwe");
    volume.swap(bytes("one"));
    KeyRingStore store = open("mount:" + volume.file());
    assertThat(store).isInstanceOf(MountedKeyRingStore.class);
    assertThat(store).hasToString("mount:" + volume.file());
    assertThat(document(store)).isEqualTo("one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mount://host/ring.jwe", "mount:/", "mount:/etc/ring.jwe?subPath=true"})
  void open_wrongLocation_refused(String location) {
    assertThatThrownBy(() -> open(location)).isInstanceOf(IllegalArgumentException.class);
  }

  private static KeyRingStore open(String location) {
    return KeyRingStoreProvider.openStore(URI.create(location), InstantSource.system());
  }

  private MountedVolume volume(String name) throws IOException {
    return new MountedVolume(temp.resolve("mounted"), name);
  }

  private static void swap(MountedVolume volume, String content) {
    try {
      volume.swap(bytes(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertUnavailable(KeyRingStore store) {
    assertThatThrownBy(store::read)
        .isInstanceOfSatisfying(
            KeyRingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    assertThatThrownBy(store::probe)
        .isInstanceOfSatisfying(
            KeyRingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
  }

  private static byte[] pattern(int number) {
    byte[] bytes = new byte[100_000];
    Arrays.fill(bytes, (byte) number);
    return bytes;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String document(KeyRingStore store) {
    return new String(store.read().orElseThrow().document(), UTF_8);
  }
}
