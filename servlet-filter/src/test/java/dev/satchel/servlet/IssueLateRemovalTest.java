package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;

/** A removal that came after the headers was neither refused nor sent: the attribute came back. */
class IssueLateRemovalTest extends ScenarioTest {
  @OnEachContainer
  @DisplayName("43, 9: an attribute removed too late is refused and stays")
  void removedTooLate(Container container) throws Exception {
    String[] messages = new String[2];
    TestApp app = on(container);
    app.on(
        "/late",
        (q, r) -> {
          q.getSession().setAttribute("a", "1");
          r.flushBuffer();
          messages[0] = refusal(() -> q.getSession().removeAttribute("a"));
          messages[1] = refusal(() -> q.getSession().setAttribute("a", null));
          q.getSession().removeAttribute("absent"); // no change, no complaint
          r.getWriter().print(q.getSession().getAttribute("a"));
        });
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
    Client client = app.client();
    assertThat(client.get("/late").body()).isEqualTo("1");
    assertThat(messages)
        .containsOnly(
            "session: attribute 'a' changed after the response was committed by flushBuffer");
    assertThat(client.get("/get").body()).isEqualTo("1");
  }

  private static String refusal(Runnable change) {
    try {
      change.run();
      return "accepted";
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }
}
