package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.AttributeException;
import dev.satchel.AttributeTypes;
import dev.satchel.KeySource;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;

/** Whoever hears of an attribute may wait for another thread that uses the session. */
class IssueEventsUnderLockTest {
  /** Known to the filter that writes it only. */
  public record Room(String name) {}

  private final KeySource keys = TestKeys.source();
  private final AtomicReference<HttpSession> session = new AtomicReference<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private StatelessSessionFilter filter(AttributeTypes types) {
    return StatelessSessionFilter.builder("shop", keys)
        .attributeTypes(types)
        .events(
            new SessionEvents() {
              @Override
              public void attributeUnreadable(String name, AttributeException reason) {
                heard.add("unreadable " + name + ", a=" + askElsewhere());
              }

              @Override
              public void attributeDropped(String name, IllegalArgumentException reason) {
                heard.add("dropped " + name + ", a=" + askElsewhere());
              }
            })
        .build();
  }

  private Object askElsewhere() {
    return CompletableFuture.supplyAsync(() -> session.get().getAttribute("a"))
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  private TestApp app(Container container, AttributeTypes types) throws Exception {
    return TestApp.start(container, filter(types))
        .on(
            "/set",
            (q, r) -> {
              session.set(q.getSession());
              q.getSession().setAttribute("a", "1");
              q.getSession().setAttribute("room", new Room("12"));
              q.getSession().setAttribute("thread", Thread.currentThread());
            })
        .on(
            "/get",
            (q, r) -> {
              session.set(q.getSession());
              q.getSession().getAttribute("room");
            });
  }

  @OnEachContainer
  @DisplayName("16: events of an attribute are told while no thread is kept from the session")
  void eventsWait(Container container) throws Exception {
    AttributeTypes types = AttributeTypes.builder().register("room", Room.class).build();
    try (TestApp writer = app(container, types);
        TestApp reader = app(container, AttributeTypes.builder().build())) {
      Client client = writer.client();
      client.get("/set");
      Client other = reader.client();
      other.cookies.putAll(client.cookies);
      other.get("/get");
    }
    assertThat(heard).containsExactly("dropped thread, a=1", "unreadable room, a=1");
  }
}
