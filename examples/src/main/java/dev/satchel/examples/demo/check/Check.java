package dev.satchel.examples.demo.check;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Drives a running cluster from outside, through its front alone: scripted visitors come and stay
 * while keys are rotated, node A is killed and started again, and a cookie is forged. Reports line
 * by line; the last line is the verdict.
 */
public final class Check {
  private static final List<String> NAMES =
      List.of("Ada", "Bjørn", "Chloé & Co", "D'Arcy", "<b>Eve</b>");
  private static final List<String> NODES = List.of("A", "B");

  /** As many requests as the check promises at least. */
  private static final int MIN_REQUESTS = 200;

  /** Pages that each visitor must have had from a node before the next thing happens to it. */
  private static final int PAGES = 8;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(10);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Tally tally = new Tally();
  private final List<Visitor> visitors = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final URI front;
  private final PrintStream out;
  private final long start = System.nanoTime();
  private int rotations;
  private int kills;

  /**
   * @param front where the cluster's front is
   */
  public Check(URI front, PrintStream out) {
    this.front = front;
    this.out = out;
  }

  /** Runs the whole check; true if nothing was lost and everything was as it must be. */
  public boolean run() throws IOException, InterruptedException {
    say("front   %s, nodes %s, %d visitors at once", front, NODES, NAMES.size());
    List<Thread> threads = new ArrayList<>();
    for (String name : NAMES) {
      Visitor visitor = new Visitor(name, newBrowser());
      visitors.add(visitor);
      threads.add(new Thread(visitor, "visitor " + name));
    }
    threads.forEach(Thread::start);
    try {
      play("start", this::settle);
      play("rotate", this::rotate);
      play("kill", this::killAndRestart);
      play("tamper", this::tamper);
      play("leave", this::signOut);
      play("count", () -> await("requests", visitor -> tally.requests() >= MIN_REQUESTS));
    } finally {
      visitors.forEach(Visitor::leave);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    return verdict();
  }

  private interface Scene {
    void play() throws IOException, InterruptedException;
  }

  /** What goes wrong in one scene does not keep the others from being seen. */
  private void play(String name, Scene scene) throws IOException, InterruptedException {
    try {
      scene.play();
    } catch (IllegalStateException e) {
      failures.add(name + ": " + e.getMessage());
    }
  }

  /** Every visitor has been served by both nodes, in turn, before anything happens. */
  private void settle() {
    awaitPages("pages from both nodes", NODES);
    say("start   every visitor has been served by both nodes; tokens under key %s", keyIds());
  }

  private void rotate() throws IOException, InterruptedException {
    Collection<String> before = keyIds();
    long rotated = System.nanoTime();
    Browser operator = newBrowser();
    publish(operator);
    await("a token under the new key", visitor -> !before.contains(visitor.keyId()));
    String lead = since(rotated).strip();
    // The nodes change over within a tick of each other: until both have, tokens go to and fro.
    awaitPages("pages under the new key", NODES);
    Collection<String> after = keyIds();
    require(after.size() == 1, "tokens are under " + after + " after the rotation");
    rotations++;
    say(
        "rotate  key %s -> %s after a lead of %s; %d tokens were accepted under one and written"
            + " again under the other",
        before, after, lead, tally.reissues());
    require(
        tally.reissues() >= visitors.size(),
        "fewer tokens were reissued than there are visitors: " + tally.reissues());
  }

  /**
   * A ring takes no second key within half a lead of the first, and this cluster may be a second
   * old: the button is pressed until the page says that a key waits for its turn.
   */
  private static void publish(Browser operator) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    do {
      require(System.nanoTime() - deadline < 0, "no key was published");
      Reply reply = operator.post("/rotate", "csrf", operator.get("/").csrf());
      require(reply.status() == 303, "rotation was answered with status " + reply.status());
      LockSupport.parkNanos(POLL.toNanos());
    } while (!operator.get("/").awaitsKey());
  }

  private void killAndRestart() throws IOException, InterruptedException {
    Browser operator = newBrowser();
    Reply stopped = operator.post("/front/stop");
    require(stopped.status() == 303, "node A was not killed: status " + stopped.status());
    kills++;
    long atKill = tally.of("A");
    long killed = System.nanoTime();
    awaitPages("pages from B alone", List.of("B"));
    // Answers that A had already given may still have been on their way.
    require(
        tally.of("A") - atKill <= visitors.size(),
        "A went on answering after it was killed: " + (tally.of("A") - atKill));
    say(
        "kill    node A; requests it had in hand and never answered: %d, sent again; B alone for %s",
        tally.of(502), since(killed).strip());

    Reply started = operator.post("/front/start");
    require(started.status() == 303, "node A was not started: status " + started.status());
    awaitPages("pages from the new A", List.of("A"));
    say("restart node A, with nothing but the ring; it answers again");
  }

  /** One character of the sealed text is another. */
  private void tamper() throws IOException, InterruptedException {
    Browser mallory = newBrowser();
    signIn(mallory, "Mallory");
    String good = mallory.jar().token().orElseThrow();
    int middle = good.lastIndexOf('.') - 8;
    char other = good.charAt(middle) == 'A' ? 'B' : 'A';
    String bad = good.substring(0, middle) + other + good.substring(middle + 1);

    mallory.jar().forge(bad);
    Reply asked = mallory.get("/who");
    require(
        asked.status() == 200 && asked.body().equals("nobody\n"),
        "/who says " + asked.body().strip() + ", status " + asked.status());
    require(
        asked.setCookies().size() == 1 && asked.expiringCookies() == 1,
        asked.setCookies().size() + " Set-Cookie lines, not one that expires");

    mallory.jar().take(List.of(cookie(bad)));
    Reply page = mallory.get("/");
    require(
        page.status() == 200 && page.user().isEmpty() && page.views() == 1,
        "no fresh session, status " + page.status());
    require(
        page.setCookies().size() == 1 && page.expiringCookies() == 0,
        "the fresh session is not in exactly one cookie");

    mallory.jar().forge(good);
    Reply back = mallory.get("/who");
    require(back.body().equals("Mallory\n"), "the cookie before the tampering is no longer good");
    say(
        "tamper  one character changed: nobody, the cookie expired in one line; then a fresh session");
  }

  private static String cookie(String token) {
    return "__Host-Http-shop=" + token + "; Path=/; Secure; HttpOnly; SameSite=Lax";
  }

  private void signOut() throws IOException, InterruptedException {
    Browser grace = newBrowser();
    Reply page = signIn(grace, "Grace");
    grace.post("/cart", "csrf", page.csrf(), "product", "balm");
    Reply shown = grace.get("/");
    require(
        shown.user().equals("Grace") && shown.cart().containsKey("balm"),
        "Grace has not what she put in her cart");
    Reply left = grace.post("/sign-out", "csrf", shown.csrf());
    require(
        left.status() == 303 && left.expiringCookies() == 1 && grace.jar().token().isEmpty(),
        "the cookie was not expired, status " + left.status());
    Reply after = grace.get("/");
    require(
        after.status() == 200
            && after.user().isEmpty()
            && after.cart().isEmpty()
            && after.views() == 1,
        "something of the old session is still there");
    say("leave   signed out: cookie expired; the next page is anonymous, with an empty cart");
  }

  private Reply signIn(Browser browser, String name) throws IOException, InterruptedException {
    Reply reply = browser.post("/sign-in", "csrf", browser.get("/").csrf(), "name", name);
    require(reply.status() == 303, "sign-in: status " + reply.status());
    Reply page = browser.get("/");
    require(page.user().equals(name), "sign-in: the page does not say so");
    return page;
  }

  private boolean verdict() {
    say("nodes   %s requests, by node; %s by status", tally.byNode(), tally.byStatus());
    long lost = visitors.stream().filter(visitor -> visitor.loss().isPresent()).count();
    for (Visitor visitor : visitors) {
      visitor.loss().ifPresent(loss -> say("LOST    %s: %s", visitor.name(), loss));
    }
    failures.forEach(failure -> say("FAILED  %s", failure));
    boolean ok = lost == 0 && failures.isEmpty() && tally.requests() >= MIN_REQUESTS;
    // The verdict stands alone: whoever runs this in a pipeline looks for the whole line.
    out.println(
        "demo: "
            + count(tally.requests(), "request")
            + ", "
            + count(tally.byNode().size(), "node")
            + ", "
            + count(rotations, "rotation")
            + ", "
            + count(kills, "node")
            + " killed, "
            + count(lost, "session")
            + " lost: "
            + (ok ? "OK" : "FAILED"));
    return ok;
  }

  private Browser newBrowser() {
    return new Browser(client, front, tally);
  }

  private Collection<String> keyIds() {
    return visitors.stream().map(Visitor::keyId).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Waits until every visitor has had some more pages from each of the nodes. */
  private void awaitPages(String what, List<String> nodes) {
    Map<Visitor, Integer> before = new HashMap<>();
    for (String node : nodes) {
      visitors.forEach(visitor -> before.put(visitor, visitor.pagesFrom(node)));
      await(what, visitor -> visitor.pagesFrom(node) >= before.getOrDefault(visitor, 0) + PAGES);
    }
  }

  /** Waits until it is true of every visitor that still has a session; too long is a failure. */
  private void await(String what, Predicate<Visitor> condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!visitors.stream().allMatch(v -> v.loss().isPresent() || condition.test(v))) {
      require(
          System.nanoTime() - deadline < 0, "not within " + PATIENCE.toSeconds() + " s: " + what);
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private static void require(boolean condition, String failure) {
    if (!condition) {
      throw new IllegalStateException(failure);
    }
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String since(long start) {
    return String.format(Locale.ROOT, "%4.1f s", (System.nanoTime() - start) / 1e9);
  }

  private void say(String format, Object... values) {
    out.println(since(start) + "  " + String.format(Locale.ROOT, format, values));
  }
}
