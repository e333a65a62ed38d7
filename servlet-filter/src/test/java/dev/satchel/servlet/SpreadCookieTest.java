package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionPolicy;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

/** A session spread over several cookies. */
class SpreadCookieTest extends ScenarioTest {

  @Override
  StatelessSessionFilter filter() {
    return builder()
        .cookie(SessionCookie.host("shop").withMaxCookies(3))
        .policy(SessionPolicy.defaults().withoutCompression())
        .build();
  }

  /**
   * Three cookies of 4 KiB are more than the 8 KiB that containers take by default, so two is what
   * is tested.
   */
  private TestApp app(Container container) {
    return on(container)
        .on("/large", (q, r) -> q.getSession().setAttribute("a", TooLargeTest.noise(3500)))
        .on("/small", (q, r) -> q.getSession().setAttribute("a", "1"))
        .on("/end", (q, r) -> q.getSession().invalidate())
        .on(
            "/get",
            (q, r) ->
                r.getWriter()
                    .print(
                        q.getSession(false) == null
                            ? "none"
                            : ((String) q.getSession().getAttribute("a")).length()))
        .on(
            "/cookies",
            (q, r) -> r.getWriter().print(q.getHeader("Cookie") + (q.getCookies() == null)));
  }

  @OnEachContainer
  @DisplayName("71: two parts, each within 4096 bytes, joined again; hidden from the application")
  void spread(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    Client.Answer answer = client.get("/large");
    assertThat(answer.setCookies()).hasSize(2).allMatch(line -> line.length() <= 4096);
    assertThat(client.cookies).containsOnlyKeys(COOKIE, COOKIE + ".1");
    assertThat(client.cookies.get(COOKIE)).startsWith("2.eyJ");
    assertThat(client.get("/get").body()).isEqualTo("3500");
    assertThat(client.get("/cookies").body()).isEqualTo("nulltrue");
  }

  @OnEachContainer
  @DisplayName("170: the session shrinks: the surplus part is expired in the same response")
  void shrinks(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/large");
    assertThat(client.get("/small").setCookies()).hasSize(2);
    assertThat(client.cookies).containsOnlyKeys(COOKIE);
    assertThat(client.get("/get").body()).isEqualTo("1");
  }

  @OnEachContainer
  @DisplayName("74: invalidate expires every part")
  void invalidate(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/large");
    assertThat(client.get("/end").setCookies())
        .hasSize(2)
        .allMatch(line -> line.contains("Max-Age=0"));
    assertThat(client.cookies).isEmpty();
  }

  @OnEachContainer
  @DisplayName("71, 168, 169: parts that do not add up are no session, and expired")
  void inconsistent(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/large");
    Client other = app.client();
    other.get("/large");
    String first = client.cookies.get(COOKIE);
    String second = client.cookies.get(COOKIE + ".1");
    String foreign = other.cookies.get(COOKIE + ".1");
    List<String> bad =
        List.of(
            COOKIE + "=" + first, // missing
            COOKIE + "=" + first + "; " + COOKIE + ".1=" + foreign, // of another session
            COOKIE + "=" + first + "; " + COOKIE + ".1=" + second + "; " + COOKIE + ".1="
                + foreign, // twice
            COOKIE + "=3" + first.substring(1) + "; " + COOKIE + ".1=" + second, // declares more
            COOKIE + "=1" + first.substring(1) + "; " + COOKIE + ".1=" + second, // declares one
            COOKIE + "=9" + first.substring(1) + "; " + COOKIE + ".1=" + second,
            COOKIE + "=0" + first.substring(1) + "; " + COOKIE + ".1=" + second,
            COOKIE + "=" + first + "; " + COOKIE + ".01=" + second, // no such index
            COOKIE + "=" + first + "; " + COOKIE + ".+1=" + second,
            COOKIE + "=" + first + "; " + COOKIE + ".999999=" + second);
    for (String cookies : bad) {
      Client.Answer answer = client.get("/get", "Cookie: " + cookies);
      assertThat(answer.status()).as(cookies).isEqualTo(200);
      assertThat(answer.body()).as(cookies).isEqualTo("none");
      assertThat(answer.setCookies())
          .as(cookies)
          .isNotEmpty()
          .allMatch(line -> line.contains("Max-Age=0"));
    }
    // A part too many is not looked at.
    String surplus = COOKIE + "=" + first + "; " + COOKIE + ".1=" + second + "; " + COOKIE + ".2=x";
    assertThat(app.client().get("/get", "Cookie: " + surplus).body()).isEqualTo("3500");
  }
}
