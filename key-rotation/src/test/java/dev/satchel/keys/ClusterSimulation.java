package dev.satchel.keys;

import dev.satchel.TokenAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A cluster in virtual time: production key sources on a faulty store, with lag, skew, partitions,
 * outages, lost answers, pauses and restarts drawn from a seed (PROTOCOL.md (g)). What must never
 * happen throws {@link Violation}; {@link ClusterWatch} looks. One thread, no real clock: a seed
 * repeats itself exactly.
 */
class ClusterSimulation {
  static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

  /** A day, in which six keys come and go. */
  static final RotationPolicy POLICY =
      new RotationPolicy(
          TokenAlgorithm.A256GCM,
          Duration.ofHours(4),
          Duration.ofMinutes(66),
          TOKEN_LIFETIME,
          Duration.ofMinutes(60),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(6),
          Duration.ofMinutes(3),
          Duration.ofHours(16));

  private final Random random;
  private final Mutation mutation;
  private final Scenario scenario;
  private final VirtualTime time = new VirtualTime();
  private final ClusterWatch watch;
  private final List<SimulatedNode> nodes = new ArrayList<>();

  /** All stores there are: one, and a second while it is forked. */
  private final List<SimulatedStore> stores = new ArrayList<>();

  private Violation first;

  /** Whose commit the store takes. */
  private SimulatedNode committing;

  private Instant storeDownUntil = ManualTime.START;
  private boolean quiet;
  private int depth;

  ClusterSimulation(long seed, Scenario scenario, Mutation mutation) {
    this.random = new Random(seed);
    this.scenario = scenario;
    this.mutation = mutation;
    this.watch = new ClusterWatch(this);
    stores.add(new SimulatedStore(this));
  }

  void run(Duration duration) {
    if (!scenario.mayBootstrap() || random.nextBoolean()) { // by an operator, or by the first node
      KeyCustodian operator = custodian();
      while (store().isEmpty()) {
        operator.creation("shop", POLICY).attempt();
      }
    }
    for (int i = 0; i < scenario.nodes(); i++) {
      SimulatedNode node = new SimulatedNode(this, i, scenario.skew(i, random));
      nodes.add(node);
      time.in(between(Duration.ZERO, Duration.ofSeconds(5)), () -> boot(node));
      every(scenario.pace(), () -> watch.issue(node));
      every(Duration.ofMinutes(40), () -> watch.flood(node));
    }
    scenario.faults(this);
    Instant end = now().plus(duration);
    time.runUntil(end);
    heal();
    // Rotation goes on: longer than a lead and a few refreshes.
    time.runUntil(end.plus(Duration.ofHours(7)));
    watch.checkEnd();
  }

  private void heal() {
    quiet = true;
    storeDownUntil = now();
    merge();
    store().garbage(false);
    for (SimulatedNode node : nodes) {
      node.partitioned = false;
      node.disturbed();
      if (scenario == Scenario.CLOCK_SET) {
        node.setClock(scenario.skew(node.number, random));
      }
      bootIfGone(node);
    }
  }

  // Processes.

  void boot(SimulatedNode node) {
    node.start();
    if (node.source != null) {
      tick(node, node.source);
    }
  }

  void failedStart(SimulatedNode node) {
    time.in(Duration.ofMinutes(2), () -> bootIfGone(node)); // as a supervisor does
  }

  private void bootIfGone(SimulatedNode node) {
    if (node.source == null && !node.paused) {
      boot(node);
    }
  }

  void restart(SimulatedNode node) {
    if (node.isServing()) {
      boot(node);
    }
  }

  private void tick(SimulatedNode node, RotatingKeySource source) {
    if (node.source != source) {
      return; // of a process that is gone
    }
    if (node.paused) {
      time.in(Duration.ofSeconds(20), () -> tick(node, source));
      return;
    }
    long nanos = tickNow(node);
    if (node.source == source) {
      time.in(Duration.ofNanos(Math.max(1_000_000, nanos)), () -> tick(node, source));
    }
  }

  long tickNow(SimulatedNode node) {
    RotatingKeySource source = node.source;
    long nanos = source.tick();
    if (first != null) {
      throw first; // A tick survives every error, also those of a check in the store below it.
    }
    if (node.source == source) {
      watch.ticked(node);
    }
    return nanos;
  }

  /** A machine is frozen, and later runs again; a copy of it too, random generator and all. */
  void snapshot(SimulatedNode donor, SimulatedNode copy, Duration later) {
    if (!donor.isServing()) {
      return;
    }
    SimulatedNode.Snapshot taken = donor.snapshot();
    time.in(
        later,
        () -> {
          if (quiet || copy.paused || isStoreDown()) {
            return;
          }
          copy.restore(taken);
          if (copy.source != null) {
            // Its timers go on where they stood.
            RotatingKeySource source = copy.source;
            time.in(between(Duration.ZERO, POLICY.probeInterval()), () -> tick(copy, source));
          }
        });
  }

  /** The node sleeps; everybody else goes on. */
  void maybePause(SimulatedNode node, double chance, Duration longest) {
    if (quiet || node.number < 0 || depth > 6 || !chance(chance)) {
      return;
    }
    node.paused = true;
    depth++;
    time.runUntil(now().plus(between(Duration.ZERO, longest)));
    depth--;
    node.paused = false;
    node.disturbed();
  }

  // Operators.

  /** Somebody at a command line. */
  void operate(Operation operation) {
    if (quiet || isStoreDown() || store().isEmpty() || store().isGarbage()) {
      return;
    }
    try {
      operation.act(custodian());
    } catch (KeyRingException e) {
      // Refused, overtaken or unanswered, as operators are.
    }
  }

  private KeyCustodian custodian() {
    return new KeyCustodian(
        new SimulatedNode(this, -1, Duration.ZERO),
        KeyEncryptionKey.insecurePlaintext(),
        null,
        time::now,
        new SeededRandom(random.nextLong()));
  }

  // Stores and networks.

  SimulatedStore store() {
    return stores.get(0);
  }

  SimulatedStore storeOf(SimulatedNode node) {
    return stores.get(stores.size() > 1 && node.number % 2 == 1 ? 1 : 0);
  }

  /** Whether the store has lost something since this node read what it commits to. */
  boolean storeWentBackUnder(SimulatedNode node) {
    return node == null
        || !node.readAt().minus(POLICY.propagation()).isAfter(storeOf(node).wentBackAt());
  }

  void committing(SimulatedNode node) {
    committing = node;
  }

  SimulatedNode committing() {
    return committing;
  }

  /** Two halves of the cluster, each with a copy of the store that takes commits. */
  void fork() {
    if (stores.size() == 1 && !store().isEmpty()) {
      stores.add(store().copy());
    }
  }

  /** One of the two is thrown away, whatever was committed to it. */
  void merge() {
    if (stores.size() > 1) {
      stores.remove(random.nextInt(2));
      store().forgetfulFromNow();
    }
  }

  void storeDown(Duration duration) {
    storeDownUntil = now().plus(duration);
    time.in(duration, () -> nodes.forEach(SimulatedNode::disturbed));
  }

  void partition(SimulatedNode node, Duration duration) {
    node.partitioned = true;
    time.in(
        duration,
        () -> {
          node.partitioned = false;
          node.disturbed();
        });
  }

  boolean isStoreDown() {
    return now().isBefore(storeDownUntil);
  }

  /** How old the answer to a read is. */
  Duration lag() {
    return quiet ? Duration.ZERO : between(Duration.ZERO, POLICY.propagation());
  }

  // Time and chance.

  void in(Duration delay, Runnable action) {
    time.in(delay, action);
  }

  void at(Instant instant, Runnable action) {
    time.at(instant, action);
  }

  /** About so often. */
  private void every(Duration about, Runnable action) {
    time.in(
        between(about.dividedBy(2), about.plus(about.dividedBy(2))),
        () -> {
          action.run();
          every(about, action);
        });
  }

  /** About so often, for as long as there are faults. */
  void fault(Duration about, Runnable action) {
    every(
        about,
        () -> {
          if (!quiet) {
            action.run();
          }
        });
  }

  Duration between(Duration min, Duration max) {
    return min.plusMillis((long) (random.nextDouble() * max.minus(min).toMillis()));
  }

  boolean chance(double probability) {
    return !quiet && random.nextDouble() < probability;
  }

  void check(boolean holds, String invariant, Supplier<String> message) {
    if (!holds) {
      Violation violation = new Violation(invariant, message.get() + " at " + now());
      first = first == null ? violation : first;
      throw violation;
    }
  }

  SimulatedNode anyNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  SimulatedNode node(int number) {
    return nodes.get(number);
  }

  List<SimulatedNode> nodes() {
    return nodes;
  }

  Instant now() {
    return time.now();
  }

  Random random() {
    return random;
  }

  Mutation mutation() {
    return mutation;
  }

  Scenario scenario() {
    return scenario;
  }

  ClusterWatch watch() {
    return watch;
  }

  boolean isQuiet() {
    return quiet;
  }

  /** What an operator does. */
  interface Operation {
    void act(KeyCustodian custodian);
  }

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
