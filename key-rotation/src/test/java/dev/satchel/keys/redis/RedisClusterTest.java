package dev.satchel.keys.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStore.Commit;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of two, of which the one that is asked has no slot. */
class RedisClusterTest {
  /** The number of slots by the specification of Redis Cluster. */
  private static final int SLOTS = 16_384;

  @TempDir Path temp;

  @Test
  @Timeout(60)
  void cluster_ringOnAnotherNode_found() throws InterruptedException {
    try (RealRedis all = node("all");
        RealRedis none = node("none")) {
      String[] assign =
          Stream.concat(
                  Stream.of("CLUSTER", "ADDSLOTS"),
                  IntStream.range(0, SLOTS).mapToObj(Integer::toString))
              .toArray(String[]::new);
      assertThat(all.say(assign)).isEqualTo("+OK");
      assertThat(none.say("CLUSTER", "MEET", "127.0.0.1", Integer.toString(all.port())))
          .isEqualTo("+OK");
      awaitAgreement(all);
      awaitAgreement(none);

      try (KeyRingStore store = new RedisKeyRingStore(none.location("shop"))) {
        assertThat(store.read()).isEmpty();
        assertThat(store.compareAndSet(KeyRingStore.ABSENT, "one".getBytes(UTF_8)))
            .isEqualTo(Commit.COMMITTED);
        assertThat(store.compareAndSet(KeyRingStore.ABSENT, "two".getBytes(UTF_8)))
            .isEqualTo(Commit.CONFLICT);
        assertThat(store.probe()).hasValue(1);
        assertThat(store.time()).isPresent();
        assertThat(store.findings()).anyMatch(finding -> finding.contains("nothing on disk"));
      }
      assertThat(all.say("EXISTS", "shop")).isEqualTo(":1");
    }
  }

  private RealRedis node(String name) {
    return new RealRedis(temp, "--cluster-enabled", "yes", "--cluster-config-file", name + ".conf");
  }

  /** Nodes talk to each other in their own time. */
  private static void awaitAgreement(RealRedis node) throws InterruptedException {
    while (!"cluster_state:ok".equals(node.say("CLUSTER", "INFO"))) {
      Thread.sleep(20);
    }
  }
}
