package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionPolicy;
import org.junit.jupiter.api.DisplayName;

/** A session spread over cookies must not outgrow what the container takes in a request. */
class IssueTotalLimitTest extends ScenarioTest {

  @Override
  StatelessSessionFilter filter() {
    return builder()
        .cookie(SessionCookie.host("shop").withMaxCookies(4))
        .policy(SessionPolicy.defaults().withoutCompression())
        .build();
  }

  @OnEachContainer
  @DisplayName("what is written is within 7 KiB and can be sent back; more is refused as too large")
  void limit(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/fill",
        (q, r) ->
            q.getSession()
                .setAttribute("a", TooLargeTest.noise(Integer.parseInt(q.getParameter("n")))));
    app.on(
        "/get",
        (q, r) -> r.getWriter().print(((String) q.getSession().getAttribute("a")).length()));
    int longest = 0;
    for (int n = 4_900; n <= 5_700; n += 50) {
      Client client = app.client();
      Client.Answer answer = client.get("/fill?n=" + n);
      if (answer.status() == 200) {
        longest = answer.setCookies().stream().mapToInt(String::length).sum();
        assertThat(client.get("/get").body()).isEqualTo("" + n);
      } else {
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.setCookies()).isEmpty();
      }
    }
    assertThat(longest).isBetween(7_000, SessionCookie.TOTAL_LIMIT);
  }
}
