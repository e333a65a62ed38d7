package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who opens a ring that a writer put back, after the store was set back or emptied (N1). */
class HealedSealTest {
  private final RingFixture ring = new RingFixture();
  private final PassingStore store = new PassingStore(ring.store);
  private final KeyEncryptionKey ours = key(11);
  private final RecipientKey b = key(12).recipient().orElseThrow();
  private final RecipientKey c = key(13).recipient().orElseThrow();
  private String lineage = "";

  @BeforeEach
  void shared() {
    lineage =
        new KeyCustodian(store, ours, ring.time)
            .creation("shop", RotationPolicy.defaults())
            .commit()
            .lineage();
    custodian().recipientAddition(List.of(b)).orElseThrow().commit();
  }

  /** The removal is the later word, and the store's older document does not undo it. */
  @Test
  void setBackToBeforeARemoval_removedStaysOut() {
    KeyRingStore.Stored before = store.read().orElseThrow();
    custodian().recipientRemoval(Set.of(b.id())).commit();
    RotatingKeySource writer = writer();
    setBack(before);
    ring.pass(Duration.ofMinutes(30), writer);
    assertThat(custodian().recipients()).containsExactly(ours.recipient().orElseThrow());
    assertThat(writer.health().alarms()).isEmpty();
  }

  /**
   * Removed by somebody who went on from the older document: the writer's is later, and knows B.
   */
  @Test
  void forked_removedOnOneSide_staysOut() {
    KeyRingStore.Stored before = store.read().orElseThrow();
    custodian().emergencyRotation().commit();
    ring.time.advance(Duration.ofMinutes(10));
    custodian().emergencyRotation().commit();
    RotatingKeySource writer = writer();
    setBack(before);
    custodian().recipientRemoval(Set.of(b.id())).commit();
    ring.pass(Duration.ofMinutes(30), writer);
    assertThat(custodian().status().epoch()).isGreaterThan(4);
    assertThat(custodian().recipients()).containsExactly(ours.recipient().orElseThrow());
  }

  /** The price: whoever was added since has to be added again. */
  @Test
  void setBackToBeforeAnAddition_addedIsToBeAddedAgain() {
    KeyRingStore.Stored before = store.read().orElseThrow();
    custodian().recipientAddition(List.of(c)).orElseThrow().commit();
    RotatingKeySource writer = writer();
    setBack(before);
    ring.pass(Duration.ofMinutes(30), writer);
    assertThat(custodian().recipients()).contains(b).doesNotContain(c).hasSize(2);
  }

  /** One key took over from another, and the backup is from before: no recipient is in both. */
  @Test
  void setBackToBeforeAnotherKeyTookOver_staysWithThatKey() {
    custodian().recipientRemoval(Set.of(b.id())).commit();
    KeyRingStore.Stored before = store.read().orElseThrow();
    KeyEncryptionKey next = key(14);
    RecipientKey nextPublic = next.recipient().orElseThrow();
    custodian().recipientAddition(List.of(nextPublic)).orElseThrow().commit();
    new KeyCustodian(store, next, lineage, ring.time)
        .recipientRemoval(Set.of(ours.recipient().orElseThrow().id()))
        .commit();
    RotatingKeySource writer = start(next.also(ours));
    setBack(before);
    ring.pass(Duration.ofMinutes(30), writer);
    assertThat(writer.health().alarms()).isEmpty();
    assertThat(new KeyCustodian(store, next, lineage, ring.time).recipients())
        .containsExactly(nextPublic);
  }

  /** Others are in both, but not who heals: a ring that its writer cannot open heals nothing. */
  @Test
  void setBackToBeforeTheWritersKeyCame_staysOpenToTheWriter() {
    KeyRingStore.Stored before = store.read().orElseThrow();
    KeyEncryptionKey next = key(14);
    RecipientKey nextPublic = next.recipient().orElseThrow();
    custodian().recipientAddition(List.of(nextPublic)).orElseThrow().commit();
    RotatingKeySource writer = start(next.also(ours));
    setBack(before);
    ring.pass(Duration.ofMinutes(30), writer);
    assertThat(writer.health().alarms()).isEmpty();
    assertThat(new KeyCustodian(store, next, lineage, ring.time).recipients())
        .contains(nextPublic, b)
        .hasSize(3);
  }

  /** Whoever can write to the store can bring that about, so it must not happen in silence. */
  @Test
  void setBackToBeforeAnAddition_logSaysOnceWhoLostAccess() {
    KeyRingStore.Stored before = store.read().orElseThrow();
    custodian().recipientAddition(List.of(c)).orElseThrow().commit();
    RotatingKeySource writer = writer();
    setBack(before);
    List<String> said = new ArrayList<>();
    Handler handler = new Said(said);
    Logger logger = Logger.getLogger("dev.satchel.keys");
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    logger.setLevel(Level.ALL);
    try {
      ring.pass(Duration.ofHours(1), writer);
    } finally {
      logger.setLevel(Level.OFF); // as RingFixture has it
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    assertThat(said)
        .filteredOn(line -> line.contains("not sealed for these"))
        .singleElement()
        .satisfies(line -> assertThat(line).contains(c.id()).doesNotContain(b.id()));
  }

  @Test
  void emptied_recipientsAreThoseOfBefore() {
    RotatingKeySource writer = writer();
    store.to = new MemoryKeyRingStore(ring.time);
    ring.pass(Duration.ofHours(1), writer);
    assertThat(custodian().recipients()).contains(b).hasSize(2);
  }

  /** A rewrap is not undone by an older document under the older key. */
  @Test
  void setBackToBeforeARewrap_staysUnderTheNewKey() {
    KeyRingStore.Stored before = store.read().orElseThrow();
    custodian().rewrap(ring.kek).orElseThrow().commit();
    RotatingKeySource writer = start(ring.kek.also(ours));
    setBack(before);
    ring.pass(Duration.ofMinutes(30), writer);
    KeyRingStatus status = new KeyCustodian(store, ring.kek, ring.time).status();
    assertThat(status.sealedUnder().kind()).isEqualTo("A256KW");
    assertThat(status.sealedUnder().recipients()).isEmpty();
  }

  @Test
  void union_ofRecipients_isCommutativeAndNeverAdds() {
    RecipientKey own = ours.recipient().orElseThrow();
    Seal one = Seal.forRecipients(List.of(own, b));
    Seal other = Seal.forRecipients(List.of(c, own));
    assertThat(one.withRecipientsOf(other).recipients()).containsExactly(own);
    assertThat(other.withRecipientsOf(one).recipients()).containsExactly(own);
    assertThat(one.withRecipientsOf(one).recipients()).containsExactly(own, b);
  }

  /** What an operator does who restores a backup: the store goes on from there. */
  private void setBack(KeyRingStore.Stored before) {
    KeyRingStore restored = new MemoryKeyRingStore(ring.time);
    restored.compareAndSet(KeyRingStore.ABSENT, before.document());
    store.to = restored;
  }

  private KeyCustodian custodian() {
    return new KeyCustodian(store, ours, lineage, ring.time);
  }

  private RotatingKeySource writer() {
    return start(ours);
  }

  private RotatingKeySource start(KeyEncryptionKey key) {
    return RotatingKeySource.builder(store, key)
        .lineage(lineage)
        .role(RotatingKeySource.Role.WRITER)
        .clock(ring.time)
        .monotonicClock(ring.time.monotonic())
        .random(new SeededRandom(5))
        .withoutThread()
        .build();
  }

  private static KeyEncryptionKey key(int seed) {
    return KeyEncryptionKey.ofPrivateJwk(RecipientKey.generateJwk(new SeededRandom(seed)));
  }

  /** The lines of a log. */
  private static final class Said extends Handler {
    private final List<String> lines;

    Said(List<String> lines) {
      this.lines = lines;
    }

    @Override
    public void publish(LogRecord record) {
      lines.add(new SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
