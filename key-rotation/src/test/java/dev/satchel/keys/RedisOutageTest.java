package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionKey;
import dev.satchel.keys.RotatingKeySource.Role;
import dev.satchel.keys.redis.RealRedis;
import dev.satchel.keys.redis.RedisKeyRingStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PROTOCOL.md b.6 with a real server: what happens to it, and what nodes do meanwhile. */
class RedisOutageTest {
  @TempDir Path temp;

  private final RingFixture ring = new RingFixture();
  private RealRedis redis;
  private RotatingKeySource reader;
  private RotatingKeySource writer;
  private KeyRingStore store;
  private KeyCustodian custodian;
  private KeyRingStatus created;

  @BeforeEach
  void ringAndNodes() {
    ring.time.setWall(Instant.now()); // the server has its own clock
    redis = new RealRedis(temp);
    store = store();
    custodian = new KeyCustodian(store, ring.kek, null, ring.time, new SeededRandom(2));
    created = custodian.creation("shop", RotationPolicy.defaults()).commit();
    reader = ring.source(store()).build();
    writer = ring.source(store()).role(Role.WRITER).build();
    assertThat(reader.health().alarms()).isEmpty();
  }

  @AfterEach
  void stop() {
    store.close();
    reader.close();
    writer.close();
    redis.close();
  }

  private KeyRingStore store() {
    return new RedisKeyRingStore(redis.location("shop"));
  }

  @Test
  void killedAndRestarted_nodesGoOnAndComeBack() {
    assertThat(redis.say("SAVE")).isEqualTo("+OK");
    redis.kill();
    for (int i = 0; i < 5; i++) {
      pass(Duration.ofSeconds(61));
      assertThat(signingKey(reader)).isEqualTo(firstKey());
      assertThat(signingKey(writer)).isEqualTo(firstKey());
    }
    assertThat(reader.health().alarms()).containsExactly(KeyRingAlarm.UNAVAILABLE);
    redis.start();
    pass(Duration.ofSeconds(61));
    assertThat(reader.health().alarms()).isEmpty();
    assertThat(writer.health().alarms()).isEmpty();
    assertThat(custodian.status().epoch()).isEqualTo(1);
  }

  /** Persistence is off, and the server starts empty: as with FLUSHALL. */
  @Test
  void killedAndRestartedEmpty_writerPutsTheSameRingBack() {
    redis.kill();
    pass(Duration.ofSeconds(61));
    redis.start();
    healsFromNothing();
  }

  @Test
  void wiped_writerPutsTheSameRingBack() {
    assertThat(redis.say("FLUSHALL")).isEqualTo("+OK");
    healsFromNothing();
  }

  private void healsFromNothing() {
    pass(Duration.ofSeconds(61));
    assertThat(reader.health().alarms()).contains(KeyRingAlarm.WIPED);
    assertThat(signingKey(reader)).isEqualTo(firstKey());
    assertThat(redis.say("EXISTS", "shop")).as("once proves nothing").isEqualTo(":0");
    for (int i = 0; i < 5; i++) {
      pass(Duration.ofSeconds(61));
    }
    assertThat(reader.health().alarms()).isEmpty();
    assertThat(custodian.status().lineage()).isEqualTo(created.lineage());
    assertThat(signingKey(reader)).isEqualTo(firstKey());
  }

  /** A dump from before a key was published and another revoked: neither is forgotten. */
  @Test
  void olderDumpRestored_writerCommitsTheUnion() {
    assertThat(redis.say("SAVE")).isEqualTo("+OK");
    custodian.emergencyRotation().commit();
    custodian.revocation(java.util.Set.of(firstKey())).commit();
    pass(Duration.ofSeconds(61));
    assertThat(reader.current().find(firstKey())).isEmpty();
    pass(Duration.ofMinutes(5));
    redis.kill();
    redis.start();
    assertThat(custodian.status().epoch()).isEqualTo(1);
    ring.time.advance(Duration.ofSeconds(61)); // else it could be a replica that lags
    reader.tick();
    assertThat(reader.health().alarms()).contains(KeyRingAlarm.ROLLED_BACK);
    assertThat(reader.current().find(firstKey())).as("revoked is revoked").isEmpty();
    for (int i = 0; i < 5; i++) {
      pass(Duration.ofSeconds(61));
    }
    assertThat(reader.health().alarms()).isEmpty();
    assertThat(custodian.status().epoch()).isGreaterThan(3);
    assertThat(custodian.status().keys())
        .anySatisfy(
            key -> {
              assertThat(key.id()).isEqualTo(firstKey());
              assertThat(key.phase()).isEqualTo(KeyPhase.REVOKED);
            });
    assertThat(signingKey(reader)).isEqualTo(signingKey(writer)).isNotEqualTo(firstKey());
  }

  private void pass(Duration duration) {
    ring.time.advance(duration);
    reader.tick();
    writer.tick();
  }

  private String firstKey() {
    return created.keys().get(0).id();
  }

  private static String signingKey(RotatingKeySource node) {
    return node.current().issuing().map(SessionKey::id).orElse("none");
  }
}
