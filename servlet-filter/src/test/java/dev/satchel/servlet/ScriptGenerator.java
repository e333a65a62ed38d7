package dev.satchel.servlet;

import dev.satchel.servlet.OracleScript.Step;
import dev.satchel.servlet.OracleScript.Visit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes a script of a seed: the same one for ever. */
final class ScriptGenerator {
  private static final int MAX_DEPTH = 3;

  private final Random random;

  private ScriptGenerator(long seed) {
    this.random =
        new Random(seed * 0x9E3779B97F4A7C15L); // neighbours shall not resemble each other
  }

  static OracleScript script(long seed) {
    return new ScriptGenerator(seed).script();
  }

  private OracleScript script() {
    List<Visit> visits = new ArrayList<>();
    int count = 2 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      visits.add(visit(i == 0 || random.nextInt(3) > 0 ? "A" : "B"));
    }
    visits.add(look("A"));
    visits.add(look("B"));
    return new OracleScript(List.copyOf(visits));
  }

  /** What the next request reads. */
  private static Visit look(String browser) {
    List<Step> steps = new ArrayList<>();
    steps.add(Step.of("requestedId"));
    steps.add(Step.of("requestedValid"));
    steps.add(Step.of("session", "false"));
    steps.add(Step.of("names"));
    for (String name : List.of("a", "b", "c", "t", "boom")) {
      steps.add(Step.of("get", name));
    }
    steps.add(Step.of("isNew"));
    steps.add(Step.of("getInterval"));
    return new Visit(browser, "GET", List.copyOf(steps), List.of());
  }

  private Visit visit(String browser) {
    List<Step> steps = new ArrayList<>();
    if (random.nextInt(10) > 0) {
      steps.add(Step.of("session", any("true", "true", "true", "false", "default")));
    }
    if (random.nextInt(3) == 0) {
      steps.add(beforeBody());
    }
    steps.addAll(steps(1 + random.nextInt(7), 0));
    if (random.nextInt(8) == 0) {
      steps.add(last());
    }
    return new Visit(
        browser,
        random.nextInt(20) == 0 ? "HEAD" : "GET",
        List.copyOf(steps),
        steps(random.nextInt(4), MAX_DEPTH));
  }

  private List<Step> steps(int count, int depth) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(step(depth));
    }
    return List.copyOf(steps);
  }

  private Step step(int depth) {
    int kind = random.nextInt(100);
    if (kind < 62) {
      return sessionStep();
    }
    if (kind < 84 || depth >= MAX_DEPTH) {
      return responseStep();
    }
    if (kind < 97) {
      List<Step> block = steps(1 + random.nextInt(4), depth + 1);
      return new Step(any("forward", "include", "include"), List.of(dispatcher()), block);
    }
    return any(Step.of("throw", "broken"), Step.of("throw", "plain"));
  }

  /** Asynchronous processing comes last: what a page does after complete() reaches nobody. */
  private Step last() {
    List<Step> block = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Step step = random.nextInt(3) > 0 ? sessionStep() : responseStep();
      // Jetty calls an error page at once, beside this thread; Tomcat ends a redirect beside it.
      if (!step.op().equals("error") && !step.op().equals("redirect")) {
        block.add(step);
      }
    }
    boolean forwarded = random.nextInt(4) == 0; // Jetty forgets what a forward dispatches
    if (forwarded || random.nextInt(2) == 0) {
      block.add(Step.of("complete"));
    } else {
      block.add(new Step("dispatch", List.of(), steps(1 + random.nextInt(4), 1)));
    }
    Step async =
        new Step(
            "async",
            List.of(any("inline", "thread", "thread"), any("bare", "given")),
            List.copyOf(block));
    return forwarded ? new Step("forward", List.of(dispatcher()), List.of(async)) : async;
  }

  private String dispatcher() {
    return any("request", "context", "named");
  }

  private Step sessionStep() {
    String name = any("a", "a", "b", "c");
    int kind = random.nextInt(100);
    if (kind < 14) {
      return Step.of("session", any("true", "true", "false", "default"));
    }
    if (kind < 40) {
      return set(name);
    }
    if (kind < 52) {
      return Step.of("get", any(name, "t"));
    }
    if (kind < 59) {
      return Step.of("remove", any(name, name, "t"));
    }
    if (kind < 68) {
      return Step.of("mutate", name, "" + random.nextInt(100));
    }
    if (kind < 72) {
      return Step.of("again", any(name, "t"));
    }
    if (kind < 76) {
      return Step.of("invalidate");
    }
    if (kind < 80) {
      return Step.of("changeId");
    }
    if (kind < 83) {
      return Step.of("interval", any("-1", "0", "600", "1800", "7200"));
    }
    return Step.of(
        any(
            "names",
            "isNew",
            "id",
            "getInterval",
            "requestedId",
            "requestedValid",
            "fromCookie",
            "fromUrl",
            "created",
            "accessed",
            "same"));
  }

  private Step set(String name) {
    String value = "v" + random.nextInt(100);
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> Step.of("set", name, "text", value);
      case 4 -> Step.of("set", name, "number", "" + random.nextInt(5));
      case 5 -> Step.of("set", name, "list", value);
      case 6 -> Step.of("set", name, "map", value);
      case 7 -> Step.of("set", name, "null");
      case 8 -> Step.of("set", random.nextInt(4) == 0 ? name : "t", "talking", value);
      default -> Step.of("set", random.nextInt(4) == 0 ? "boom" : "t", "active", value);
    };
  }

  /** What only works, or mostly, before the body. */
  private Step beforeBody() {
    return switch (random.nextInt(5)) {
      // Never more than Tomcat's default, which keeps a larger buffer for other requests.
      case 0 -> Step.of("bufferSize", "" + (1_000 + random.nextInt(7_000)));
      case 1 -> Step.of("encoding", any("UTF-8", "UTF-16", "ISO-8859-1"));
      case 2 -> Step.of("type", any("text/html", "text/plain;charset=UTF-8", "application/json"));
      default -> cacheable();
    };
  }

  private Step cacheable() {
    return Step.of("header", "Cache-Control", any("public,max-age=60", "no-cache", "private"));
  }

  private Step responseStep() {
    int kind = random.nextInt(100);
    if (kind < 45) {
      return Step.of(
          "out",
          any("stream", "writer", "writer"),
          any("a", "a", "e-acute", "kanji", "emoji"),
          random.nextInt(3) > 0
              ? "" + random.nextInt(300)
              : "buffer" + any("-9", "-1", "+0", "+1", "+9", "+3000"),
          any("whole", "whole", "pieces", "single"));
    }
    if (kind < 53) {
      return Step.of("flushBuffer");
    }
    if (kind < 59) {
      return Step.of(any("flush", "flush", "close"), any("stream", "writer"));
    }
    if (kind < 64) {
      return Step.of("reset" + any("", "Buffer"));
    }
    if (kind < 70) {
      return Step.of("error", any("418", "418", "404", "500"));
    }
    if (kind < 75) {
      return Step.of("redirect", "/elsewhere");
    }
    if (kind < 80) {
      return Step.of("status", any("201", "202", "404", "503"));
    }
    if (kind < 84) {
      return Step.of("length", any("0", "written", "more"));
    }
    if (kind < 88) {
      return Step.of("cookie", any("x", "y"), "" + random.nextInt(10));
    }
    if (kind < 94) {
      return Step.of("header", any("X-One", "X-Two"), "" + random.nextInt(10));
    }
    return any(Step.of("committed"), cacheable());
  }

  @SafeVarargs
  private <T> T any(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
