package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.AttributeCodec;
import dev.satchel.AttributeTypes;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

/** Sessions that were lost where asynchronous processing began, went on or failed. */
class IssueAsyncCommitTest extends ScenarioTest {

  @Override
  StatelessSessionFilter filter() {
    return builder()
        .attributeTypes(
            AttributeTypes.builder().register("cursed", Cursed.class, new CursedCodec()).build())
        .build();
  }

  @OnEachContainer
  @DisplayName("bytes written before an asynchronous dispatch count in the buffer afterwards")
  void bodyBeforeDispatchCounts(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/one",
        (q, r) -> {
          int almost = r.getBufferSize() - 1_000;
          for (int i = 0; i < 10; i++) {
            r.getOutputStream().write(new byte[almost / 10]);
          }
          q.startAsync().dispatch("/two");
        });
    app.on(
        "/two",
        (q, r) -> {
          q.getSession().setAttribute("a", "kept");
          for (int i = 0; i < 10; i++) {
            r.getOutputStream().write(new byte[300]);
          }
        });
    Client client = app.client();
    assertThat(client.get("/one").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("kept");
  }

  @OnEachContainer
  @DisplayName("a Content-Length announced before an asynchronous dispatch counts afterwards")
  void lengthBeforeDispatchCounts(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/one",
        (q, r) -> {
          r.setContentLength(10);
          r.getOutputStream().write(new byte[5]);
          q.startAsync().dispatch("/two");
        });
    app.on(
        "/two",
        (q, r) -> {
          q.getSession().setAttribute("a", "kept");
          r.getOutputStream().write(new byte[5]);
        });
    Client client = app.client();
    assertThat(client.get("/one").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("kept");
  }

  @OnEachContainer
  @DisplayName("47, 56: startAsync, then an exception: its error page keeps the session")
  void startAsyncThenException(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/fail",
        (q, r) -> {
          q.getSession().setAttribute("a", "before");
          q.startAsync();
          throw new TestApp.Broken();
        });
    app.on("/broken", (q, r) -> r.getWriter().print("page"));
    Client client = app.client();
    Client.Answer answer = client.get("/fail");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("before");
  }

  @OnEachContainer
  @NotOn(
      value = Container.UNDERTOW,
      because = "where asynchronous processing fails it looks for no error page of an exception")
  @DisplayName("47, 56: startAsync, then an exception: its error page may change the session")
  void startAsyncThenChangingErrorPage(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/fail",
        (q, r) -> {
          q.getSession().setAttribute("a", "before");
          q.startAsync();
          throw new TestApp.Broken();
        });
    app.on("/broken", (q, r) -> q.getSession().setAttribute("a", "error page"));
    Client client = app.client();
    assertThat(client.get("/fail").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("error page");
  }

  @OnEachContainer
  @DisplayName("a change right after complete(), in the same dispatch, is reported")
  void changeAfterComplete(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/late",
        (q, r) -> {
          HttpSession session = q.getSession();
          session.setAttribute("a", "before");
          q.startAsync().complete();
          session.setAttribute("a", "late");
        });
    Client client = app.client();
    events.take();
    client.get("/late");
    assertThat(events.take())
        .containsExactly("issued", "late attribute 'a' after AsyncContext.complete");
    assertThat(client.get("/get").body()).isEqualTo("before");
  }

  @OnEachContainer
  @DisplayName("43: so is a change in place, once")
  void changeInPlaceAfterComplete(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/late",
        (q, r) -> {
          List<String> list = new ArrayList<>();
          q.getSession().setAttribute("list", list);
          q.getSession().setAttribute("a", "before");
          q.startAsync().complete();
          list.add("late");
        });
    Client client = app.client();
    events.take();
    client.get("/late");
    client.get("/get"); // the thread of the first request has come to its end
    assertThat(events.take())
        .containsOnlyOnce("late attribute 'list' after AsyncContext.complete")
        .doesNotContain("late attribute 'a' after AsyncContext.complete");
  }

  @OnEachContainer
  @DisplayName("what a listener changes on a timeout is sent, also if it does not complete")
  void changeInTimeoutListener(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/timeout",
        (q, r) -> {
          q.getSession();
          AsyncContext async = q.startAsync();
          async.setTimeout(50);
          async.addListener(
              new SilentAsyncListener() {
                @Override
                public void onTimeout(AsyncEvent event) {
                  q.getSession().setAttribute("a", "timeout");
                }
              });
        });
    Client client = app.client();
    assertThat(client.get("/timeout").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("timeout");
  }

  @OnEachContainer
  @DisplayName("startAsync on the container's own request: committed as the dispatch ends")
  void startedBehindOurBack(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/raw",
        (q, r) -> {
          q.getSession().setAttribute("a", "raw");
          AsyncContext raw = ((HttpServletRequestWrapper) q).getRequest().startAsync();
          raw.dispatch("/nothing");
        });
    app.on("/nothing", (q, r) -> r.getOutputStream().write(1));
    Client client = app.client();
    events.take();
    assertThat(client.get("/raw").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("raw");
  }

  @OnEachContainer
  @DisplayName("a codec that throws drops its attribute; the request completes, errors get a page")
  void codecThrows(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/async",
        (q, r) -> {
          q.getSession().setAttribute("a", "1");
          q.getSession().setAttribute("cursed", new Cursed());
          q.startAsync().complete();
        });
    app.on(
        "/fail",
        (q, r) -> {
          q.getSession().setAttribute("cursed", new Cursed());
          throw new TestApp.Broken();
        });
    app.on("/broken", (q, r) -> r.getWriter().print("page"));
    Client client = app.client();
    events.take();
    assertThat(client.get("/async").status()).isEqualTo(200);
    assertThat(events.take()).containsExactly("dropped cursed", "issued");
    assertThat(client.get("/get").body()).isEqualTo("1");
    assertThat(client.get("/fail").body()).isEqualTo("page");
  }

  private static final class Cursed {}

  private static final class CursedCodec implements AttributeCodec<Cursed> {
    @Override
    public String write(Cursed value) {
      throw new NullPointerException("on purpose");
    }

    @Override
    public Cursed read(String text) {
      return new Cursed();
    }
  }
}
