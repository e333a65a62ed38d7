package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.Revocation.Kind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a node remembers of sessions that it gave another id. */
class RenewalsTest {
  private final AtomicLong nanos = new AtomicLong();

  private static Revocation renewed(long id) {
    return new Revocation(Kind.RENEWED, id, id, 10);
  }

  private static Revocation ended(long id) {
    return new Revocation(Kind.SESSION, id, id, 10);
  }

  @Test
  void oldest_goFirst() {
    var renewals = new Renewals(nanos::get, 3);
    for (int i = 1; i <= 4; i++) {
      renewals.add(renewed(i), ended(100 + i));
    }
    assertThat(renewals.size()).isEqualTo(3);
    assertThat(renewals.of(ended(1))).isEmpty();
    assertThat(renewals.of(ended(4))).containsExactly(ended(104));
    assertThat(renewals.of(renewed(4))).isEmpty();
  }

  /** The bound counts renewals, however many there are of one id. */
  @Test
  void ofOneId_areBoundedToo() {
    var renewals = new Renewals(nanos::get, 3);
    for (int i = 1; i <= 9; i++) {
      renewals.add(renewed(1), ended(100 + i));
      assertThat(renewals.size()).isLessThanOrEqualTo(3);
    }
    renewals.add(renewed(2), ended(200));
    assertThat(renewals.of(ended(2))).containsExactly(ended(200));
  }

  @Test
  void goAfterTenMinutes() {
    var renewals = new Renewals(nanos::get);
    renewals.add(renewed(1), ended(101));
    nanos.addAndGet(Duration.ofMinutes(10).toNanos());
    renewals.add(renewed(2), ended(102));
    assertThat(renewals.of(ended(1))).containsExactly(ended(101));
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    renewals.add(renewed(3), ended(103));
    assertThat(renewals.of(ended(1))).isEmpty();
    assertThat(renewals.size()).isEqualTo(2);
  }
}
