package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeySource.Absence;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md (g) 18: a million ids that nobody has, and what they cost the store (I9). */
class IdFloodTest {
  private static final int FLOOD = 1_000_000;

  private final RingFixture ring = new RingFixture();
  private final SeededRandom random = new SeededRandom(1);

  @Test
  void absent_millionForgedIds_noRead() {
    FaultyStore store = started();
    RotatingKeySource node = ring.source(store).build();
    int reads = store.reads;
    KeyId foreign = new KeyId(new byte[32]);
    for (int i = 0; i < FLOOD; i++) {
      // All of one epoch that this ring has had: the one in 65,536 that passes for its own is dead.
      Absence absence = node.absent(foreign.mint(1, random));
      assertThat(absence == Absence.UNKNOWN || absence == Absence.RETIRED).isTrue();
    }
    node.tick();
    assertThat(store.reads).isEqualTo(reads);
  }

  /** An hour, and as many ids in it; the thread is woken as often as it is asked to. */
  @Test
  void absent_millionIdsOfLaterEpochs_oneReadPerProbeInterval() {
    FaultyStore store = started();
    RotatingKeySource node = ring.source(store).build();
    String known = node.current().keyIds().iterator().next();
    RingDocument document = ring.custodian.repository().load().orElseThrow().document();
    int reads = store.reads;
    int seconds = 3_600;
    for (int second = 0; second < seconds; second++) {
      ring.time.advance(Duration.ofSeconds(1));
      for (int i = 0; i < FLOOD / seconds; i++) {
        node.absent(document.keyId().mint(2 + i, random));
      }
      node.tick();
      assertThat(node.current().find(known)).isPresent();
    }
    long intervals = Duration.ofSeconds(seconds).dividedBy(document.policy().probeInterval());
    assertThat(store.reads - reads)
        .isBetween((int) intervals / 2, (int) (intervals + intervals / 4));
  }

  private FaultyStore started() {
    ring.init();
    return new FaultyStore(ring.store);
  }
}
