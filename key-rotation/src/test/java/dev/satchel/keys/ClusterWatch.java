package dev.satchel.keys;

import dev.satchel.KeyRing;
import dev.satchel.KeySource.Absence;
import dev.satchel.SessionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Has every node of a simulated cluster issue tokens, shows each to every node, and holds what it
 * sees against the invariants of PROTOCOL.md b.4.
 */
final class ClusterWatch {
  private static final RotationPolicy POLICY = ClusterSimulation.POLICY;

  private final ClusterSimulation world;
  private final Scenario scenario;
  private final Set<String> emergencyKeys = new HashSet<>();
  private final Map<String, Long> revokedAtEpoch = new HashMap<>();
  private int tokens;
  private int retries;
  private int lost;

  ClusterWatch(ClusterSimulation world) {
    this.world = world;
    this.scenario = world.scenario();
  }

  /** The store has taken a document in. */
  void committed(RingDocument document) {
    for (RingKey key : document.keys()) {
      if (key.origin() == Origin.FORCED && world.mutation() == Mutation.NONE) {
        emergencyKeys.add(key.id());
      }
      if (scenario.isAtTheEdge() && key.epoch() == document.epoch()) {
        issueAround(key);
      }
    }
    for (Tombstone gone : document.tombstones()) {
      if (gone.why() == Tombstone.Why.REVOKED
          && revokedAtEpoch.putIfAbsent(gone.id(), document.epoch()) == null) {
        Instant at = world.now();
        Duration bound = POLICY.propagation().plus(POLICY.probeInterval()).plusMillis(1);
        world.in(bound, () -> refusedBy(gone.id(), at));
      }
    }
  }

  /** I6: what the store said was revoked, it still says after the next commit. */
  void replaced(RingDocument before, RingDocument after) {
    if (world.storeWentBackUnder(world.committing())) {
      return; // Its revisions are counted anew: what was read is not what was replaced.
    }
    Instant forgotten = world.now().minus(RingSuccession.keepOfTombstones(POLICY));
    for (Tombstone gone : before.tombstones()) {
      boolean lives =
          gone.why() == Tombstone.Why.REVOKED
              && gone.at().isAfter(forgotten)
              && after.tombstone(gone.id()).isEmpty();
      world.check(
          !lives || world.mutation() != Mutation.NONE,
          "I6",
          () -> "a commit undoes the revocation of " + gone.id());
    }
  }

  /** I8: after P + probe, by every node that reached the store all the while. */
  private void refusedBy(String id, Instant since) {
    for (SimulatedNode node : world.nodes()) {
      if (node.isServing() && !node.undisturbedSince().isAfter(since) && !scenario.isLossy()) {
        world.check(
            node.source.current().find(id).isEmpty(),
            "I8",
            () -> "node " + node.number + " still accepts the key revoked at " + since);
      }
    }
  }

  /** (g) 12: the last milliseconds of the old key and the first of the new one, on every clock. */
  private void issueAround(RingKey key) {
    Duration grace = POLICY.grace();
    for (SimulatedNode node : world.nodes()) {
      for (Instant edge :
          new Instant[] {
            key.activateAt(), key.activateAt().plus(grace), key.publishedAt().plus(POLICY.lead())
          }) {
        world.at(edge.minus(node.offset()).minusMillis(1), () -> issue(node));
        world.at(edge.minus(node.offset()), () -> issue(node));
      }
    }
  }

  void ticked(SimulatedNode node) {
    long epoch = node.epoch();
    world.check(
        epoch >= node.highestEpoch, "I6", () -> "a node went back from " + node.highestEpoch);
    node.highestEpoch = epoch;
  }

  void issue(SimulatedNode node) {
    if (!node.isServing()) {
      return;
    }
    KeyRing ring = node.source.current();
    boolean stale = node.source.health().stale();
    boolean mustSign = !stale && node.isClockGood() && !node.isThawing();
    // What a store has lost verifies only, until a writer has put it back; a node that alone knows
    // of
    // a revocation has no use for that key; and a clock that was off is, until compared again (N3).
    boolean excused =
        !Collections.disjoint(
            node.source.health().alarms(),
            Set.of(
                KeyRingAlarm.CLOCK_SKEW,
                KeyRingAlarm.FORKED,
                KeyRingAlarm.ROLLED_BACK,
                KeyRingAlarm.WIPED));
    world.check(
        !mustSign || excused || ring.issuing().isPresent() || node.clockSetSinceRead(),
        "I4",
        () -> node + " serves and has nothing to sign with: " + node.source.status());
    if (ring.issuing().isEmpty()) {
      return;
    }
    Instant bound = ring.latestExpiry().orElse(Instant.MAX);
    // Some sessions may live longer than the ring allows: they end at its bound.
    Duration life =
        ClusterSimulation.TOKEN_LIFETIME.multipliedBy(world.random().nextInt(4) / 3 * 9 + 1);
    Instant wanted = node.wall().plus(life);
    world.check(
        stale || !bound.isBefore(wanted) || bound.isAfter(node.wall()),
        "N4",
        () -> "a token is born dead");
    world.check(
        !scenario.isAtTheEdge()
            || !bound.isBefore(node.wall().plus(ClusterSimulation.TOKEN_LIFETIME)),
        "full life",
        () -> node + " cuts a session at " + bound);
    Token token = new Token(ring.issuing().get().id(), bound.isBefore(wanted) ? bound : wanted);
    tokens++;
    world.nodes().forEach(other -> show(token, other));
    if (!node.isClockGood()) {
      return; // Its dates are wrong by hours; that everybody has the key is all it can promise.
    }
    for (SimulatedNode other : world.nodes()) {
      Duration left = Duration.between(other.wall(), token.expiry());
      if (left.toMillis() > 2) {
        long some = (long) (left.toMillis() * world.random().nextDouble());
        world.in(Duration.ofMillis(some), () -> show(token, other));
        world.in(left.minusMillis(1), () -> show(token, other)); // (g) 12: at exp − 1 ms
      }
    }
    checkSigners();
  }

  private void checkSigners() {
    if (scenario.isLossy()) {
      return;
    }
    var signing = new HashSet<String>();
    for (SimulatedNode node : world.nodes()) {
      if (node.isServing()
          && node.isClockGood()
          && !node.isThawing()
          && !node.source.health().stale()) {
        node.source.current().issuing().map(SessionKey::id).ifPresent(signing::add);
      }
    }
    signing.removeAll(emergencyKeys);
    signing.removeAll(revokedAtEpoch.keySet());
    world.check(signing.size() <= 2, "I3", () -> signing.size() + " keys sign at once");
  }

  private void show(Token token, SimulatedNode node) {
    if (!node.isServing() || !node.isClockGood() || !node.wall().isBefore(token.expiry())) {
      return;
    }
    boolean found = node.source.current().find(token.keyId()).isPresent();
    Long revoked = revokedAtEpoch.get(token.keyId());
    if (revoked != null) {
      checkRevoked(token, node, found, revoked);
      return;
    }
    if (found) {
      return;
    }
    Absence absence = node.source.absent(token.keyId());
    if (scenario.isLossy() && absence != Absence.NOT_YET_KNOWN) {
      lost++; // What a store acknowledged and forgot may take with it what was sealed meanwhile.
      return;
    }
    world.check(
        absence == Absence.NOT_YET_KNOWN,
        "I2",
        () -> token + " is alive and " + absence + " at " + node + ": " + node.source.status());
    boolean excused =
        node.source.health().stale() || node.isThawing() || emergencyKeys.contains(token.keyId());
    world.check(
        excused || scenario.isLossy(),
        "I1",
        () -> node + " lacks a key that others sign with: " + token);
    retries++;
  }

  private void checkRevoked(Token token, SimulatedNode node, boolean found, long revoked) {
    if (!found) {
      if (node.source.status().keys().stream()
          .anyMatch(key -> key.id().equals(token.keyId()) && key.phase() == KeyPhase.REVOKED)) {
        node.sawRevoked(token.keyId());
      }
      return;
    }
    boolean unaware = scenario.isLossy() || node.epoch() < revoked;
    world.check(
        unaware && !node.hasSeenRevoked(token.keyId()), "I6", () -> "a revoked key verifies again");
  }

  /** I9: whatever ids come in, one read for them in a probe interval; and honest ones go on. */
  void flood(SimulatedNode node) {
    if (!node.isServing() || world.store().isEmpty() || world.store().isGarbage()) {
      return;
    }
    RingDocument newest = world.storeOf(node).newest();
    for (int i = 0; i < 20; i++) {
      // Later than any real one here: nobody can ask for an id before it is minted.
      long epoch = node.epoch() + 1_000 + world.random().nextInt(50);
      String id = newest.keyId().mint(epoch, node.random());
      node.source.absent(id);
      world.tickNow(node); // As the thread does that is woken.
      if (!node.isServing()) {
        return;
      }
    }
  }

  /** Of a reader: one read that is due and one that was asked for. */
  void read(SimulatedNode node, int withinAProbe) {
    world.check(
        withinAProbe <= 2, "I9", () -> node + " reads " + withinAProbe + " times in an interval");
  }

  /** Of one ring, nothing may be there twice: not one key under two ids, nor two under one. */
  void published(RingKey key, Iterable<RingKey> earlier) {
    for (RingKey other : earlier) {
      world.check(
          other.id().equals(key.id()) || !other.material().hasSameMaterial(key.material()),
          "one key",
          () -> other + " and " + key + " are the same");
    }
  }

  void checkEnd() {
    world.check(!world.store().isEmpty(), "liveness", () -> "nobody put the ring back");
    RingDocument newest = world.store().newest();
    for (SimulatedNode node : world.nodes()) {
      world.check(node.isServing(), "liveness", () -> node + " did not come back");
      world.check(!node.source.health().stale(), "liveness", () -> node + " stayed stale");
      KeyRingStatus status = node.source.status();
      world.check(status.lineage().equals(newest.lineage()), "I7", () -> "another lineage lives");
      world.check(
          status.epoch() >= world.store().epochAt(world.now().minus(Duration.ofMinutes(10))),
          "liveness",
          () -> node + " is behind");
      for (String id : world.node(0).revokedSeen()) {
        // The first node was there all the time, where stores lose what they know.
        world.check(
            node.source.current().find(id).isEmpty(), "I6", () -> node + " accepts revoked " + id);
      }
    }
    // □◇: some key is younger than period and lead, with a refresh to wait and one to notice.
    RingKey youngest = newest.newest().orElseThrow();
    Duration age = Duration.between(youngest.publishedAt(), world.now());
    world.check(
        age.compareTo(POLICY.period().plus(Duration.ofMinutes(30))) < 0,
        "liveness",
        () -> "the youngest key is " + age + " old");
  }

  int tokens() {
    return tokens;
  }

  /** Answers of 503, "ask again". */
  int retries() {
    return retries;
  }

  /** Tokens refused although alive; counted where the store itself breaks its word. */
  int lost() {
    return lost;
  }

  private record Token(String keyId, Instant expiry) {}
}
