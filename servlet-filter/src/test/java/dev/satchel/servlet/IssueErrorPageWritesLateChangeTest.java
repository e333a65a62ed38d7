package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

/**
 * What was changed between {@code sendError} and the error page was reported as lost, although the
 * error page's commit writes it.
 */
class IssueErrorPageWritesLateChangeTest extends ScenarioTest {
  @Override
  StatelessSessionFilter filter() {
    return builder().warnOnLateChange().build();
  }

  @OnEachContainer
  @DisplayName("43, 46: a change after sendError that the error page writes is not reported")
  void errorPageWrites(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("list", new ArrayList<>(List.of("a"))));
    app.on(
        "/fail",
        (q, r) -> {
          HttpSession session = q.getSession();
          r.sendError(418);
          @SuppressWarnings("unchecked")
          List<String> list = (List<String>) session.getAttribute("list");
          list.add("b");
          session.setAttribute("late", "1");
        });
    app.on("/error", (q, r) -> r.getWriter().print("page"));
    app.on(
        "/get",
        (q, r) ->
            r.getWriter()
                .print(
                    q.getSession().getAttribute("list")
                        + ""
                        + q.getSession().getAttribute("late")));
    Client client = app.client();
    client.get("/set");
    events.take();
    Client.Answer answer = client.get("/fail");
    assertThat(answer.body()).isEqualTo("page");
    assertThat(client.get("/get").body()).isEqualTo("[a, b]1");
    assertThat(events.take()).contains("issued").noneMatch(line -> line.startsWith("late"));
  }

  @OnEachContainer
  @DisplayName("43: a change after the error page has sent the headers is reported")
  void errorPageTooLate(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("list", new ArrayList<>(List.of("a"))));
    app.on("/fail", (q, r) -> r.sendError(418));
    app.on(
        "/error",
        (q, r) -> {
          HttpSession session = q.getSession();
          r.flushBuffer();
          session.setAttribute("late", "1");
        });
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("late")));
    Client client = app.client();
    client.get("/set");
    events.take();
    client.get("/fail");
    assertThat(client.get("/get").body()).isEqualTo("null");
    assertThat(events.take()).containsOnlyOnce("late attribute 'late' after flushBuffer");
  }
}
