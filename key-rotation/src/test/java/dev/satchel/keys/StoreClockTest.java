package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionKey;
import dev.satchel.keys.RotatingKeySource.Role;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node knows of its store's clock, and what that is worth. */
class StoreClockTest {
  private final RingFixture ring = new RingFixture();
  private final FaultyStore store = new FaultyStore(ring.store);

  @Test
  void clockOff_alarm() {
    ring.init();
    InstantSource ahead = () -> ring.time.instant().plus(Duration.ofMinutes(5));
    RotatingKeySource node = ring.source(store).clock(ahead).build();
    node.tick();
    assertThat(node.health().alarms()).contains(KeyRingAlarm.CLOCK_SKEW);
    assertThat(node.health().clockOffset()).contains(Duration.ofMinutes(5));
  }

  /** A comparison that failed or took too long says nothing about a clock: it is asked again. */
  @ParameterizedTest
  @CsvSource({"READER,fails", "WRITER,fails", "READER,slow", "WRITER,slow"})
  void start_clocksNotCompared_signsAfterTheNextRead(Role role, String how) {
    ring.init();
    RotatingKeySource writer = ring.source().role(Role.WRITER).build();
    ring.pass(Duration.ofDays(9), writer); // scheduled keys only
    Odd odd = new Odd(ring.store, ring.time, how);
    RotatingKeySource node = ring.source(odd).role(role).build();
    odd.how = "";
    assertThat(node.health().alarms()).doesNotContain(KeyRingAlarm.CLOCK_SKEW);
    ring.time.advance(Duration.ofSeconds(61));
    node.tick();
    assertThat(node.current().issuing().map(SessionKey::id))
        .isEqualTo(writer.current().issuing().map(SessionKey::id));
    assertThat(node.health().alarms()).isEmpty();
  }

  /** B13: without a clock to compare with, a date proves nothing; a key there still is. */
  @Test
  void start_storeWithoutAClock_signs() {
    ring.init();
    RotatingKeySource writer = ring.source().role(Role.WRITER).build();
    ring.pass(Duration.ofDays(9), writer);
    RotatingKeySource node = ring.source(new Odd(ring.store, ring.time, "none")).build();
    assertThat(node.current().issuing()).isPresent();
    assertThat(node.health().alarms()).isEmpty();
    assertThat(node.health().clockOffset()).isEmpty();
  }

  /** For a directory, asking the time is a write. */
  @Test
  void reads_manyWithATrustedClock_doNotAskForTheTime() {
    ring.init();
    Odd odd = new Odd(ring.store, ring.time, "");
    RotatingKeySource node = ring.source(odd).role(Role.WRITER).build();
    KeyCustodian custodian = new KeyCustodian(odd, ring.kek, null, ring.time, new SeededRandom(3));
    int asked = odd.asked;
    for (int i = 0; i < 30; i++) {
      ring.time.advance(Duration.ofSeconds(60));
      node.tick();
      custodian.status();
      custodian.publicKeys();
    }
    assertThat(odd.asked).isEqualTo(asked);
  }

  /** A store with something about its clock. */
  private static final class Odd extends PassingStore {
    private final ManualTime time;
    private String how;
    private int asked;

    Odd(KeyRingStore store, ManualTime time, String how) {
      super(store);
      this.time = time;
      this.how = how;
    }

    @Override
    public Optional<Instant> time() {
      asked++;
      switch (how) {
        case "fails":
          throw new KeyRingException(KeyRingException.Reason.UNAVAILABLE, "no time");
        case "slow":
          time.advance(Duration.ofSeconds(90));
          return super.time();
        case "none":
          return Optional.empty();
        default:
          return super.time();
      }
    }
  }
}
