package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeySource.Absence;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** N6: what a node says of keys that it does not have. */
class UnknownKeysTest {
  private final RingFixture ring = new RingFixture();
  private final FaultyStore store = new FaultyStore(ring.store);

  /** N6. */
  @Test
  void absent_forgedAndRetired_noRead() {
    String first = ring.init().keys().get(0).id();
    RotatingKeySource node = ring.source(store).build();
    ring.custodian.revocation(Set.of(first)).commit();
    node.refresh();
    int reads = store.reads;
    SeededRandom random = new SeededRandom(1);
    byte[] other = new byte[32];
    KeyId foreign = new KeyId(other);
    int unknown = 0;
    for (int i = 0; i < 5_000; i++) {
      unknown += node.absent(foreign.mint(9, random)) == Absence.UNKNOWN ? 1 : 0;
    }
    assertThat(unknown).isGreaterThan(4_990);
    assertThat(node.absent(first)).isEqualTo(Absence.RETIRED);
    assertThat(node.absent("x")).isEqualTo(Absence.UNKNOWN);
    assertThat(store.reads).isEqualTo(reads);
  }

  /** N6, I9; auth0/jwks-rsa-java #173: bogus ids must not use up anybody's reads. */
  @Test
  void absent_floodOfFutureIds_oneReadPerProbeInterval() {
    ring.init();
    RotatingKeySource node = ring.source(store).build();
    KeyId ids = ring.custodian.repository().load().orElseThrow().document().keyId();
    SeededRandom random = new SeededRandom(1);
    int reads = store.reads;
    for (int second = 0; second < 30; second++) {
      ring.time.advance(Duration.ofSeconds(1));
      for (int i = 0; i < 200; i++) {
        assertThat(node.absent(ids.mint(2 + i, random))).isEqualTo(Absence.NOT_YET_KNOWN);
      }
      node.tick();
    }
    assertThat(store.reads - reads).isBetween(2, 4);
  }

  /** A future id is refused once the ring was read after it was seen, and not before. */
  @Test
  void absent_futureIdAndStoreRead_unknown() {
    ring.init();
    RotatingKeySource node = ring.source(store).build();
    KeyId ids = ring.custodian.repository().load().orElseThrow().document().keyId();
    String future = ids.mint(2, new SeededRandom(3));
    assertThat(node.absent(future)).isEqualTo(Absence.NOT_YET_KNOWN);
    store.down = true;
    ring.time.advance(Duration.ofMinutes(5));
    node.tick();
    assertThat(node.absent(future)).as("nobody could look").isEqualTo(Absence.NOT_YET_KNOWN);
    store.down = false;
    ring.time.advance(Duration.ofMinutes(5));
    node.tick();
    assertThat(node.absent(future)).isEqualTo(Absence.UNKNOWN);
  }

  /** The refresh that a request asks for finds the key of an emergency. */
  @Test
  void absent_emergencyKey_foundByTheNextTick() {
    String first = ring.init().keys().get(0).id();
    RotatingKeySource node = ring.source(store).build();
    String forced = ring.custodian.revocation(Set.of(first)).commit().keys().get(0).id();
    assertThat(node.absent(forced)).isEqualTo(Absence.NOT_YET_KNOWN);
    ring.time.advance(Duration.ofMillis(1));
    node.tick();
    assertThat(node.current().find(forced)).isPresent();
    assertThat(node.current().find(first)).isEmpty();
    // Between a caller's look at the ring and its question, the key may have come.
    assertThat(node.absent(forced)).isEqualTo(Absence.NOT_YET_KNOWN);
  }
}
