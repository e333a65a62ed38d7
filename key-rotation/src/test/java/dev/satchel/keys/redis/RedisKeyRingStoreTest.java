package dev.satchel.keys.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingException.Reason;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStore.Commit;
import dev.satchel.keys.KeyRingStoreContract;
import dev.satchel.keys.NodeReports;
import dev.satchel.keys.NodeReportsContract;
import dev.satchel.keys.PassingStore;
import dev.satchel.keys.RevocationLog;
import dev.satchel.keys.RevocationLogContract;
import dev.satchel.keys.RotationPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a real server. */
class RedisKeyRingStoreTest
    implements KeyRingStoreContract, NodeReportsContract, RevocationLogContract {
  @TempDir static Path temp;
  private static RealRedis redis;

  private final String key = "ring:" + UUID.randomUUID();
  private final ConcurrentLinkedQueue<KeyRingStore> opened = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void start() {
    redis = new RealRedis(temp);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @AfterEach
  void closeAll() {
    opened.forEach(KeyRingStore::close);
  }

  @Override
  public KeyRingStore store() {
    return store(redis.location(key));
  }

  private KeyRingStore store(URI location) {
    KeyRingStore store = new RedisKeyRingStore(location);
    opened.add(store);
    return store;
  }

  private KeyRingStore storeAs(String credentials) {
    return store(RealRedis.location(credentials + "@", redis.port(), key));
  }

  /** I7: what is no ring is not "no ring". */
  @Test
  void read_keyOfAnotherKind_unreadable() {
    redis.say("SET", key, "somebody's");
    assertReason(Reason.UNREADABLE, () -> store().read()).hasMessageContaining("is not a ring");
    assertReason(Reason.UNREADABLE, () -> store().probe());
    assertReason(Reason.UNREADABLE, () -> store().compareAndSet(KeyRingStore.ABSENT, bytes("x")));
    assertThat(redis.say("GET", key)).isEqualTo("somebody's");
  }

  @Test
  void read_hashWithoutWhatARingHas_unreadable() {
    redis.say("HSET", key, "document", "d");
    assertReason(Reason.UNREADABLE, () -> store().read());
    assertReason(Reason.UNREADABLE, () -> store().compareAndSet(KeyRingStore.ABSENT, bytes("x")));
    for (String revision :
        new String[] {"", "0", "-1", "01", "1.0", "one", "9999999999999999999"}) {
      redis.say("HSET", key, "revision", revision, "document", "d", "committed", "1");
      assertReason(Reason.UNREADABLE, () -> store().read());
      assertReason(Reason.UNREADABLE, () -> store().probe());
    }
    redis.say("HSET", key, "revision", "1", "committed", "yesterday");
    assertReason(Reason.UNREADABLE, () -> store().read());
    redis.say("HDEL", key, "committed");
    assertReason(Reason.UNREADABLE, () -> store().read());
    redis.say("HSET", key, "committed", "1");
    redis.say("HDEL", key, "document");
    assertReason(Reason.UNREADABLE, () -> store().read());
  }

  @Test
  void size_beyondAMebibyte_neitherReadNorWritten() {
    KeyRingStore store = store();
    byte[] most = new byte[1024 * 1024];
    assertThat(store.compareAndSet(KeyRingStore.ABSENT, most)).isEqualTo(Commit.COMMITTED);
    assertThat(store.read().orElseThrow().document()).isEqualTo(most);
    assertReason(Reason.POLICY, () -> store.compareAndSet(1, new byte[most.length + 1]));
    redis.say("HSET", key, "document", "x".repeat(most.length + 1));
    assertReason(Reason.UNREADABLE, store::read).hasMessageContaining("1048576 bytes");
  }

  /** Beyond 2^53 a number of Lua is not exact. */
  @Test
  void compareAndSet_hugeRevision_exact() {
    long revision = 9_007_199_254_740_993L;
    redis.say("HSET", key, "revision", "" + revision, "document", "d", "committed", "1");
    assertThat(store().compareAndSet(revision - 1, bytes("x"))).isEqualTo(Commit.CONFLICT);
    assertThat(store().compareAndSet(revision, bytes("x"))).isEqualTo(Commit.COMMITTED);
    assertThat(store().probe()).hasValue(revision + 1);
  }

  @Test
  void compareAndSet_keyWithExpiry_staysForGood() {
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    redis.say("EXPIRE", key, "1000");
    assertThat(store().findings()).anyMatch(finding -> finding.contains("PERSIST"));
    store().compareAndSet(1, bytes("two"));
    assertThat(redis.say("TTL", key)).isEqualTo(":-1");
  }

  /** A script text that the server forgot is no error. */
  @Test
  void read_afterScriptFlushAndClosedConnections_works() {
    KeyRingStore store = store();
    store.compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    redis.say("SCRIPT", "FLUSH");
    assertThat(store.read()).isPresent();
    redis.say("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    assertReadsAgain(store);
  }

  /** The client must notice first, which takes it no time of ours; one read may fail. */
  private static void assertReadsAgain(KeyRingStore store) {
    try {
      store.read();
    } catch (KeyRingException e) {
      assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
    }
    assertThat(store.read()).isPresent();
  }

  /** PROTOCOL.md (g) 6, and the client must not send the commit a second time. */
  @ParameterizedTest
  @EnumSource(UnreliableLine.Fault.class)
  void compareAndSet_lineBreaks_unknownUnlessAnswered(UnreliableLine.Fault fault)
      throws IOException {
    try (UnreliableLine line = new UnreliableLine(redis.port())) {
      KeyRingStore store = store(behind(line));
      store.compareAndSet(KeyRingStore.ABSENT, bytes("one"));
      line.become(fault);
      boolean answered = fault == UnreliableLine.Fault.NONE;
      assertThat(store.compareAndSet(1, bytes("two")))
          .isEqualTo(answered ? Commit.COMMITTED : Commit.UNKNOWN);
      line.become(UnreliableLine.Fault.NONE);
      boolean arrived = fault != UnreliableLine.Fault.REQUEST_LOST;
      assertThat(store.probe()).hasValue(arrived ? 2 : 1);
    }
  }

  /** PROTOCOL.md b.6: one read decides. */
  @Test
  void change_answerLost_foundInPlace() throws IOException {
    try (UnreliableLine line = new UnreliableLine(redis.port())) {
      KeyRingStore losing =
          new PassingStore(store(behind(line))) {
            @Override
            public Commit compareAndSet(long expectedRevision, byte[] document) {
              line.become(UnreliableLine.Fault.HANGS_UP);
              try {
                return super.compareAndSet(expectedRevision, document);
              } finally {
                line.become(UnreliableLine.Fault.NONE);
              }
            }
          };
      KeyCustodian custodian =
          new KeyCustodian(losing, KeyEncryptionKey.insecurePlaintext(), InstantSource.system());
      assertThat(custodian.creation("shop", RotationPolicy.defaults()).commit().epoch())
          .isEqualTo(1);
    }
  }

  @Test
  void everything_noServer_unavailableInTime() {
    RealRedis gone = new RealRedis(temp);
    gone.kill();
    KeyRingStore store = store(gone.location(key));
    assertReason(Reason.UNAVAILABLE, store::read).hasMessageContaining("Connection refused");
    assertReason(Reason.UNAVAILABLE, store::probe);
    assertReason(Reason.UNAVAILABLE, store::time);
    assertReason(Reason.UNAVAILABLE, store::findings);
    // Nothing was sent, which is more than unknown.
    assertReason(Reason.UNAVAILABLE, () -> store.compareAndSet(KeyRingStore.ABSENT, bytes("one")));
  }

  @Test
  void read_silentServer_unavailableInTime() throws IOException {
    try (UnreliableLine line = new UnreliableLine(redis.port())) {
      line.become(UnreliableLine.Fault.REQUEST_LOST);
      KeyRingStore store = store(behind(line));
      assertReason(Reason.UNAVAILABLE, store::read);
    }
  }

  @Test
  void read_tlsToAServerWithoutTls_unavailable() {
    KeyRingStore store =
        store(URI.create("rediss://127.0.0.1:" + redis.port() + "?timeout=500ms&key=" + key));
    assertReason(Reason.UNAVAILABLE, store::read);
  }

  /** It may simply not have got it yet: an absent ring is one that a primary does not have. */
  @Test
  void read_emptyReplica_notAbsent() {
    try (RealRedis replica = new RealRedis(temp, "--replicaof", "127.0.0.1", "1")) {
      KeyRingStore store = store(replica.location(key));
      assertReason(Reason.UNAVAILABLE, store::read).hasMessageContaining("give the primary");
      assertReason(Reason.UNAVAILABLE, store::probe);
      assertReason(Reason.UNAVAILABLE, () -> store.compareAndSet(KeyRingStore.ABSENT, bytes("one")))
          .hasMessageContaining("READONLY");
      RevocationLog log = store.revocationLog().orElseThrow();
      assertReason(Reason.UNAVAILABLE, () -> log.from(1, 10))
          .hasMessageContaining("this is a replica, which may lack");
    }
  }

  /** I7: who may not ask for a write cannot tell an empty replica from a ring that is absent. */
  @Test
  void read_nothingThereAndNoRightToAskForAWrite_notAbsent() {
    try (RealRedis replica = new RealRedis(temp, "--replicaof", "127.0.0.1", "1")) {
      for (RealRedis server : List.of(redis, replica)) {
        // Newer servers say who may not: also where that is the word for another error.
        for (String name : List.of("blind", "READONLY", "MISCONF", "NOREPLICAS")) {
          user(server, name);
          KeyRingStore store =
              store(RealRedis.location(name + ":s%40cret%2F@", server.port(), key));
          assertReason(Reason.UNAVAILABLE, store::read).hasMessageContaining("may do too little");
          assertReason(Reason.UNAVAILABLE, store::probe).hasMessageContaining("may do too little");
        }
      }
    }
    store().compareAndSet(KeyRingStore.ABSENT, bytes("one"));
    assertThat(storeAs("blind:s%40cret%2F").read()).isPresent();
  }

  @Test
  void read_nothingOnAPrimaryThatDoesNotWriteNow_absent() {
    redis.say("CONFIG", "SET", "min-replicas-to-write", "1");
    try {
      assertThat(store().read()).isEmpty();
      assertThat(store().probe()).isEmpty();
    } finally {
      redis.say("CONFIG", "SET", "min-replicas-to-write", "0");
    }
  }

  @Test
  void credentials_leastRights_suffice() {
    user("writer", "+persist", "+hset");
    user("reader", "+persist");
    KeyRingStore writer = storeAs("writer:s%40cret%2F");
    KeyRingStore reader = storeAs("reader:s%40cret%2F");
    assertThat(reader.read()).isEmpty();
    assertThat(writer.compareAndSet(KeyRingStore.ABSENT, bytes("one"))).isEqualTo(Commit.COMMITTED);
    assertThat(reader.read()).isPresent();
    assertThat(reader.probe()).hasValue(1);
    assertThat(reader.time()).isPresent();
    // Of what a user may not see nothing is said, but that its password can be read on the way.
    assertThat(reader.findings()).hasSize(1);
    assertReason(Reason.UNAVAILABLE, () -> reader.compareAndSet(1, bytes("two")))
        .hasMessageContaining("may do too little");
    assertThat(reader.probe()).hasValue(1);
  }

  @Test
  void credentials_leastRightsForRevocations_suffice() {
    String[] rights = {"+zadd", "+zrange", "+zrangebyscore", "+zrem", "+zremrangebyscore"};
    user("node", rights);
    redis.say("ACL", "SETUSER", "node", "+persist", "~{" + key + "}:revoked*");
    user("blind", rights);
    redis.say("ACL", "SETUSER", "blind", "~{" + key + "}:revoked*");
    RevocationLog log = storeAs("node:s%40cret%2F").revocationLog().orElseThrow();
    log.append(bytes("old"), java.time.Instant.EPOCH);
    log.append(bytes("one"), java.time.Instant.now().plusSeconds(60));
    log.dropExpired();
    assertThat(log.from(1, 10)).hasSize(1);
    // Who may not ask for a write does not learn that it reads at a replica.
    RevocationLog blind = storeAs("blind:s%40cret%2F").revocationLog().orElseThrow();
    assertReason(Reason.UNAVAILABLE, () -> blind.from(1, 10))
        .hasMessageContaining("may do too little");
  }

  @Test
  void revocations_expiryThatSomebodySet_goesWithTheNextRead() {
    revocations().append(bytes("one"), java.time.Instant.now().plusSeconds(60));
    for (String name : List.of("{" + key + "}:revoked", "{" + key + "}:revoked:until")) {
      assertThat(redis.say("EXPIRE", name, "1000")).isEqualTo(":1");
    }
    assertThat(revocations().from(1, 10)).hasSize(1);
    for (String name : List.of("{" + key + "}:revoked", "{" + key + "}:revoked:until")) {
      assertThat(redis.say("TTL", name)).isEqualTo(":-1");
    }
  }

  @Test
  void revocations_primaryThatDoesNotWriteNow_areRead() {
    revocations().append(bytes("one"), java.time.Instant.now().plusSeconds(60));
    redis.say("CONFIG", "SET", "min-replicas-to-write", "1");
    try {
      assertReason(
              Reason.UNAVAILABLE,
              () -> revocations().append(bytes("two"), java.time.Instant.now().plusSeconds(60)))
          .hasMessageContaining("NOREPLICAS");
      assertThat(revocations().from(1, 10)).hasSize(1);
    } finally {
      redis.say("CONFIG", "SET", "min-replicas-to-write", "0");
    }
  }

  @Test
  void credentials_wrong_neverInMessages() {
    user("alice");
    redis.say("ACL", "SETUSER", "alice", "-eval");
    for (String credentials :
        new String[] {"alice:s%40cret%2F", "alice:hunter2", "mallory:hunter2"}) {
      KeyRingStore store = storeAs(credentials);
      // The client may see that the server hung up before it hears why; asked again, it says why.
      List<String> said = new ArrayList<>();
      while (said.size() < 10
          && said.stream().noneMatch(text -> text.contains("the server says"))) {
        assertReason(Reason.UNAVAILABLE, store::read)
            .satisfies(thrown -> said.add(thrown.getMessage()))
            .satisfies(
                thrown ->
                    assertThat(thrown)
                        .hasStackTraceContaining("127.0.0.1")
                        .asString()
                        .doesNotContain("alice", "mallory", "hunter2", "cret"))
            .hasNoCause();
      }
      assertThat(said).last().asString().contains("the server says");
    }
  }

  private void user(String name, String... more) {
    user(redis, name, more);
  }

  private void user(RealRedis server, String name, String... more) {
    server.say("ACL", "SETUSER", name, "reset", "on", ">s@cret/", "~" + key);
    server.say("ACL", "SETUSER", name, "+eval", "+type", "+hget", "+hstrlen", "+time");
    for (String command : more) {
      server.say("ACL", "SETUSER", name, command);
    }
  }

  @Test
  void findings_serverThatLosesThings_saysSo() {
    assertThat(store().findings())
        .singleElement()
        .asString()
        .contains("keeps nothing on disk", "appendonly yes");
    try (RealRedis careless =
        new RealRedis(temp, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")) {
      assertThat(store(careless.location(key)).findings())
          .anyMatch(finding -> finding.contains("allkeys-lru") && finding.contains("noeviction"));
    }
  }

  @Test
  void findings_serverThatKeepsThings_none() {
    try (RealRedis careful =
        new RealRedis(
            temp,
            "--appendonly",
            "yes",
            "--maxmemory",
            "100mb",
            "--maxmemory-policy",
            "noeviction")) {
      assertThat(store(careful.location(key)).findings()).isEmpty();
    }
  }

  @Test
  void close_thenUse_unavailable() {
    KeyRingStore store = store();
    store.read();
    store.close();
    assertReason(Reason.UNAVAILABLE, store::read).hasMessageContaining("closed");
  }

  private URI behind(UnreliableLine line) {
    return URI.create("redis://127.0.0.1:" + line.port() + "?timeout=500ms&key=" + key);
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertReason(
      Reason reason, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KeyRingException.class, thrown -> assertThat(thrown.reason()).isEqualTo(reason));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Override
  public NodeReports reports() {
    return store().nodeReports().orElseThrow();
  }

  @Test
  void reports_keyOfAnotherKind_refused() {
    redis.say("SET", "{" + key + "}:nodes", "somebody's");
    assertReason(Reason.UNAVAILABLE, () -> reports().put("a", "one"));
    assertReason(Reason.UNAVAILABLE, () -> reports().all());
  }

  @Test
  void reports_key_inTheSlotOfTheRing() {
    assertThat(RedisNodeReports.keyBeside("shop", "nodes")).isEqualTo("{shop}:nodes");
    assertThat(RedisNodeReports.keyBeside("{shop}:ring", "nodes")).isEqualTo("{shop}:ring:nodes");
    assertThat(RedisNodeReports.keyBeside("{}shop", "nodes")).isNull();
    assertThat(RedisNodeReports.keyBeside("a}b", "nodes")).isNull();
  }

  /** Beyond 2^53 one more is the same number to a script: it would hide all that came later. */
  @Test
  void revocations_junkAtAnEndOfAllPositions_refusedLoudly() {
    revocations().append(bytes("one"), java.time.Instant.now().plusSeconds(60));
    for (String score : new String[] {"9007199254740991", "9007199254740992", "1e300", "+inf"}) {
      redis.say("ZADD", "{" + key + "}:revoked", score, "9007199254740992junk");
      assertReason(
              Reason.UNAVAILABLE,
              () -> revocations().append(bytes("two"), java.time.Instant.now().plusSeconds(60)))
          .hasMessageContaining("at a position that no record has");
    }
    redis.say("ZREM", "{" + key + "}:revoked", "9007199254740992junk");
    revocations().append(bytes("two"), java.time.Instant.now().plusSeconds(60));
    assertThat(revocations().from(1, 10)).hasSize(2);
  }

  @Override
  public RevocationLog revocations() {
    return store().revocationLog().orElseThrow();
  }
}
