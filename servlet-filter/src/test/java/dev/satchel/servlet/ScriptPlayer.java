package dev.satchel.servlet;

import dev.satchel.servlet.OracleScript.Visit;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Plays scripts in one application and writes down what happens. Knows nothing of the filter,
 * except that it refuses changes that come too late: where there is none, the same changes are left
 * out, so that both sessions hold the same afterwards.
 */
final class ScriptPlayer {
  /** Longer than any request of a script takes on a busy machine. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** No difference between two sessions, but a script that does not end. */
  static final class Unended extends Exception {
    private static final long serialVersionUID = 1L;

    Unended(String message) {
      super(message);
    }
  }

  private final boolean filtered;
  private volatile Transcript transcript = new Transcript();
  private volatile Scene scene;
  private int active;

  /**
   * @param filtered whether this application has the filter
   */
  ScriptPlayer(boolean filtered) {
    this.filtered = filtered;
  }

  void hear(String what) {
    transcript.add("    heard " + what);
  }

  String id(String id) {
    return transcript.id(id);
  }

  void ended(String id) {
    transcript.ended(id);
  }

  /** To be called before the filter is registered. */
  void startup(ServletContext context) {
    context.setAttribute(ScriptPlayer.class.getName(), this);
    context.setSessionTimeout(30);
    context.addListener(new OracleValues.Listener("L1", this));
    context.addListener(new OracleValues.Listener("L2", this));
    Filter gate =
        (request, response, chain) -> {
          enter();
          Scene mine = scene;
          try {
            chain.doFilter(request, response);
          } finally {
            mine.afterDispatch();
            leave();
          }
        };
    var registration = context.addFilter("gate", gate);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(
        EnumSet.of(
            jakarta.servlet.DispatcherType.REQUEST,
            jakarta.servlet.DispatcherType.ASYNC,
            jakarta.servlet.DispatcherType.ERROR),
        false,
        "/*");
    TestApp.named(context, "block", (q, r) -> scene.playBlock(q, r));
  }

  void pages(TestApp app) {
    app.on("/run", (q, r) -> scene.playPage(q, r));
    app.on("/block", (q, r) -> scene.playBlock(q, r));
    app.on("/error", (q, r) -> scene.playErrorPage(q, r));
    app.on("/broken", (q, r) -> scene.playErrorPage(q, r));
  }

  synchronized void enter() {
    active++;
  }

  synchronized void leave() {
    active--;
    notifyAll();
  }

  private synchronized boolean awaitIdle() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (active > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        active = 0;
        return false;
      }
      wait(left);
    }
    return true;
  }

  /**
   * Plays a script from its beginning.
   *
   * @param refused the changes that the filter refuses, from the transcript of another player
   */
  Transcript play(OracleScript script, TestApp app, Set<String> refused) throws Exception {
    Transcript mine = new Transcript();
    transcript = mine;
    Map<String, Client> browsers = new HashMap<>();
    int number = 0;
    for (Visit visit : script.visits()) {
      number++;
      mine.add(number + " " + visit.browser() + " " + visit.method());
      scene = new Scene(this, mine, visit, number, filtered, refused);
      Client client = browsers.computeIfAbsent(visit.browser(), name -> app.client());
      List<String> wire = new ArrayList<>();
      try {
        Client.Answer answer = client.send(visit.method(), "/run");
        WireText.of(answer, wire);
      } catch (RuntimeException | java.io.IOException e) {
        wire.add("  wire: no whole answer");
      }
      if (!awaitIdle()) {
        throw new Unended("visit " + number + " did not end within 20 s: " + mine.lines());
      }
      wire.forEach(mine::add);
      if (mine.isStopped()) {
        break;
      }
    }
    return mine;
  }
}
