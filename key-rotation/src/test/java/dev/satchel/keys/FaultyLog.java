package dev.satchel.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A store whose log of revocations has switches: it can be away, emptied, set back and forged. */
final class FaultyLog implements KeyRingStore, RevocationLog {
  private final KeyRingStore ring;
  private final ManualTime time;
  final List<byte[]> records = new ArrayList<>();
  private final List<Instant> until = new ArrayList<>();
  boolean down;
  boolean readOnly;
  int failingReads;
  int drops;
  Duration ahead = Duration.ZERO;
  int reads;

  FaultyLog(RingFixture fixture) {
    ring = fixture.store;
    time = fixture.time;
  }

  private void fail() {
    if (down) {
      throw new KeyRingException(KeyRingException.Reason.UNAVAILABLE, "no answer");
    }
  }

  private void refuse() {
    if (readOnly) {
      throw new KeyRingException(KeyRingException.Reason.UNAVAILABLE, "read-only");
    }
  }

  void setBack(int size) {
    while (records.size() > size) {
      records.remove(records.size() - 1);
      until.remove(until.size() - 1);
    }
  }

  @Override
  public void append(byte[] record, Instant end) {
    fail();
    refuse();
    records.add(record.clone());
    until.add(end);
  }

  @Override
  public List<Kept> from(long position, int limit) {
    fail();
    if (failingReads > 0) {
      failingReads--;
      throw new KeyRingException(KeyRingException.Reason.UNAVAILABLE, "no answer");
    }
    reads++;
    var kept = new ArrayList<Kept>();
    for (int i = (int) position - 1; i < records.size() && kept.size() < limit; i++) {
      if (records.get(i).length > 0) {
        kept.add(new Kept(i + 1, records.get(i)));
      }
    }
    return kept;
  }

  @Override
  public void dropExpired() {
    fail();
    drops++;
    for (int i = 0; i < records.size() - 1; i++) {
      if (!until.get(i).isAfter(time.instant())) {
        records.set(i, new byte[0]);
      }
    }
  }

  @Override
  public Optional<Stored> read() {
    return ring.read();
  }

  @Override
  public OptionalLong probe() {
    return ring.probe();
  }

  @Override
  public Commit compareAndSet(long expectedRevision, byte[] document) {
    refuse();
    return ring.compareAndSet(expectedRevision, document);
  }

  @Override
  public Optional<Instant> time() {
    return ring.time().map(now -> now.plus(ahead));
  }

  @Override
  public Optional<NodeReports> nodeReports() {
    return ring.nodeReports();
  }

  @Override
  public Optional<RevocationLog> revocationLog() {
    return Optional.of(this);
  }

  @Override
  public String toString() {
    return "faulty";
  }
}
