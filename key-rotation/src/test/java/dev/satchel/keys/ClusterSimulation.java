package dev.satchel.keys;

import dev.satchel.KeyRing;
import dev.satchel.KeySource.Absence;
import dev.satchel.SessionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A cluster in virtual time: production key sources on a faulty store, with lag, skew, partitions,
 * outages, lost answers, pauses and restarts drawn from a seed (PROTOCOL.md (g)). Every token is
 * shown to every node; what must never happen throws {@link Violation}. One thread, no real clock:
 * a seed repeats itself exactly.
 */
class ClusterSimulation {
  private Violation first;
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

  private final Random random;
  private final Mutation mutation;
  private final Scenario scenario;
  private final SimulatedStore store = new SimulatedStore(this);
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final PriorityQueue<Event> queue =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::number));
  private final Set<String> emergencyKeys = new HashSet<>();
  private final Map<String, Long> revokedAtEpoch = new HashMap<>();

  private Instant now = ManualTime.START;
  private long events;
  private Instant storeDownUntil = ManualTime.START;
  private boolean quiet;
  private int tokens;
  private int retries;
  private int lost;
  private int depth;

  ClusterSimulation(long seed, Scenario scenario, Mutation mutation) {
    this.random = new Random(seed);
    this.scenario = scenario;
    this.mutation = mutation;
  }

  /** A day, in which six keys come and go. */
  RotationPolicy policy() {
    Duration minute = Duration.ofMinutes(1);
    return new RotationPolicy(
        dev.satchel.TokenAlgorithm.A256GCM,
        Duration.ofHours(4),
        Duration.ofMinutes(66),
        TOKEN_LIFETIME,
        Duration.ofMinutes(60),
        minute,
        minute,
        minute,
        Duration.ofMinutes(6),
        Duration.ofMinutes(3),
        Duration.ofHours(16));
  }

  void run(Duration duration) {
    if (!mayBootstrap()
        || random.nextBoolean()) { // by an operator, or by the first node that starts
      KeyCustodian operator = custodian();
      while (store.isEmpty()) {
        operator.creation("shop", policy()).attempt();
      }
    }
    for (int i = 0; i < scenario.nodes(); i++) {
      SimulatedNode node = new SimulatedNode(this, i, scenario.skew(i, random, policy()));
      nodes.add(node);
      at(between(Duration.ZERO, Duration.ofSeconds(5)), () -> boot(node));
      every(Duration.ofMinutes(12), () -> issue(node));
    }
    scenario.faults(this);
    Instant end = now.plus(duration);
    runUntil(end);
    quiet = true;
    storeDownUntil = now;
    store.garbage(false);
    nodes.forEach(node -> node.partitioned = false);
    // Everything heals, and rotation goes on: longer than a lead and a few refreshes.
    runUntil(end.plus(Duration.ofHours(7)));
    checkEnd();
  }

  private void checkEnd() {
    check(!store.isEmpty(), "liveness", "nobody put the ring back");
    RingDocument newest = store.newest();
    for (SimulatedNode node : nodes) {
      check(node.isServing(), "liveness", "a node did not come back");
      check(!node.source.health().stale(), "liveness", "a node stayed stale");
      check(node.source.status().lineage().equals(newest.lineage()), "I7", "another lineage lives");
    }
    // □◇: some key is younger than period and lead, with a refresh to wait and one to notice.
    RingKey youngest = newest.newest().orElseThrow();
    Duration age = Duration.between(youngest.publishedAt(), now);
    check(
        age.compareTo(policy().period().plus(Duration.ofMinutes(30))) < 0,
        "liveness",
        () -> "the youngest key is " + age + " old");
  }

  // What happens.

  private void boot(SimulatedNode node) {
    node.start();
    if (node.source != null) {
      tick(node, node.source);
    }
  }

  void failedStart(SimulatedNode node) {
    in(Duration.ofMinutes(2), () -> boot(node)); // as a supervisor does
  }

  private void tick(SimulatedNode node, RotatingKeySource source) {
    if (node.source != source) {
      return; // of a process that is gone
    }
    if (node.paused) {
      in(Duration.ofSeconds(20), () -> tick(node, source));
      return;
    }
    long nanos = source.tick();
    if (first != null) {
      throw first; // A tick survives every error, also those of a check in the store below it.
    }
    if (node.source == source) {
      long epoch = source.status().epoch();
      check(epoch >= node.highestEpoch, "I6", () -> "a node went back from " + node.highestEpoch);
      node.highestEpoch = epoch;
      in(Duration.ofNanos(Math.max(1_000_000, nanos)), () -> tick(node, source));
    }
  }

  void restart(SimulatedNode node) {
    if (node.isServing()) {
      boot(node);
    }
  }

  private void issue(SimulatedNode node) {
    if (!node.isServing()) {
      return;
    }
    KeyRing ring = node.source.current();
    boolean stale = node.source.health().stale();
    check(
        stale || !scenario.isClockGood(node) || ring.issuing().isPresent(),
        "I4",
        () ->
            "node "
                + node.number
                + " serves and has nothing to sign with: "
                + node.source.health()
                + node.source.status());
    if (ring.issuing().isEmpty()) {
      return;
    }
    Instant bound = ring.latestExpiry().orElse(Instant.MAX);
    Instant wanted = node.wall().plus(TOKEN_LIFETIME);
    check(
        stale || !bound.isBefore(wanted) || bound.isAfter(node.wall()),
        "N4",
        "a token is born dead");
    Token token = new Token(ring.issuing().get().id(), bound.isBefore(wanted) ? bound : wanted);
    tokens++;
    nodes.forEach(other -> show(token, other));
    if (!scenario.isClockGood(node)) {
      return; // Its dates are wrong by hours; that everybody has the key is all it can promise.
    }
    for (SimulatedNode other : nodes) {
      Duration left = Duration.between(other.wall(), token.expiry());
      if (left.toMillis() > 2) {
        in(
            Duration.ofMillis((long) (left.toMillis() * random.nextDouble())),
            () -> show(token, other));
        in(left.minusMillis(1), () -> show(token, other)); // (g) 12: at exp − 1 ms
      }
    }
    checkSigners();
  }

  private void checkSigners() {
    var signing = new HashSet<String>();
    for (SimulatedNode node : nodes) {
      if (node.isServing() && !node.source.health().stale() && scenario.isClockGood(node)) {
        node.source.current().issuing().map(SessionKey::id).ifPresent(signing::add);
      }
    }
    signing.removeAll(emergencyKeys);
    signing.removeAll(revokedAtEpoch.keySet());
    check(
        signing.size() <= 2 || scenario.isLossy(),
        "I3",
        () -> signing.size() + " keys sign at once");
  }

  private void show(Token token, SimulatedNode node) {
    if (!node.isServing() || !scenario.isClockGood(node)) {
      return;
    }
    if (!node.wall().isBefore(token.expiry())) {
      return;
    }
    boolean found = node.source.current().find(token.keyId()).isPresent();
    Long revoked = revokedAtEpoch.get(token.keyId());
    if (revoked != null) {
      check(!found || node.source.status().epoch() < revoked, "I6", "a revoked key verifies again");
      return;
    }
    if (found) {
      return;
    }
    Absence absence = node.source.absent(token.keyId());
    boolean stale = node.source.health().stale();
    boolean emergency = emergencyKeys.contains(token.keyId());
    if (scenario.isLossy() && absence != Absence.NOT_YET_KNOWN) {
      lost++; // What a store acknowledged and forgot may take with it what was sealed meanwhile.
      return;
    }
    check(
        absence == Absence.NOT_YET_KNOWN,
        "I2",
        () ->
            "a living token of "
                + token.keyId()
                + " is "
                + absence
                + " at node "
                + node.number
                + " which has "
                + node.source.status());
    check(
        stale || emergency || scenario.isLossy(),
        "I1",
        () -> "node " + node.number + " lacks a key that others sign with: " + token);
    retries++;
  }

  /** An operator at a command line. */
  void operate(Operation operation) {
    if (isStoreDown() || store.isEmpty() || store.isGarbage()) {
      return;
    }
    try {
      operation.act(custodian(), this);
    } catch (KeyRingException e) {
      // Refused, overtaken or unanswered, as operators are.
      recordEmergencies();
    }
  }

  private KeyCustodian custodian() {
    return new KeyCustodian(
        new SimulatedNode(this, -1, Duration.ZERO),
        KeyEncryptionKey.insecurePlaintext(),
        null,
        this::now,
        new SeededRandom(random.nextLong()));
  }

  void recordEmergencies() {
    RingDocument newest = store.newest();
    for (RingKey key : newest.keys()) {
      if (key.origin() == Origin.FORCED && mutation == Mutation.NONE) {
        emergencyKeys.add(key.id());
      }
    }
    for (Tombstone gone : newest.tombstones()) {
      if (gone.why() == Tombstone.Why.REVOKED) {
        revokedAtEpoch.putIfAbsent(gone.id(), newest.epoch());
      }
    }
  }

  void storeDown(Duration duration) {
    storeDownUntil = now.plus(duration);
  }

  void partition(SimulatedNode node, Duration duration) {
    node.partitioned = true;
    in(duration, () -> node.partitioned = false);
  }

  /** The node sleeps; everybody else goes on. */
  void maybePause(SimulatedNode node, double chance, Duration longest) {
    if (quiet || node.number < 0 || depth > 6 || !chance(chance)) {
      return;
    }
    node.paused = true;
    depth++;
    runUntil(now.plus(between(Duration.ZERO, longest)));
    depth--;
    node.paused = false;
  }

  // How it happens.

  private void runUntil(Instant end) {
    while (!queue.isEmpty() && !queue.peek().at().isAfter(end)) {
      Event event = queue.poll();
      if (event.at().isAfter(now)) {
        now = event.at();
      }
      event.action().run();
    }
    if (end.isAfter(now)) {
      now = end;
    }
  }

  void in(Duration delay, Runnable action) {
    queue.add(new Event(now.plus(delay), events++, action));
  }

  private void at(Duration sinceStart, Runnable action) {
    in(sinceStart, action);
  }

  /** About so often, for as long as there are faults; tokens go on. */
  void every(Duration about, Runnable action) {
    in(
        between(about.dividedBy(2), about.plus(about.dividedBy(2))),
        () -> {
          action.run();
          every(about, action);
        });
  }

  void fault(Duration about, Runnable action) {
    every(
        about,
        () -> {
          if (!quiet) {
            action.run();
          }
        });
  }

  void check(boolean holds, String invariant, String message) {
    check(holds, invariant, () -> message);
  }

  private void check(boolean holds, String invariant, Supplier<String> message) {
    if (!holds) {
      Violation violation = new Violation(invariant, message.get() + " at " + now);
      first = first == null ? violation : first;
      throw violation;
    }
  }

  Duration between(Duration min, Duration max) {
    return min.plusMillis((long) (random.nextDouble() * max.minus(min).toMillis()));
  }

  boolean chance(double probability) {
    return !quiet && random.nextDouble() < probability;
  }

  Duration lag() {
    return quiet ? Duration.ZERO : between(Duration.ZERO, policy().propagation());
  }

  boolean mayBootstrap() {
    return scenario.mayBootstrap();
  }

  boolean isStoreDown() {
    return now.isBefore(storeDownUntil);
  }

  SimulatedNode anyNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  Instant now() {
    return now;
  }

  Random random() {
    return random;
  }

  Mutation mutation() {
    return mutation;
  }

  SimulatedStore store() {
    return store;
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

  /** What an operator does. */
  interface Operation {
    void act(KeyCustodian custodian, ClusterSimulation world);
  }

  private record Event(Instant at, long number, Runnable action) {}

  private record Token(String keyId, Instant expiry) {}

  /** Something that must never happen did. Nothing of production catches an error. */
  static final class Violation extends Error {
    private static final long serialVersionUID = 1L;

    private final String invariant;

    Violation(String invariant, String message) {
      super(invariant + ": " + message);
      this.invariant = invariant;
    }

    String invariant() {
      return invariant;
    }
  }
}
