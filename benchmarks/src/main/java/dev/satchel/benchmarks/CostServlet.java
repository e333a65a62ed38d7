package dev.satchel.benchmarks;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The page that all servers have. {@code /new} fills a session with sample M, {@code /read} reads
 * one attribute of it, {@code /write} counts one up; each answers with a short text. {@code /heap}
 * answers with the bytes in use after a collection.
 */
final class CostServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  /** What {@code /read} and {@code /write} say of a session that is not there. */
  static final String LOST = "lost";

  private final boolean sessions;
  private final boolean fills;

  CostServlet(SessionKind kind) {
    this.sessions = kind.hasSessions();
    this.fills = kind != SessionKind.NONE;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String text =
        switch (request.getServletPath()) {
          case "/new" -> filled(request);
          case "/read" -> sessions ? read(request.getSession(false)) : "u-18234";
          case "/write" -> sessions ? write(request.getSession(false)) : "1";
          case "/heap" -> heap();
          default -> "ready";
        };
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    response.setContentType("text/plain;charset=UTF-8");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private String filled(HttpServletRequest request) {
    if (fills) {
      HttpSession session = request.getSession();
      Sample.M.attributes().forEach(session::setAttribute);
      session.setAttribute(Sample.VISITS, 0);
    }
    return "0";
  }

  private static String read(HttpSession session) {
    return session != null && session.getAttribute(Sample.USER) instanceof String user
        ? user
        : LOST;
  }

  private static String write(HttpSession session) {
    if (session == null) {
      return LOST;
    }
    if (!(session.getAttribute(Sample.VISITS) instanceof Integer before)) {
      return LOST; // of a replicated session that the node has heard of, and no more
    }
    int visits = before + 1;
    session.setAttribute(Sample.VISITS, visits);
    return Integer.toString(visits);
  }

  private static String heap() {
    // Twice, since the first may only find what the second can free.
    System.gc();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return Long.toString(runtime.totalMemory() - runtime.freeMemory());
  }
}
