package dev.satchel.keys;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The store of a simulated cluster: linearizable commits, reads that lag within bounds, and
 * whatever faults the scenario asks for. Keeps its whole history, and checks it as it grows.
 */
class SimulatedStore {
  private final ClusterSimulation world;
  private final List<Version> history = new ArrayList<>();
  private final Map<String, String> hashByEpoch = new HashMap<>();
  private boolean garbage;
  private final List<RingKey> published = new ArrayList<>();
  private boolean hasLost;
  private Instant wentBackAt = Instant.EPOCH;

  SimulatedStore(ClusterSimulation world) {
    this.world = world;
  }

  /** A second store with the same content, which goes its own way from here on. */
  SimulatedStore copy() {
    SimulatedStore copy = new SimulatedStore(world);
    copy.history.addAll(history);
    copy.hashByEpoch.putAll(hashByEpoch);
    copy.published.addAll(published);
    copy.forgetfulFromNow();
    forgetfulFromNow();
    return copy;
  }

  /** From here on an epoch may be given out twice, as with two stores. */
  void forgetfulFromNow() {
    hasLost = true;
    wentBackAt = world.now();
  }

  /** What a client that lags so much sees; empty if there was nothing yet. */
  Optional<KeyRingStore.Stored> asOf(Instant instant) {
    Version seen = null;
    for (Version version : history) {
      if (!version.at().isAfter(instant)) {
        seen = version;
      }
    }
    if (seen != null && garbage) {
      return Optional.of(
          new KeyRingStore.Stored(
              seen.stored().revision(), new byte[] {'{', '?'}, Optional.empty()));
    }
    return Optional.ofNullable(seen).map(Version::stored);
  }

  long revision() {
    return history.isEmpty() ? 0 : history.get(history.size() - 1).stored().revision();
  }

  KeyRingStore.Commit compareAndSet(long expected, byte[] document) {
    if (revision() != expected) {
      return KeyRingStore.Commit.CONFLICT;
    }
    append(document);
    return KeyRingStore.Commit.COMMITTED;
  }

  /** Puts a document on top, whatever was there. */
  void append(byte[] document) {
    RingDocument parsed = RingJson.read(document);
    String hash = RingRepository.hash(document);
    String before = hashByEpoch.put(parsed.lineage() + "/" + parsed.epoch(), hash);
    // A store that has gone back has also forgotten which revisions it gave out.
    world.check(
        before == null || before.equals(hash) || hasLost, "I5", () -> "two documents of one epoch");
    long lineages =
        hashByEpoch.keySet().stream()
            .map(each -> each.substring(0, each.indexOf('/')))
            .distinct()
            .count();
    world.check(lineages == 1, "I7", () -> "a second lineage was founded");
    if (!history.isEmpty()) {
      world.watch().replaced(newest(), parsed);
    }
    Optional<Instant> date =
        world.scenario().storeHasClock() ? Optional.of(world.now()) : Optional.empty();
    var stored = new KeyRingStore.Stored(revision() + 1, document, date);
    history.add(new Version(world.now(), stored, parsed));
    for (RingKey key : parsed.keys()) {
      if (key.epoch() == parsed.epoch()) {
        world.watch().published(key, published);
        published.add(key);
      }
    }
    world.watch().committed(parsed);
  }

  /** A failover that loses acknowledged commits, or a restored backup. */
  void lose(int commits) {
    for (int i = 0; i < commits && history.size() > 1; i++) {
      history.remove(history.size() - 1);
    }
    forgetfulFromNow();
    hashByEpoch.clear();
    for (Version version : history) {
      hashByEpoch.put(
          version.parsed().lineage() + "/" + version.parsed().epoch(),
          RingRepository.hash(version.stored().document()));
    }
  }

  Instant wentBackAt() {
    return wentBackAt;
  }

  long epochAt(Instant instant) {
    return asOf(instant).map(stored -> RingJson.read(stored.document()).epoch()).orElse(0L);
  }

  void wipe() {
    forgetfulFromNow();
    history.clear();
    hashByEpoch.clear();
  }

  void garbage(boolean is) {
    garbage = is;
  }

  boolean isGarbage() {
    return garbage;
  }

  RingDocument newest() {
    return history.get(history.size() - 1).parsed();
  }

  boolean isEmpty() {
    return history.isEmpty();
  }

  /** Parsed once, since what watches asks for the newest ten thousand times. */
  private record Version(Instant at, KeyRingStore.Stored stored, RingDocument parsed) {}
}
