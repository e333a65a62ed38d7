package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;

/** Whoever listens to what happens must not be able to break it. */
class IssueEventsTest extends ScenarioTest {
  private final List<String> created = new CopyOnWriteArrayList<>();
  private final List<Integer> issued = new CopyOnWriteArrayList<>();

  @Override
  StatelessSessionFilter filter() {
    return StatelessSessionFilter.builder("shop", TestKeys.source())
        .clock(clock)
        .events(
            new SessionEvents() {
              @Override
              public void created(String sessionId) {
                created.add(sessionId);
                throw new IllegalStateException("on purpose");
              }

              @Override
              public void issued(int headerBytes) {
                issued.add(headerBytes);
                throw new NoClassDefFoundError("on purpose");
              }
            })
        .events(
            new SessionEvents() {
              @Override
              public void issued(int headerBytes) {
                issued.add(headerBytes);
              }
            })
        .build();
  }

  @OnEachContainer
  @DisplayName("an implementation that throws, errors too, fails neither a request nor another one")
  void throwing(Container container) throws Exception {
    issued.clear();
    TestApp app = on(container).on("/id", (q, r) -> r.getWriter().print(q.getSession().getId()));
    Client.Answer answer = app.client().get("/id");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(created).contains(answer.body());
    assertThat(issued).as("told by both").hasSize(2);
  }
}
