package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;

/** Cache-Control was written once, and then neither taken back nor brought up to date. */
class IssueCacheControlTest extends ScenarioTest {
  private static final String FIELD = "Cache-Control";
  private static final String SHARED = "public, max-age=60";

  private static List<String> of(TestApp app, TestApp.Page page) throws Exception {
    app.on("/page", page);
    return app.client().get("/page").all(FIELD);
  }

  @OnEachContainer
  @DisplayName("14, 72: the application's value alone, where the session came and went before it")
  void cameAndWent(Container container) throws Exception {
    List<String> values =
        of(
            on(container),
            (q, r) -> {
              q.getSession();
              r.getWriter().print("x"); // writes no-store
              r.addHeader(FIELD, SHARED);
              q.getSession().invalidate();
            });
    assertThat(values).containsExactly(SHARED);
  }

  @OnEachContainer
  @DisplayName("14, 72: as above, the value set when the session is gone again")
  void setAfterwards(Container container) throws Exception {
    List<String> values =
        of(
            on(container),
            (q, r) -> {
              q.getSession();
              r.getWriter().print("x");
              q.getSession().invalidate();
              r.flushBuffer();
            });
    assertThat(values).as("nothing that it contradicts").isIn(List.of(), List.of("no-store"));
    values =
        of(
            on(container),
            (q, r) -> {
              q.getSession();
              r.getWriter().print("x");
              q.getSession().invalidate();
              r.addHeader(FIELD, SHARED);
            });
    assertThat(values).containsExactly(SHARED);
  }

  @OnEachContainer
  @DisplayName("14, 72: a public that was taken back is given back with the token")
  void givenBack(Container container) throws Exception {
    List<String> values =
        of(
            on(container),
            (q, r) -> {
              r.addHeader(FIELD, "public");
              r.addHeader(FIELD, "max-age=60");
              q.getSession();
              r.getWriter().print("x");
              assertThat(r.getHeaders(FIELD)).containsExactly("max-age=60, private");
              q.getSession().invalidate();
            });
    assertThat(values).containsExactly("public", "max-age=60");
  }

  @OnEachContainer
  @DisplayName("72: a value that the application adds or sets later is kept private")
  void addedLater(Container container) throws Exception {
    for (boolean add : new boolean[] {true, false}) {
      List<String> values =
          of(
              on(container),
              (q, r) -> {
                q.getSession();
                r.getWriter().print("x");
                if (add) {
                  r.addHeader(FIELD, SHARED);
                } else {
                  r.setHeader(FIELD, SHARED);
                }
                q.getSession().setAttribute("a", "1");
              });
      assertThat(values).containsExactly("max-age=60, private");
    }
  }

  @OnEachContainer
  @DisplayName("72: a value that is private already stays as it is, beside none of ours")
  void privateLater(Container container) throws Exception {
    List<String> values =
        of(
            on(container),
            (q, r) -> {
              q.getSession();
              r.getWriter().print("x");
              r.addHeader(FIELD, "private");
              r.addHeader(FIELD, "max-age=5");
            });
    assertThat(values).containsExactly("private", "max-age=5");
  }
}
