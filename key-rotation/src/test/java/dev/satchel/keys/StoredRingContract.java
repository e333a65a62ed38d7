package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.Decoded;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import dev.satchel.keys.KeyRingException.Reason;
import dev.satchel.keys.KeyRingStore.Commit;
import dev.satchel.keys.KeyRingStore.Stored;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a ring lives through in every store; a part of {@link KeyRingStoreContract}. */
public interface StoredRingContract {
  int CROWD = 50;

  /** A handle on this test's place; a new one each time, as another process would have. */
  KeyRingStore store() throws Exception;

  /** The largest document there can be, and one byte more. */
  @Test
  default void document_ofTheMaximumSize_comesBack_oneByteMoreIsRefused() throws Exception {
    KeyRingStore store = store();
    byte[] most = new byte[KeyRingStore.MAX_DOCUMENT_BYTES];
    new SeededRandom(8).nextBytes(most);
    byte[] more = Arrays.copyOf(most, most.length + 1);
    assertReason(Reason.POLICY, () -> store.compareAndSet(KeyRingStore.ABSENT, more));
    assertThat(store.read()).isEmpty();
    assertThat(store.compareAndSet(KeyRingStore.ABSENT, most)).isEqualTo(Commit.COMMITTED);
    assertThat(store().read().orElseThrow().document()).isEqualTo(most);
    assertReason(Reason.POLICY, () -> store.compareAndSet(1, more));
    assertThat(store().probe()).hasValue(1);
  }

  /** PROTOCOL.md (g) 11: a zone, or a change to summer time, moves no date. */
  @Test
  default void committedAt_readInAnotherZone_isTheSame() throws Exception {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      store().compareAndSet(KeyRingStore.ABSENT, new byte[] {1});
      Optional<Instant> written = store().read().orElseThrow().committedAt();
      for (String zone : new String[] {"America/New_York", "Australia/Lord_Howe", "UTC"}) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        assertThat(store().read().orElseThrow().committedAt()).as(zone).isEqualTo(written);
        assertThat(Duration.between(store().time().orElseThrow(), Instant.now()).abs())
            .as(zone)
            .isLessThan(Duration.ofMinutes(1));
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  /** PROTOCOL.md (g) 11: dates of a key are the store's, whatever a node's clock says. */
  @ParameterizedTest
  @ValueSource(ints = {-26, 26})
  default void rotation_clockOffByHours_datesAreTheStores(int hours) throws Exception {
    KeyEncryptionKey kek = KeyEncryptionKey.insecurePlaintext();
    InstantSource wrong = () -> Instant.now().plus(Duration.ofHours(hours));
    // A directory that is not there yet tells no time, so the first key is made in good order.
    custodian(store()).creation("shop", RotationPolicy.defaults()).commit();
    KeyRingStatus after = new KeyCustodian(store(), kek, wrong).emergencyRotation().commit();
    Instant theirs = store().time().orElseThrow();
    assertThat(after.keys())
        .hasSize(2)
        .allSatisfy(
            key ->
                assertThat(Duration.between(key.publishedAt(), theirs).abs())
                    .isLessThan(Duration.ofMinutes(1)));
    quietly(
        () -> {
          try (RotatingKeySource node =
              RotatingKeySource.builder(store(), kek).clock(wrong).withoutThread().build()) {
            node.tick();
            assertThat(node.health().alarms()).contains(KeyRingAlarm.CLOCK_SKEW);
          }
        });
  }

  /** PROTOCOL.md (g) 4: whoever starts is accepted by all others from its first token on. */
  @Test
  default void bootstrap_crowdAtOnce_noTokenRejected() throws Exception {
    KeyEncryptionKey kek = RingFixture.secretKek(7);
    List<Object> nodes =
        crowd(
            i ->
                RotatingKeySource.builder(store(), kek)
                    .bootstrap("shop", RotationPolicy.defaults())
                    .withoutThread()
                    .build());
    var tokens = new ArrayList<String>();
    var codecs = new ArrayList<TokenCodec>();
    var lineages = new HashSet<String>();
    for (Object each : nodes) {
      RotatingKeySource node = (RotatingKeySource) each;
      lineages.add(node.status().lineage());
      assertThat(node.status().epoch()).isEqualTo(1);
      codecs.add(TokenCodec.builder(TokenContext.header("shop", "X-Session"), node).build());
      tokens.add(codecs.get(codecs.size() - 1).encode(codecs.get(0).create()));
    }
    assertThat(lineages).hasSize(1);
    assertThat(store().probe()).hasValue(1);
    for (TokenCodec codec : codecs) {
      assertThat(tokens).allMatch(token -> codec.decode(token) instanceof Decoded.Accepted);
    }
  }

  /** PROTOCOL.md (g) 6: no answer, and the document is in place: one read says so. */
  @Test
  default void commit_appliedAndAnswerLost_isFoundByReading() throws Exception {
    KeyCustodian custodian = custodian(new Answerless(store(), true));
    assertThat(custodian.creation("shop", RotationPolicy.defaults()).commit().epoch()).isEqualTo(1);
    assertThat(custodian.emergencyRotation().commit().epoch()).isEqualTo(2);
    assertThat(custodian(store()).status().keys()).hasSize(2);
  }

  /** The other way: not applied, which a read cannot tell from not yet. */
  @Test
  default void commit_neitherAppliedNorAnswered_isUnknownAndCanBeRepeated() throws Exception {
    KeyCustodian losing = custodian(new Answerless(store(), false));
    RingChange creation = losing.creation("shop", RotationPolicy.defaults());
    assertReason(Reason.UNKNOWN_OUTCOME, creation::commit);
    assertThat(store().read()).isEmpty();
    custodian(store()).creation("shop", RotationPolicy.defaults()).commit();
    RingChange rotation = losing.emergencyRotation();
    assertReason(Reason.UNKNOWN_OUTCOME, rotation::commit);
    // The key of a doubtful commit may be in use any moment: it is not destroyed.
    assertThat(rotation.document().keys()).allMatch(key -> !key.material().toSecretJwk().isEmpty());
    assertThat(custodian(store()).emergencyRotation().commit().epoch()).isEqualTo(2);
  }

  /**
   * A writer that never hears of its commits, whether applied or not, makes one key and no more.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  default void writer_allAnswersLost_laterTicksDecide(boolean applied) throws Exception {
    ManualTime time = systemTime();
    KeyEncryptionKey kek = RingFixture.secretKek(7);
    new KeyCustodian(store(), kek, InstantSource.system())
        .creation("shop", RotationPolicy.defaults())
        .commit();
    try (RotatingKeySource node = writer(new Answerless(store(), applied), kek, time)) {
      pass(node, time, Duration.ofDays(8));
      assertThat(node.status().epoch()).isEqualTo(applied ? 2 : 1);
      assertThat(node.health().issuing()).isPresent();
    }
    assertThat(store().probe()).hasValue(applied ? 2 : 1);
  }

  /**
   * PROTOCOL.md (g) 8, (e) 21: whatever stands where the ring should be, nobody takes it for
   * nothing. A running node keeps its ring and says what is wrong; a starting one fails; nothing is
   * made, nothing is replaced.
   */
  @ParameterizedTest
  @EnumSource(Damage.class)
  default void document_damaged_failsClosed(Damage damage) throws Exception {
    ManualTime time = systemTime();
    KeyEncryptionKey kek = damage.kek();
    KeyRingStatus made =
        new KeyCustodian(store(), kek, InstantSource.system())
            .creation("shop", RotationPolicy.defaults())
            .commit();
    byte[] good = store().read().orElseThrow().document();
    byte[] damaged = damage.of(good);
    quietly(
        () -> {
          try (RotatingKeySource node = writer(store(), kek, time)) {
            assertThat(store().compareAndSet(1, damaged)).isEqualTo(Commit.COMMITTED);
            // Past the day on which a writer publishes the next key.
            pass(node, time, Duration.ofDays(8));
            assertThat(node.health().alarms()).contains(damage.alarm());
            assertThat(node.status().epoch()).isEqualTo(1);
            assertThat(node.current().find(made.keys().get(0).id())).isPresent();
          }
          for (boolean bootstrap : new boolean[] {true, false}) {
            RotatingKeySource.Builder starting =
                RotatingKeySource.builder(store(), kek).withoutThread();
            if (bootstrap) {
              starting.bootstrap("shop", RotationPolicy.defaults());
            }
            assertReason(Reason.UNREADABLE, starting.lineage(made.lineage())::build);
          }
          KeyCustodian custodian =
              new KeyCustodian(
                  store(), kek, null, made.lineage(), InstantSource.system(), new SeededRandom(2));
          for (ThrowingCallable change :
              List.<ThrowingCallable>of(
                  custodian::status,
                  custodian::rotation,
                  custodian::emergencyRotation,
                  () -> custodian.revocation(java.util.Set.of(made.keys().get(0).id())))) {
            assertReason(Reason.UNREADABLE, change);
          }
          assertThatThrownBy(() -> custodian.creation("shop", RotationPolicy.defaults()).commit())
              .isInstanceOf(KeyRingException.class);
        });
    Stored left = store().read().orElseThrow();
    assertThat(left.document()).isEqualTo(damaged);
    assertThat(left.revision()).isEqualTo(2);
  }

  /** What may stand in a store instead of the ring. */
  enum Damage {
    /** A write that was cut off. */
    TORN,
    /** Nothing was written at all, but there is a place for it. */
    EMPTY,
    /** A disk that forgets: one bit. */
    FLIPPED,
    /** Two bytes changed places. */
    SWAPPED,
    /** Somebody else's file. */
    GARBAGE,
    /** The same ring twice in a row. */
    DOUBLED,
    /** A ring under another key. */
    OTHER_KEK,
    /** Somebody else's ring, under the same key. */
    OTHER_LINEAGE,
    /** Written by a later release, with something that must not be overlooked. */
    UNKNOWN_CRIT;

    KeyEncryptionKey kek() {
      // An open ring is the one that a test can write a member into.
      return this == UNKNOWN_CRIT ? KeyEncryptionKey.insecurePlaintext() : RingFixture.secretKek(7);
    }

    KeyRingAlarm alarm() {
      return this == OTHER_LINEAGE ? KeyRingAlarm.FOREIGN_RING : KeyRingAlarm.UNREADABLE;
    }

    byte[] of(byte[] good) {
      byte[] bad = good.clone();
      int middle = good.length / 2;
      switch (this) {
        case TORN:
          return Arrays.copyOf(good, middle);
        case EMPTY:
          return new byte[0];
        case FLIPPED:
          bad[middle] ^= 1;
          return bad;
        case SWAPPED:
          while (bad[middle] == bad[middle + 1]) {
            middle++;
          }
          bad[middle] = good[middle + 1];
          bad[middle + 1] = good[middle];
          return bad;
        case GARBAGE:
          new SeededRandom(3).nextBytes(bad);
          return bad;
        case DOUBLED:
          bad = Arrays.copyOf(good, 2 * good.length);
          System.arraycopy(good, 0, bad, good.length, good.length);
          return bad;
        case OTHER_KEK:
          return otherRing(RingFixture.secretKek(8));
        case OTHER_LINEAGE:
          return otherRing(kek());
        default:
          String json = new String(good, StandardCharsets.UTF_8);
          return json.replaceFirst("\\{", "{\"crit\":[\"later\"],\"later\":1,")
              .getBytes(StandardCharsets.UTF_8);
      }
    }

    /** Of the second epoch, as the revision is. */
    private static byte[] otherRing(KeyEncryptionKey kek) {
      var elsewhere = new MemoryKeyRingStore(InstantSource.system());
      var custodian =
          new KeyCustodian(elsewhere, kek, null, InstantSource.system(), new SeededRandom(6));
      custodian.creation("shop", RotationPolicy.defaults()).commit();
      custodian.emergencyRotation().commit();
      return elsewhere.read().orElseThrow().document();
    }
  }

  private static RotatingKeySource writer(
      KeyRingStore store, KeyEncryptionKey kek, ManualTime time) {
    return RotatingKeySource.builder(new WithoutClock(store), kek)
        .role(RotatingKeySource.Role.WRITER)
        .clock(time)
        .monotonicClock(time.monotonic())
        .random(new SeededRandom(5))
        .withoutThread()
        .build();
  }

  private static void pass(RotatingKeySource node, ManualTime time, Duration duration) {
    Duration step = Duration.ofHours(2);
    for (Duration done = Duration.ZERO; done.compareTo(duration) < 0; done = done.plus(step)) {
      time.advance(step);
      node.tick();
    }
  }

  private static ManualTime systemTime() {
    ManualTime time = new ManualTime();
    time.setWall(Instant.now());
    return time;
  }

  private static KeyCustodian custodian(KeyRingStore store) {
    return new KeyCustodian(store, KeyEncryptionKey.insecurePlaintext(), InstantSource.system());
  }

  private static void assertReason(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KeyRingException.class, thrown -> assertThat(thrown.reason()).isEqualTo(reason));
  }

  /** Alarms are what the tests are for; the log need not say so again. */
  private static void quietly(Act act) throws Exception {
    Logger logger = Logger.getLogger("dev.satchel.keys");
    Level before = logger.getLevel();
    logger.setLevel(Level.OFF);
    try {
      act.run();
    } finally {
      logger.setLevel(before);
    }
  }

  static List<Object> crowd(Member member) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CROWD);
    try {
      CyclicBarrier start = new CyclicBarrier(CROWD);
      List<Callable<Object>> tasks = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        int number = i;
        tasks.add(
            () -> {
              start.await();
              return member.act(number);
            });
      }
      List<Object> results = new ArrayList<>();
      for (Future<Object> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  /** One of the crowd. */
  interface Member {
    Object act(int number) throws Exception;
  }

  /** A store whose time the test decides. */
  record WithoutClock(KeyRingStore store) implements KeyRingStore {
    @Override
    public java.util.Optional<Stored> read() {
      return store.read();
    }

    @Override
    public Commit compareAndSet(long expectedRevision, byte[] document) {
      return store.compareAndSet(expectedRevision, document);
    }
  }

  /** What may throw. */
  interface Act {
    void run() throws Exception;
  }
}
