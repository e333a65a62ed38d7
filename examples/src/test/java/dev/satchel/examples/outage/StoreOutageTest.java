package dev.satchel.examples.outage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionPolicy;
import dev.satchel.TokenAlgorithm;
import dev.satchel.examples.TomcatNodes;
import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.KeyPhase;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.RingChange;
import dev.satchel.keys.RotatingKeySource;
import dev.satchel.keys.RotationPolicy;
import dev.satchel.servlet.SessionCookie;
import dev.satchel.servlet.StatelessSessionFilter;
import jakarta.servlet.ServletContext;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes with the filter share a ring in a real server, visitors make 1,000 requests a second,
 * and the server is killed and started again: no session is lost, no cookie is deleted, and 503 is
 * answered in an emergency rotation alone, until every node has looked (PROTOCOL.md b.6, N6, N9).
 *
 * <p>Time passes here, as the servers' clocks cannot be moved. So that a slow machine makes the
 * test slow and not red, it waits for what happens and for numbers of requests, and counts bounds
 * in looks at the store where it can. {@code -Dsatchel.outage.rounds=N} does it N times over.
 */
class StoreOutageTest {
  private static final String APPLICATION = "shop";

  /**
   * As short as the rules allow for nodes that may go without the store for four seconds; fewer,
   * and a busy machine could make a node stale that has done nothing wrong.
   */
  private static final RotationPolicy POLICY =
      new RotationPolicy(
          TokenAlgorithm.A256GCM,
          Duration.ofMillis(8500), // period: the next key is due half a lead after the last one
          Duration.ofMillis(5500), // lead
          Duration.ofHours(8), // maxTokenLifetime
          Duration.ofSeconds(4), // staleAfter
          Duration.ofMillis(100), // propagation
          Duration.ofMillis(200), // clockSkew
          Duration.ofSeconds(1), // commitTimeout
          Duration.ofMillis(400), // refreshInterval
          Duration.ofMillis(200), // probeInterval
          Duration.ofHours(24)); // signingLimit

  /** A probe that finds the new revision, and the read that fetches it. */
  private static final int LOOKS = 2;

  /** By how much a machine with other things to do may be late where seconds count. */
  private static final Duration MACHINE = Duration.ofSeconds(10);

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final int ROUNDS = Integer.getInteger("satchel.outage.rounds", 1);

  /** Fifteen seconds of 1,000. */
  private static final int REQUESTS_OF_ROUND = 15_000;

  /** Alarms are what this is about; the reference keeps the logger and its level. */
  private static final Logger LOGGER = Logger.getLogger("dev.satchel");

  @TempDir Path temp;

  private final List<RotatingKeySource> sources = new ArrayList<>();
  private final List<NodeLink> links = new ArrayList<>();
  private final List<Window> windows = new ArrayList<>();
  private KeyEncryptionKey kek;
  private KeyCustodian operator;
  private RingServer server;
  private Load load;

  /** In which 503 is allowed, by {@link System#nanoTime}. */
  private record Window(long from, long until) {
    boolean covers(Load.Refusal refusal) {
      return refusal.ended() - from >= 0 && refusal.began() - until <= 0;
    }
  }

  @BeforeEach
  void quiet() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterEach
  void loud() {
    LOGGER.setLevel(null);
    sources.forEach(RotatingKeySource::close);
  }

  @Test
  void postgres_killedUnderLoad_noSessionIsLost() throws Exception {
    try (RingServer postgres = new PostgresServer(temp.resolve("server"))) {
      surviveOutages(postgres);
    }
  }

  @Test
  void redis_killedUnderLoad_noSessionIsLost() throws Exception {
    try (RingServer redis = new RedisServer(temp.resolve("server"))) {
      surviveOutages(redis);
    }
  }

  private void surviveOutages(RingServer store) throws Exception {
    server = store;
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    kek = KeyEncryptionKey.ofSecret(secret);
    try (KeyRingStore own = store.open();
        TomcatNodes nodes = nodes(own)) {
      load =
          new Load(
              IntStream.range(0, sources.size()).mapToObj(nodes::location).toList(),
              SessionCookie.host(APPLICATION).name());
      try (Load running = load) {
        running.start();
        for (int round = 1; round <= ROUNDS; round++) {
          awaitRequests(1000);
          storeGoesAndComesBack();
          keyIsReplacedOnTime();
          keyIsReplacedInAnEmergencyAndRevoked();
          storeDiesInTheMiddleOfAnEmergency();
          awaitRequests(Math.max(1000, (long) round * REQUESTS_OF_ROUND - load.requests()));
        }
      }
    }
    verdict();
  }

  private TomcatNodes nodes(KeyRingStore own) throws Exception {
    operator = new KeyCustodian(own, kek, InstantSource.system());
    operator.creation(APPLICATION, POLICY).commit();
    return TomcatNodes.start(temp, List.of("A", "B", "C"), this::deploy);
  }

  private void deploy(Tomcat tomcat) {
    NodeLink link = new NodeLink(server.open());
    RotatingKeySource source =
        RotatingKeySource.builder(link, kek).role(RotatingKeySource.Role.WRITER).build();
    links.add(link);
    sources.add(source);
    tomcat
        .addContext("", null)
        .addServletContainerInitializer((types, app) -> deploy(app, source), Set.of());
  }

  private static void deploy(ServletContext app, RotatingKeySource source) {
    StatelessSessionFilter.builder(APPLICATION, source)
        .policy(SessionPolicy.defaults().withAbsoluteLifetime(POLICY.maxTokenLifetime()))
        .build()
        .register(app);
    app.addServlet("count", new CountServlet()).addMapping("/");
  }

  private void storeGoesAndComesBack() throws Exception {
    server.kill();
    await("nodes notice", () -> allNodes(node -> !node.health().alarms().isEmpty()));
    awaitRequests(2000);
    server.start();
    await("nodes recover", () -> allNodes(node -> node.health().alarms().isEmpty()));
  }

  /** Published by one of the nodes; nobody is told, and nobody answers 503. */
  private void keyIsReplacedOnTime() {
    String before = sources.get(0).health().issuing().orElseThrow();
    await("scheduled rotation", () -> allNodes(node -> !signingKey(node).id().equals(before)));
    assertThat(sources)
        .allSatisfy(node -> assertThat(signingKey(node).origin()).isEqualTo("scheduled"));
    awaitVisits();
  }

  private void keyIsReplacedInAnEmergencyAndRevoked() {
    long from = System.nanoTime();
    KeyRingStatus after = commit(operator::emergencyRotation);
    awaitEmergencyOver(after, from, System.nanoTime());
    KeyRingStatus.Key forced = after.keys().stream().reduce((a, b) -> later(a, b)).orElseThrow();
    await("emergency key signs", () -> allNodes(node -> isOrFollows(signingKey(node), forced)));
    awaitVisits();
    // A key that waits for its turn stays: it may get it before this has been committed.
    Set<String> old =
        operator.status().keys().stream()
            .filter(key -> key.phase() == KeyPhase.DEACTIVATED)
            .filter(key -> key.activateAt().isBefore(forced.activateAt()))
            .map(KeyRingStatus.Key::id)
            .collect(Collectors.toSet());
    assertThat(old).isNotEmpty();
    KeyRingStatus revoked = commit(() -> operator.revocation(old));
    await("revocation known", () -> allNodes(node -> knows(node, revoked)));
    awaitVisits();
    assertThat(load.visitors())
        .allSatisfy(visitor -> assertThat(old).doesNotContain(visitor.keyId().orElseThrow()));
  }

  /** One node knows the new key and signs with it, the others cannot find out what it is. */
  private void storeDiesInTheMiddleOfAnEmergency() throws Exception {
    List<NodeLink> cut = links.subList(1, links.size());
    cut.forEach(NodeLink::cut);
    long from = System.nanoTime();
    int before = load.refusals().size();
    KeyRingStatus after = commit(operator::emergencyRotation);
    sources.get(0).refresh();
    server.kill();
    cut.forEach(NodeLink::mend);
    await("503 from both", () -> refusingNodes(before).equals(Set.of(1, 2)));
    awaitRequests(500);
    server.start();
    awaitEmergencyOver(after, from, System.nanoTime());
  }

  private Set<Integer> refusingNodes(int before) {
    List<Load.Refusal> all = load.refusals();
    return all.subList(before, all.size()).stream()
        .map(Load.Refusal::node)
        .collect(Collectors.toSet());
  }

  /**
   * No 503 after every node has read the ring, and that is P and one probe interval from when the
   * store had it to give: with the first look that the rules allow to count.
   */
  private void awaitEmergencyOver(KeyRingStatus after, long from, long available) {
    await("emergency key known", () -> allNodes(node -> knows(node, after)));
    long until = System.nanoTime();
    windows.add(new Window(from, until));
    long counting = available + POLICY.propagation().toNanos();
    // Nobody has emptied the store, so revisions are epochs.
    assertThat(links)
        .allSatisfy(
            link ->
                assertThat(link.looksUntil(after.epoch(), counting)).isLessThanOrEqualTo(LOOKS));
    assertThat(Duration.ofNanos(until - available))
        .isLessThan(POLICY.emergencyLead().plus(MACHINE));
  }

  private void verdict() {
    assertThat(load.faults()).isEmpty();
    assertThat(load.refusals())
        .isNotEmpty()
        .allMatch(refusal -> windows.stream().anyMatch(window -> window.covers(refusal)));
    assertThat(load.requests()).isGreaterThanOrEqualTo((long) ROUNDS * REQUESTS_OF_ROUND);
    long counted = load.visitors().stream().mapToLong(Load.Visitor::count).sum();
    assertThat(counted).isEqualTo(load.requests() - load.refusals().size());
  }

  /** Again where one of the nodes was first. */
  private static KeyRingStatus commit(Supplier<RingChange> change) {
    while (true) {
      try {
        return change.get().commit();
      } catch (KeyRingException e) {
        if (e.reason() != KeyRingException.Reason.CONFLICT) {
          throw e;
        }
      }
    }
  }

  private boolean allNodes(Predicate<RotatingKeySource> condition) {
    return sources.stream().allMatch(condition);
  }

  private static boolean knows(RotatingKeySource node, KeyRingStatus ring) {
    return node.health().epoch() >= ring.epoch();
  }

  private static KeyRingStatus.Key signingKey(RotatingKeySource node) {
    String id = node.health().issuing().orElseThrow();
    return node.status().keys().stream()
        .filter(key -> key.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isOrFollows(KeyRingStatus.Key key, KeyRingStatus.Key forced) {
    return !key.activateAt().isBefore(forced.activateAt());
  }

  private static KeyRingStatus.Key later(KeyRingStatus.Key a, KeyRingStatus.Key b) {
    return b.epoch() > a.epoch() ? b : a;
  }

  /** Until every visitor has begun and ended a visit from now on; one was under way. */
  private void awaitVisits() {
    Map<Load.Visitor, Integer> before = new HashMap<>();
    load.visitors().forEach(visitor -> before.put(visitor, visitor.count()));
    await(
        "visits",
        () ->
            before.entrySet().stream()
                .allMatch(visitor -> visitor.getKey().count() >= visitor.getValue() + 2));
  }

  private void awaitRequests(long more) {
    long enough = load.requests() + more;
    await("requests", () -> load.requests() >= enough);
  }

  private void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(load.faults()).as("until %s", what).isEmpty();
      assertThat(deadline - System.nanoTime()).as("%s: not for too long", what).isPositive();
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}
