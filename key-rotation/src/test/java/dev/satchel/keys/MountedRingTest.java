package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.RotatingKeySource.Role;
import dev.satchel.keys.file.MountedKeyRingStore;
import dev.satchel.keys.file.MountedVolume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose ring is a mounted Secret, filled from the store that the ring is written in. */
class MountedRingTest {
  private final RingFixture ring = new RingFixture();

  @TempDir Path temp;
  private MountedVolume volume;

  @BeforeEach
  void mount() throws IOException {
    ring.custodian.creation("shop", policy()).commit();
    volume = new MountedVolume(temp.resolve("mounted"), "ring.jwe");
    swap();
  }

  /** PROTOCOL.md (g) 20: each of ten rotations is seen, at the next probe, not the first alone. */
  @Test
  void tenRotations_eachSeenAtTheNextProbe() throws IOException {
    RotatingKeySource node = node();
    for (int rotation = 1; rotation <= 10; rotation++) {
      ring.pass(Duration.ofDays(2), node);
      ring.custodian.rotation().commit();
      swap();
      ring.time.advance(policy().probeInterval());
      node.tick();
      assertThat(node.status().epoch()).isEqualTo(rotation + 1);
      assertThat(node.health().alarms()).isEmpty();
    }
  }

  /** With no store clock there is no rule (b): the key signs when this node has held it for H. */
  @Test
  void newKey_signedWithInTheEnd() throws IOException {
    RotatingKeySource node = node();
    ring.pass(Duration.ofDays(2), node);
    String first = node.current().issuing().orElseThrow().id();
    ring.custodian.rotation().commit();
    swap();
    ring.pass(Duration.ofHours(25), node);
    assertThat(node.current().issuing().map(SessionKey::id)).isPresent().get().isNotEqualTo(first);
  }

  /** N1: an older document is not taken, and a revoked key stays revoked. */
  @Test
  void mountSetBack_notTaken() throws IOException {
    byte[] old = ring.store.read().orElseThrow().document();
    RotatingKeySource node = node();
    String revoked = node.current().issuing().orElseThrow().id();
    ring.custodian.revocation(Set.of(revoked)).commit();
    swap();
    ring.pass(Duration.ofHours(1), node);
    assertThat(node.current().find(revoked)).isEmpty();
    volume.swap(old);
    ring.pass(Duration.ofHours(1), node);
    assertThat(node.current().find(revoked)).isEmpty();
    assertThat(node.status().epoch()).isEqualTo(2);
    assertThat(node.health().alarms()).containsExactly(KeyRingAlarm.ROLLED_BACK);
  }

  /** I7: a volume that vanishes is an outage; the node goes on, and nothing is generated. */
  @Test
  void mountGone_nodeGoesOn() throws IOException {
    RotatingKeySource node = node();
    volume.unmount();
    ring.pass(Duration.ofHours(1), node);
    assertThat(node.current().issuing()).isPresent();
    assertThat(node.health().alarms()).containsExactly(KeyRingAlarm.UNAVAILABLE);
  }

  @Test
  void mountGone_bootstrapAllowed_failsAndWritesNothing() throws IOException {
    volume.unmount();
    assertThatThrownBy(() -> source().bootstrap("shop", policy()).build())
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNAVAILABLE));
    assertThat(volume.file()).doesNotExist();
  }

  /** A Secret made from an empty file, or a copy that was cut off. */
  @Test
  void mountDamaged_unreadableAndKept() throws IOException {
    RotatingKeySource node = node();
    byte[] whole = ring.store.read().orElseThrow().document();
    for (byte[] damaged :
        new byte[][] {new byte[0], java.util.Arrays.copyOf(whole, whole.length - 5)}) {
      volume.swap(damaged);
      ring.pass(Duration.ofMinutes(10), node);
      assertThat(node.current().issuing()).isPresent();
      assertThat(node.health().alarms()).containsExactly(KeyRingAlarm.UNREADABLE);
      assertThatThrownBy(this::node).isInstanceOf(KeyRingException.class);
    }
  }

  @Test
  void writer_refusedAtTheStart() {
    assertThatThrownBy(() -> source().role(Role.WRITER).build())
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.POLICY))
        .hasMessageContaining("role=writer");
  }

  @Test
  void change_refused() {
    KeyCustodian custodian =
        new KeyCustodian(new MountedKeyRingStore(volume.file()), ring.kek, ring.time);
    assertThatThrownBy(() -> custodian.emergencyRotation().commit())
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.POLICY))
        .hasMessageContaining("mounted read-only");
    assertThat(Files.exists(volume.file())).isTrue();
  }

  private RotatingKeySource node() {
    return source().build();
  }

  private RotatingKeySource.Builder source() {
    return ring.source(new MountedKeyRingStore(volume.file()));
  }

  /** What an operator does after each change: the document as it is in the ring's own store. */
  private void swap() throws IOException {
    volume.swap(ring.store.read().orElseThrow().document());
  }

  private static RotationPolicy policy() {
    return RotationPolicy.of(
        TokenAlgorithm.A256GCM,
        Duration.ofDays(7),
        Duration.ofHours(24),
        Duration.ofHours(24),
        Duration.ofSeconds(120));
  }
}
