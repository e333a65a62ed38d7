package dev.satchel.examples.demo;

import dev.satchel.KeySource;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * One word for a load balancer: 503 where no session can be written. A degraded node works, and
 * taking all of them out would end what still does. The reason is for operators, and not told to
 * whoever asks.
 */
final class HealthServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient KeySource keys;

  HealthServlet(KeySource keys) {
    this.keys = keys;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    KeySource.Health.Status status = keys.health().status();
    response.setStatus(
        status == KeySource.Health.Status.DOWN
            ? HttpServletResponse.SC_SERVICE_UNAVAILABLE
            : HttpServletResponse.SC_OK);
    response.setContentType("text/plain");
    response.setHeader("Cache-Control", "no-store");
    response.getWriter().println(status);
  }
}
