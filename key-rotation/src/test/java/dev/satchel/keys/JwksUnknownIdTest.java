package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.Decoded;
import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.KeySource.Absence;
import dev.satchel.Rejection;
import dev.satchel.TokenAlgorithm;
import dev.satchel.TokenCodec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md (c) row 6, the reading side: ids that are not in the set, or no longer. */
class JwksUnknownIdTest extends JwksSourceFixture {
  /** The rule of N6 without the lineage key: not yet known until asked late enough. */
  @Test
  void absent_unknownId_askedForOnceThenUnknown() {
    server.serves(set(jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      assertThat(gate.absent("new")).isEqualTo(Absence.NOT_YET_KNOWN);
      gate.tick();
      assertThat(server.requests).hasSize(2);
      assertThat(server.requests.get(1).getFirst("Cache-Control")).isEqualTo("no-cache");
      // The publisher's own view may be 70 seconds old.
      assertThat(gate.absent("new")).isEqualTo(Absence.NOT_YET_KNOWN);
      time.advance(Duration.ofSeconds(69));
      assertThat(gate.absent("new")).isEqualTo(Absence.NOT_YET_KNOWN);
      gate.tick();
      time.advance(Duration.ofSeconds(10));
      assertThat(gate.absent("new")).isEqualTo(Absence.NOT_YET_KNOWN);
      gate.tick();
      assertThat(gate.absent("new")).isEqualTo(Absence.UNKNOWN);
      int asked = server.requests.size();
      for (int i = 0; i < 100; i++) {
        assertThat(gate.absent("new")).isEqualTo(Absence.UNKNOWN);
      }
      gate.tick();
      assertThat(server.requests).hasSize(asked);
    }
  }

  /** What a cache says is as old as it says: it proves nothing about an id that came up since. */
  @Test
  void absent_answersFromACache_countFromTheirAge() {
    server.serves(set(jwk(ONE)), "Age", "600");
    try (JwksKeySource gate = server.source(time).build()) {
      for (int i = 0; i < 60; i++) {
        assertThat(gate.absent("new")).isEqualTo(Absence.NOT_YET_KNOWN);
        time.advance(Duration.ofSeconds(10));
        gate.tick();
      }
      assertThat(gate.health().alarms()).isEmpty();
    }
  }

  /** jwks-rsa #173 and ruby-jwt #499: a flood of forged ids neither floods nor starves. */
  @Test
  void absent_floodOfForgedIds_oneFetchPerTick_honestUsersServed() {
    server.serves(set(jwk(ONE)), "Cache-Control", "max-age=300");
    try (JwksKeySource gate = server.source(time).build()) {
      int before = server.requests.size();
      for (int second = 0; second < 100; second++) {
        for (int i = 0; i < 10_000; i++) {
          gate.absent("f" + second + "-" + i);
          if (i % 1000 == 0) {
            gate.tick();
          }
        }
        time.advance(Duration.ofSeconds(1));
      }
      // A million ids: one fetch per ten seconds. None of the scheduled ones was due.
      assertThat(server.requests.size() - before).isEqualTo(10);
      // In the middle of it an honest user comes with a key that is published by now.
      server.serves(set(jwk(ONE), jwk(TWO)));
      for (int second = 0; second < 10; second++) {
        for (int i = 0; i < 1000; i++) {
          gate.absent("g" + second + "-" + i);
        }
        gate.tick();
        time.advance(Duration.ofSeconds(1));
      }
      assertThat(gate.current().find("two")).isPresent();
      assertThat(server.requests.size() - before).isEqualTo(11);
    }
  }

  /** The other way round: forged ids do not use up the scheduled fetches. */
  @Test
  void tick_flood_scheduledFetchesGoOn() {
    server.serves(set(jwk(ONE)), "Cache-Control", "max-age=60");
    try (JwksKeySource gate = server.source(time).build()) {
      gate.absent("forged");
      gate.tick();
      gate.absent("forged2");
      time.advance(Duration.ofSeconds(60));
      gate.tick();
      assertThat(server.requests).hasSize(3);
    }
  }

  @Test
  void tick_keyGoneFromTheSet_retiredAtOnce() {
    server.serves(set(jwk(ONE), jwk(TWO)));
    TokenCodec issuer = codec(KeySource.of(KeyRing.of(ONE)));
    String token = issuer.encode(issuer.create());
    try (JwksKeySource gate = server.source(time).build()) {
      assertThat(codec(gate).decode(token)).isInstanceOf(Decoded.Accepted.class);
      server.serves(set(jwk(TWO)));
      gate.refresh();
      int asked = server.requests.size();
      assertThat(codec(gate).decode(token))
          .isInstanceOfSatisfying(
              Decoded.Rejected.class,
              rejected -> assertThat(rejected.reason()).isEqualTo(Rejection.RETIRED_KEY));
      assertThat(gate.absent("one")).isEqualTo(Absence.RETIRED);
      gate.tick();
      assertThat(server.requests).hasSize(asked);
      // Somebody put it back: it counts again, as the publisher says.
      server.serves(set(jwk(ONE), jwk(TWO)));
      gate.refresh();
      assertThat(codec(gate).decode(token)).isInstanceOf(Decoded.Accepted.class);
    }
  }

  /** Memory of what was removed is bounded, whatever a publisher does. */
  @Test
  void tick_setChangesForEver_boundedMemory() {
    server.serves(set(jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      for (int i = 0; i < 300; i++) {
        server.serves(set(jwk(key("k" + i, TokenAlgorithm.ED25519, i))));
        gate.refresh();
      }
      assertThat(gate.absent("k298")).isEqualTo(Absence.RETIRED);
      assertThat(gate.absent("k44")).isEqualTo(Absence.RETIRED);
      assertThat(gate.absent("one")).isEqualTo(Absence.NOT_YET_KNOWN);
    }
  }

  /** A ring is complete up to its epoch: ids of before need nobody to be asked. */
  @Test
  void absent_idOfARingsPast_retiredWithoutAFetch() {
    KeyId ids = new KeyId(new byte[32]);
    server.serves(marked(LINEAGE, 7, jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      assertThat(gate.health().epoch()).isEqualTo(7);
      assertThat(gate.absent(ids.mint(7, new SeededRandom(1)))).isEqualTo(Absence.RETIRED);
      gate.tick();
      assertThat(server.requests).hasSize(1);
      assertThat(gate.absent(ids.mint(8, new SeededRandom(1)))).isEqualTo(Absence.NOT_YET_KNOWN);
      gate.tick();
      assertThat(server.requests).hasSize(2);
    }
  }

  /** A ring of long intervals: what its nodes do not know yet is not nobody's. */
  @Test
  void absent_ringWithALongLag_notYetKnownForSoLong() {
    String id = new KeyId(new byte[32]).mint(8, new SeededRandom(1));
    server.serves(marked(new RingMark(LINEAGE, 7, Duration.ofMinutes(10)), jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      assertThat(gate.absent(id)).isEqualTo(Absence.NOT_YET_KNOWN);
      passInSeconds(gate, 590);
      assertThat(gate.absent(id)).isEqualTo(Absence.NOT_YET_KNOWN);
      passInSeconds(gate, 30);
      gate.refresh();
      assertThat(gate.absent(id)).isEqualTo(Absence.UNKNOWN);
    }
  }

  /** Whoever serves the set does not decide that forged ids are asked for without end. */
  @Test
  void mark_longLag_isTakenAsADay() {
    server.serves(marked(new RingMark(LINEAGE, 7, Duration.ofDays(4000)), jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      String id = new KeyId(new byte[32]).mint(8, new SeededRandom(1));
      assertThat(gate.absent(id)).isEqualTo(Absence.NOT_YET_KNOWN);
      time.advance(Duration.ofDays(1));
      gate.refresh();
      assertThat(gate.absent(id)).isEqualTo(Absence.UNKNOWN);
    }
  }
}
