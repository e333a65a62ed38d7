package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Found by the simulation, scenario CLOCK_SET: what a wall clock said, and what it was set to. */
class IssueClockSetTest {
  private static final RotationPolicy POLICY = RotationPolicy.defaults();

  private final RingFixture ring = new RingFixture();
  private Duration ahead = Duration.ZERO;

  private RotatingKeySource source() {
    return ring.source().clock(() -> ring.time.instant().plus(ahead)).build();
  }

  /** The latest end of a token that is made now, if the store was read now (N4). */
  private Instant allowed() {
    return ring.time.instant().plus(POLICY.lead()).plus(POLICY.retention());
  }

  /** N4: the last read was at a date of the wrong clock, a day too late. */
  @Test
  void latestExpiry_clockSetBackSinceTheRead_goesByTheClockAsItIs() {
    ring.init();
    ahead = Duration.ofDays(1);
    RotatingKeySource node = source();
    Instant allowed = allowed();
    node.current();
    ahead = Duration.ZERO;
    assertThat(node.current().latestExpiry().orElseThrow()).isBefore(allowed);
  }

  /** The same, and so little that no moment of the right clock is before those of the wrong one. */
  @Test
  void latestExpiry_clockSetBackALittle_isFoundAgain() {
    ring.init();
    ahead = Duration.ofMinutes(30);
    RotatingKeySource node = source();
    Instant allowed = allowed();
    node.current();
    ring.time.advance(Duration.ofHours(1));
    ahead = Duration.ZERO;
    assertThat(node.current().latestExpiry().orElseThrow()).isBefore(allowed);
  }

  /** N3(b): the clock agreed with the store's, and is another one since. */
  @Test
  void youngNode_clockSetAheadSinceItWasCompared_provesNoDates() {
    String first = ring.init().keys().get(0).id();
    ring.time.advance(POLICY.period().minus(POLICY.lead()));
    ring.custodian.rotation().commit();
    RotatingKeySource node = source();
    assertThat(node.health().clockOffset()).contains(Duration.ZERO);
    ahead = POLICY.lead().plus(Duration.ofMinutes(10));
    assertThat(node.current().issuing().map(SessionKey::id)).contains(first);
  }

  /** I4: a date to fall back on has not come because somebody set the clock. */
  @Test
  void fallback_clockSetAhead_isNotAKeyOfTomorrow() {
    String first = ring.init().keys().get(0).id();
    ring.time.advance(POLICY.period().minus(POLICY.lead()));
    ring.custodian.rotation().commit();
    String second = ring.custodian.status().keys().get(1).id();
    RotatingKeySource node = source();
    ahead = POLICY.lead().plus(POLICY.retention());
    assertThat(node.current().find(first)).as("expired by that clock").isEmpty();
    assertThat(node.current().issuing().map(SessionKey::id)).isNotEqualTo(second).isEmpty();
  }

  /** A frozen process takes its monotonic clock along: it looks before it goes on for long. */
  @Test
  void tick_clocksOutOfStep_readsInPlaceOfAProbe() {
    ring.init();
    FaultyStore store = new FaultyStore(ring.store);
    RotatingKeySource node =
        ring.source(store).clock(() -> ring.time.instant().plus(ahead)).build();
    ahead = Duration.ofHours(3);
    int before = store.reads;
    ring.time.advance(POLICY.probeInterval());
    node.tick();
    assertThat(store.reads).isEqualTo(before + 1);
    ring.time.advance(POLICY.probeInterval());
    node.tick();
    assertThat(store.reads).as("once").isEqualTo(before + 1);
  }
}
