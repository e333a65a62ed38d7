package dev.satchel.servlet;

import dev.satchel.servlet.OracleScript.Step;
import dev.satchel.servlet.OracleScript.Visit;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One request of a script being played. */
final class Scene {
  private static final String BLOCK = Scene.class.getName();

  private final ScriptPlayer player;
  final Transcript transcript;
  private final Visit visit;
  private final SessionSteps session;
  private final Queue<Runnable> afterDispatch = new ConcurrentLinkedQueue<>();

  private volatile boolean failing;
  private volatile boolean forwarded;
  private volatile boolean bodyBegan;
  private volatile boolean sized;

  Scene(
      ScriptPlayer player,
      Transcript transcript,
      Visit visit,
      int number,
      boolean filtered,
      Set<String> refused) {
    this.player = player;
    this.transcript = transcript;
    this.visit = visit;
    this.session = new SessionSteps(transcript, number, filtered, refused);
  }

  /** Thrown by a script on purpose: passes through everything. */
  private static final class Plain extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  void playPage(HttpServletRequest request, HttpServletResponse response) throws Exception {
    play(visit.steps(), request, response);
  }

  @SuppressWarnings("unchecked") // set below
  void playBlock(HttpServletRequest request, HttpServletResponse response) throws Exception {
    play((List<Step>) request.getAttribute(BLOCK), request, response);
  }

  void playErrorPage(HttpServletRequest request, HttpServletResponse response) throws Exception {
    transcript.add("  error page");
    play(visit.errorPage(), request, response);
  }

  /** A container's thread has left; those that waited for this begin. */
  void afterDispatch() {
    Queue<Runnable> waiting = new ArrayDeque<>();
    for (Runnable next = afterDispatch.poll(); next != null; next = afterDispatch.poll()) {
      waiting.add(next);
    }
    waiting.forEach(work -> new Thread(work, "script").start());
  }

  private void play(List<Step> steps, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    for (Step step : steps) {
      if (transcript.isStopped()) {
        return;
      }
      play(step, request, response);
    }
  }

  private void play(Step step, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    switch (step.op()) {
      case "throw" -> {
        // After its response was sent Jetty never ends an asynchronous dispatch that throws.
        if (request.getAttribute(AsyncContext.ASYNC_REQUEST_URI) != null
            && response.isCommitted()) {
          transcript.add("  " + step.line() + " -> left out, sent already");
          return;
        }
        transcript.add("  " + step.line());
        throw step.arg(0).equals("broken") ? new TestApp.Broken() : new Plain();
      }
      case "forward", "include" -> dispatch(step, request, response);
      case "async" -> async(step, request, response);
      default -> transcript.add("  " + step.line() + " -> " + result(step, request, response));
    }
  }

  private String result(Step step, HttpServletRequest request, HttpServletResponse response) {
    try {
      if (step.op().equals("reset")) {
        return reset(response);
      }
      // Undertow breaks an answer off whose length is announced twice: no client sees its cookie.
      if (step.op().equals("out") && sized || step.op().equals("length") && (bodyBegan || sized)) {
        return "left out: the body has another length";
      }
      if (ResponseSteps.knows(step.op())) {
        bodyBegan |= step.op().equals("out");
        sized |= step.op().equals("length");
        failing |= step.op().equals("error") || step.op().equals("redirect");
        return ResponseSteps.play(step, response);
      }
      return session.play(step, request, response);
    } catch (Exception e) {
      return "throws " + kind(e);
    }
  }

  /**
   * Takes care that the container's session is not lost with its cookie, as the filter's is not
   * (BEHAVIOUR.md 41).
   */
  private String reset(HttpServletResponse response) {
    List<String> cookies =
        response.getHeaders("Set-Cookie").stream()
            .filter(cookie -> cookie.startsWith("JSESSIONID"))
            .toList();
    response.reset();
    if (!cookies.isEmpty()
        && response.getHeaders("Set-Cookie").stream().noneMatch(c -> c.startsWith("JSESSIONID"))) {
      transcript.compensated(KnownDifference.RESET);
      cookies.forEach(cookie -> response.addHeader("Set-Cookie", cookie));
    }
    return "ok, committed " + response.isCommitted();
  }

  private static String kind(Throwable e) {
    return e instanceof IOException ? "IOException" : e.getClass().getSimpleName();
  }

  private void dispatch(Step step, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    transcript.add("  " + step.line());
    Object outer = request.getAttribute(BLOCK);
    request.setAttribute(BLOCK, step.block());
    RequestDispatcher dispatcher =
        switch (step.arg(0)) {
          case "request" -> request.getRequestDispatcher("/block");
          case "context" -> request.getServletContext().getRequestDispatcher("/block");
          default -> request.getServletContext().getNamedDispatcher("block");
        };
    try {
      if (step.op().equals("forward")) {
        forwarded = true;
        dispatcher.forward(request, response);
      } else {
        dispatcher.include(request, response);
      }
      transcript.add("  end of " + step.line());
    } catch (Plain | TestApp.Broken e) {
      transcript.add("  end of " + step.line() + " -> throws " + kind(e));
      throw e;
    } catch (IOException | ServletException | RuntimeException e) {
      if (e.getCause() instanceof Plain || e.getCause() instanceof TestApp.Broken) {
        transcript.add("  end of " + step.line() + " -> throws " + kind(e));
        throw e;
      }
      transcript.add("  end of " + step.line() + " -> throws " + kind(e));
    } finally {
      request.setAttribute(BLOCK, outer);
    }
  }

  private void async(Step step, HttpServletRequest request, HttpServletResponse response) {
    // Jetty calls an error page at once, beside this thread, and forgets a redirect's.
    if (failing) {
      transcript.add("  " + step.line() + " -> left out after sendError or sendRedirect");
      return;
    }
    AsyncContext context;
    player.enter();
    try {
      context =
          step.arg(1).equals("bare") ? request.startAsync() : request.startAsync(request, response);
      context.setTimeout(20_000);
      context.addListener(new Ending());
    } catch (IllegalStateException e) {
      player.leave();
      transcript.add("  " + step.line() + " -> throws " + kind(e));
      return;
    }
    transcript.add("  " + step.line());
    Runnable work = () -> async(step.block(), context);
    // Tomcat closes a response after a forward, and some that are committed, until its own thread
    // has left, which nobody can await.
    if (step.arg(0).equals("thread") && !forwarded && !response.isCommitted()) {
      afterDispatch.add(work);
    } else {
      work.run();
    }
  }

  private void async(List<Step> steps, AsyncContext context) {
    HttpServletRequest request = (HttpServletRequest) context.getRequest();
    HttpServletResponse response = (HttpServletResponse) context.getResponse();
    boolean ended = false;
    for (Step step : steps) {
      switch (step.op()) {
        case "complete" -> {
          transcript.add("  complete");
          end(context::complete);
          ended = true;
        }
        case "dispatch" -> {
          transcript.add("  dispatch");
          request.setAttribute(BLOCK, step.block());
          end(() -> context.dispatch("/block"));
          ended = true;
        }
        default -> {
          if (!transcript.isStopped()) {
            transcript.add("  " + step.line() + " -> " + result(step, request, response));
          }
        }
      }
    }
    if (!ended) { // a script made smaller
      end(context::complete);
    }
  }

  private void end(Runnable way) {
    try {
      way.run();
    } catch (IllegalStateException e) {
      transcript.add("  -> throws " + kind(e));
    }
  }

  /** Says when asynchronous processing is over. */
  private final class Ending implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      player.leave();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      transcript.add("  timeout");
      event.getAsyncContext().complete();
    }

    @Override
    public void onError(AsyncEvent event) {
      transcript.add("  async error");
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      player.leave();
    }
  }
}
