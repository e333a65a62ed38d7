package dev.satchel.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.keys.KeyRingStore.Commit;
import dev.satchel.keys.KeyRingStore.Stored;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store does. Each implementation has a test class that implements this interface. */
public interface KeyRingStoreContract extends StoredRingContract {

  @Test
  default void read_nothingCommitted_isDefinitelyAbsent() throws Exception {
    assertThat(store().read()).isEmpty();
    assertThat(store().probe()).isEmpty();
  }

  @Test
  default void compareAndSet_absent_creates() throws Exception {
    assertThat(store().compareAndSet(KeyRingStore.ABSENT, bytes("one")))
        .isEqualTo(Commit.COMMITTED);
    assertThat(document(store())).isEqualTo("one");
    assertThat(store().read().orElseThrow().revision()).isEqualTo(1);
    assertThat(store().probe()).hasValue(1);
  }

  @Test
  default void compareAndSet_createTwice_firstStays() throws Exception {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    assertThat(store().compareAndSet(KeyRingStore.ABSENT, bytes("two"))).isEqualTo(Commit.CONFLICT);
    assertThat(document(store())).isEqualTo("one");
  }

  @Test
  default void compareAndSet_currentRevision_replaces() throws Exception {
    KeyRingStore store = store();
    store.compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    assertThat(store.compareAndSet(1, bytes("two"))).isEqualTo(Commit.COMMITTED);
    assertThat(document(store())).isEqualTo("two");
    assertThat(store.probe()).hasValue(2);
  }

  @Test
  default void compareAndSet_otherRevision_changesNothing() throws Exception {
    KeyRingStore store = store();
    assertThat(store.compareAndSet(1, bytes("none to replace"))).isEqualTo(Commit.CONFLICT);
    assertThat(store.read()).isEmpty();
    store.compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    store.compareAndSet(1, bytes("two"));
    assertThat(store.compareAndSet(1, bytes("too late"))).isEqualTo(Commit.CONFLICT);
    assertThat(store.compareAndSet(3, bytes("too early"))).isEqualTo(Commit.CONFLICT);
    assertThat(document(store())).isEqualTo("two");
  }

  @Test
  default void read_anyBytes_comeBackExactly() throws Exception {
    byte[] document = new byte[200_000];
    new SeededRandom(7).nextBytes(document);
    store().compareAndSet(KeyRingStore.ABSENT, document);
    assertThat(store().read().orElseThrow().document()).isEqualTo(document);
  }

  @Test
  default void document_changedByCaller_staysAsCommitted() throws Exception {
    KeyRingStore store = store();
    byte[] given = bytes("one");
    store.compareAndSet(KeyRingStore.ABSENT, given);
    Arrays.fill(given, (byte) 0);
    Arrays.fill(store.read().orElseThrow().document(), (byte) 0);
    assertThat(document(store)).isEqualTo("one");
  }

  @Test
  default void committedAt_ofStoresWithAClock_isByThatClock() throws Exception {
    KeyRingStore store = store();
    store.compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    Stored first = store.read().orElseThrow();
    if (store.time().isEmpty() || first.committedAt().isEmpty()) {
      return;
    }
    Instant now = store.time().orElseThrow();
    assertThat(first.committedAt().orElseThrow())
        .isBetween(now.minus(Duration.ofMinutes(1)), now.plusSeconds(1));
    store.compareAndSet(1, bytes("two"));
    assertThat(store.read().orElseThrow().committedAt().orElseThrow())
        .isAfterOrEqualTo(first.committedAt().orElseThrow());
  }

  @Test
  default void compareAndSet_manyInARow_newestCounts() throws Exception {
    KeyRingStore store = store();
    for (int i = 0; i < 25; i++) {
      assertThat(store.compareAndSet(i, bytes("document " + i))).isEqualTo(Commit.COMMITTED);
    }
    assertThat(document(store())).isEqualTo("document 24");
    assertThat(store.compareAndSet(3, bytes("long past"))).isEqualTo(Commit.CONFLICT);
    assertThat(store.probe()).hasValue(25);
  }

  /** PROTOCOL.md (g) 4: exactly one lineage, one document of epoch 1. */
  @Test
  default void bootstrap_crowdAtOnce_oneRing() throws Exception {
    List<Object> outcomes =
        StoredRingContract.crowd(
            i -> {
              KeyCustodian custodian = custodian(i);
              try {
                return attempted(custodian.creation("shop", RotationPolicy.defaults()));
              } catch (KeyRingException e) {
                return e.reason();
              }
            });
    assertThat(outcomes).filteredOn(Commit.COMMITTED::equals).hasSize(1);
    assertThat(new HashSet<>(outcomes))
        .isSubsetOf(Commit.COMMITTED, Commit.CONFLICT, KeyRingException.Reason.EXISTS);
    assertThat(custodian(0).status().epoch()).isEqualTo(1);
    assertThat(custodian(0).status().keys()).hasSize(1);
  }

  /** PROTOCOL.md (g) 5: the epoch grows by one, whoever wins. */
  @Test
  default void rotation_crowdAtOnce_oneKey() throws Exception {
    custodian(0).creation("shop", RotationPolicy.defaults()).commit();
    ManualTime later = new ManualTime();
    later.setWall(Instant.now().plus(Duration.ofDays(8)));
    List<Object> outcomes =
        StoredRingContract.crowd(
            i -> {
              KeyCustodian custodian =
                  new KeyCustodian(
                      new WithoutClock(store()),
                      KeyEncryptionKey.insecurePlaintext(),
                      null,
                      later,
                      new SeededRandom(i));
              try {
                return attempted(custodian.rotation());
              } catch (KeyRingException e) {
                return e.reason();
              }
            });
    assertThat(outcomes).filteredOn(Commit.COMMITTED::equals).hasSize(1);
    assertThat(new HashSet<>(outcomes))
        .isSubsetOf(Commit.COMMITTED, Commit.CONFLICT, KeyRingException.Reason.POLICY);
    assertThat(custodian(0).status().epoch()).isEqualTo(2);
    assertThat(custodian(0).status().keys()).hasSize(2);
  }

  /** No update is lost, and none is applied twice. */
  @Test
  default void compareAndSet_crowdCounting_everyCommitCounts() throws Exception {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("0"));
    List<Object> commits =
        StoredRingContract.crowd(
            i -> {
              KeyRingStore store = store();
              int committed = 0;
              int unknown = 0;
              for (int attempt = 0; attempt < 10; attempt++) {
                Stored seen = store.read().orElseThrow();
                int count = Integer.parseInt(new String(seen.document(), UTF_8));
                byte[] next = bytes(Integer.toString(count + 1));
                Commit outcome = store.compareAndSet(seen.revision(), next);
                committed += outcome == Commit.COMMITTED ? 1 : 0;
                unknown += outcome == Commit.UNKNOWN ? 1 : 0;
              }
              return new int[] {committed, unknown};
            });
    int committed = commits.stream().mapToInt(each -> ((int[]) each)[0]).sum();
    int unknown = commits.stream().mapToInt(each -> ((int[]) each)[1]).sum();
    // Unknown is what it says: whoever slept through eight commits may have made one of them.
    int counted = Integer.parseInt(document(store()));
    assertThat(counted).isBetween(committed, committed + unknown);
    assertThat(store().probe()).hasValue(counted + 1);
  }

  /** N7: a key that lost its race must not outlive it, and one that won is there to be used. */
  private static Commit attempted(RingChange change) {
    Commit outcome = change.attempt();
    for (RingKey key : change.document().keys()) {
      if (outcome == Commit.CONFLICT && key.epoch() == change.document().epoch()) {
        assertThatThrownBy(key.material()::toSecretJwk).hasMessageContaining("was destroyed");
      } else {
        assertThat(key.material().toSecretJwk()).isNotEmpty();
      }
    }
    return outcome;
  }

  private KeyCustodian custodian(int seed) throws Exception {
    return new KeyCustodian(
        store(),
        KeyEncryptionKey.insecurePlaintext(),
        null,
        InstantSource.system(),
        new SeededRandom(seed));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String document(KeyRingStore store) {
    return new String(store.read().orElseThrow().document(), UTF_8);
  }
}
