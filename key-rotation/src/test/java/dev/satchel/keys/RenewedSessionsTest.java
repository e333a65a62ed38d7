package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A session that has another id since: it lives on, and ends with the former id. */
class RenewedSessionsTest extends RevokingNodes {
  /** Sign-out here, and a thief has the token renewed there before there has heard of it. */
  @Test
  void renewed_beforeTheSignOutWasRead_endsToo_andWhatItWasRenewedToElsewhere() {
    RotatingKeySource here = node();
    RotatingKeySource there = node();
    RotatingKeySource third = node();
    SessionState session = drawing(here).create().withSubject("ann");
    revoke(here, session);
    here.tick();
    assertThat(isRevoked(there, session)).isFalse();
    SessionState stolen = renew(there, session);
    SessionState again = renew(there, stolen);
    SessionState elsewhere = renew(third, again);
    assertThat(isRevoked(there, session)).isTrue();
    assertThat(isRevoked(third, elsewhere)).isFalse();
    pass(RotationPolicy.defaults().probeInterval(), there); // hears of the end, and hands it on
    there.tick();
    assertThat(isRevoked(there, stolen)).isTrue();
    assertThat(isRevoked(there, again)).isTrue();
    pass(RotationPolicy.defaults().probeInterval(), third, here);
    assertThat(isRevoked(third, elsewhere)).isTrue();
    third.tick();
    pass(RotationPolicy.defaults().probeInterval(), there, here);
    for (RotatingKeySource node : new RotatingKeySource[] {here, there, third, node()}) {
      for (SessionState each : new SessionState[] {session, stolen, again, elsewhere}) {
        assertThat(isRevoked(node, each)).isTrue();
      }
      assertThat(node.health().alarms()).isEmpty();
    }
  }

  /** Of all the ids that overlapping requests gave it. */
  @Test
  void renewed_thenEndedHere_endsUnderEachNewId() {
    RotatingKeySource node = node();
    SessionState session = drawing(node).create();
    SessionState one = renew(node, session);
    SessionState two = renew(node, session);
    assertThat(isRevoked(node, session)).isTrue();
    assertThat(isRevoked(node, one)).isFalse();
    revoke(node, session);
    assertThat(isRevoked(node, one)).isTrue();
    assertThat(isRevoked(node, two)).isTrue();
    // The end came a moment before this node says that it has renewed.
    SessionState late = drawing(node).create();
    revoke(node, late);
    assertThat(isRevoked(node, renew(node, late))).isTrue();
  }

  /** A new id is no end: not when it is read, not when it is put back, not after a restart. */
  @Test
  void renewed_livesOn() {
    RotatingKeySource here = node();
    RotatingKeySource there = node();
    SessionState session = drawing(here).create();
    SessionState renewed = renew(here, session);
    here.tick();
    SessionState both = renew(there, session); // at the same time
    there.tick();
    pass(Duration.ofSeconds(10), here, there);
    log.setBack(0);
    for (int i = 0; i < 9; i++) {
      pass(Duration.ofSeconds(10), here, there);
    }
    assertThat(log.records).isNotEmpty();
    for (RotatingKeySource node : new RotatingKeySource[] {here, there, node()}) {
      assertThat(isRevoked(node, session)).isTrue();
      assertThat(isRevoked(node, renewed)).isFalse();
      assertThat(isRevoked(node, both)).isFalse();
    }
  }
}
