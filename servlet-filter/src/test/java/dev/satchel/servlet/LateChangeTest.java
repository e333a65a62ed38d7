package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes after the response's headers (BEHAVIOUR.md 24, 43). */
class LateChangeTest extends ScenarioTest {
  private static final Map<String, TestApp.Page> SENDERS = new LinkedHashMap<>();

  static {
    SENDERS.put("sendRedirect", (q, r) -> r.sendRedirect("/x"));
    SENDERS.put("flushBuffer", (q, r) -> r.flushBuffer());
    SENDERS.put("sendError(404)", (q, r) -> r.sendError(404));
    SENDERS.put("close of the writer", (q, r) -> r.getWriter().close());
    SENDERS.put(
        "the response's body, which filled its buffer or its length",
        (q, r) -> r.getOutputStream().write(new byte[100_000]));
  }

  static Stream<Arguments> senders() {
    return SENDERS.keySet().stream()
        .flatMap(name -> Container.running().stream().map(c -> Arguments.of(name, c)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("senders")
  @Tag(ServletApi.TAG)
  @DisplayName(
      "43: a change that comes too late is refused, naming the attribute and what sent the headers:")
  void lateChange(String sender, Container container) throws Exception {
    // The page may still run when the client has its answer.
    CompletableFuture<List<String>> messages = new CompletableFuture<>();
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on(
        "/late",
        (q, r) -> {
          HttpSession session = q.getSession();
          SENDERS.get(sender).handle(q, r);
          session.setAttribute("a", "1"); // no change, no complaint
          session.setAttribute("b", new Object()); // would not have been kept either
          messages.complete(
              List.of(
                  refusal(() -> session.setAttribute("cart", "2")), refusal(session::invalidate)));
        });
    Client client = app.client();
    client.get("/create");
    client.get("/late");
    assertThat(messages.get(20, TimeUnit.SECONDS))
        .containsExactly(
            "session: attribute 'cart' changed after the response was committed by " + sender,
            "session: validity (invalidate) changed after the response was committed by " + sender);
    assertThat(events.take()).contains("late attribute 'cart' after " + sender);
  }

  private static String refusal(Runnable change) {
    try {
      change.run();
      return "accepted";
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

  @OnEachContainer
  @DisplayName(
      "24: no session can be created once the headers are gone; an existing one is still given")
  void createTooLate(Container container) throws Exception {
    String[] message = new String[1];
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on(
        "/late",
        (q, r) -> {
          r.flushBuffer();
          try {
            r.getWriter().print(q.getSession().getAttribute("a"));
          } catch (IllegalStateException e) {
            message[0] = e.getMessage();
          }
        });
    Client client = app.client();
    client.get("/late");
    assertThat(message[0])
        .isEqualTo("cannot create a session: the response was committed by flushBuffer");
    client.get("/create");
    assertThat(client.get("/late").body()).isEqualTo("1");
  }

  @OnEachContainer
  @DisplayName(
      "43: changed in place after the headers were gone: reported at the end, the response is not broken")
  void lateInPlace(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession().setAttribute("list", new ArrayList<>()));
    app.on(
        "/late",
        (q, r) -> {
          @SuppressWarnings("unchecked")
          List<String> list = (List<String>) q.getSession().getAttribute("list");
          r.flushBuffer();
          list.add("x");
          r.getWriter().print("whole");
        });
    Client client = app.client();
    client.get("/create");
    events.take();
    assertThat(client.get("/late").body()).isEqualTo("whole");
    assertThat(events.take())
        .containsExactly("accepted k1", "late attribute 'list' after flushBuffer");
  }

  @OnEachContainer
  @DisplayName("43: the lenient mode logs and reports a late change instead of refusing it")
  void warnOnLateChange(Container container) throws Exception {
    RecordedEvents events = new RecordedEvents();
    StatelessSessionFilter filter =
        StatelessSessionFilter.builder("shop", TestKeys.source())
            .warnOnLateChange()
            .events(events)
            .build();
    try (TestApp app = TestApp.start(container, filter)) {
      app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
      app.on(
          "/late",
          (q, r) -> {
            q.getSession();
            r.flushBuffer();
            q.getSession().setAttribute("a", "2");
            r.getWriter().print(q.getSession().getAttribute("a"));
          });
      Client client = app.client();
      client.get("/set");
      events.take();
      assertThat(client.get("/late").body()).isEqualTo("2");
      assertThat(events.take())
          .containsExactly("accepted k1", "late attribute 'a' after flushBuffer");
    }
  }
}
