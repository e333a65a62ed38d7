package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;

/** A sign-out after the redirect: the client keeps its token, so it must at least be revoked. */
class IssueLateLogoutTest extends ScenarioTest {

  @OnEachContainer
  @DisplayName("invalidate after sendRedirect: ended and told, so that it can be revoked; refused")
  void lateInvalidate(Container container) throws Exception {
    TestApp app = on(container);
    CompletableFuture<String> seen = new CompletableFuture<>();
    app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on(
        "/logout",
        (q, r) -> {
          r.sendRedirect("/bye");
          String refusal = "none";
          try {
            q.getSession().invalidate();
          } catch (IllegalStateException e) {
            refusal = e.getMessage();
          }
          seen.complete(refusal + q.getSession(false));
        });
    Client client = app.client();
    client.get("/set");
    events.take();
    client.get("/logout");
    assertThat(seen.get(20, TimeUnit.SECONDS)).contains("committed by ").endsWith("null");
    assertThat(events.take()).contains("invalidated");
  }
}
