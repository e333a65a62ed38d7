package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;

/** Sessions that were lost where asynchronous processing began, went on or failed. */
class IssueAsyncCommitTest extends ScenarioTest {

  private TestApp app(Container container) {
    return on(container)
        .on(
            "/get",
            (q, r) ->
                r.getWriter()
                    .print(
                        q.getSession(false) == null ? "none" : q.getSession().getAttribute("a")));
  }

  @OnEachContainer
  @DisplayName("bytes written before an asynchronous dispatch count in the buffer afterwards")
  void bodyBeforeDispatchCounts(Container container) throws Exception {
    TestApp app = app(container);
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
    TestApp app = app(container);
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
  @DisplayName("startAsync, then an exception: its error page keeps the session and may change it")
  void startAsyncThenException(Container container) throws Exception {
    TestApp app = app(container);
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

    app.on("/broken", (q, r) -> q.getSession().setAttribute("a", "error page"));
    assertThat(client.get("/fail").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("error page");
  }
}
