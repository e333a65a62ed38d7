package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.AttributeTypes;
import dev.satchel.servlet.spring.SignInListener;
import dev.satchel.servlet.spring.SpringAttributeTypes;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;

/** The session was nobody's while a user was signed in, or still that of a user who was not. */
class IssueSubjectOfSignInTest extends ScenarioTest {
  /** A principal that no token can hold. */
  private record Stranger(String name) {}

  @Override
  StatelessSessionFilter filter() {
    AttributeTypes types = SpringAttributeTypes.register(AttributeTypes.builder()).build();
    return builder().attributeTypes(types).listener(new SignInListener(types)).build();
  }

  private static SecurityContext signedIn(Object principal) {
    return new SecurityContextImpl(
        UsernamePasswordAuthenticationToken.authenticated(principal, null, List.of()));
  }

  private TestApp app(Container container) {
    TestApp app = on(container);
    app.on(
        "/in",
        (q, r) ->
            q.getSession().setAttribute(q.getParameter("key"), signedIn(q.getParameter("name"))));
    app.on("/nobody", (q, r) -> q.getSession().setAttribute("b", new SecurityContextImpl()));
    app.on("/text", (q, r) -> q.getSession().setAttribute("b", "text"));
    app.on("/out", (q, r) -> q.getSession().removeAttribute(q.getParameter("key")));
    app.on(
        "/stranger",
        (q, r) ->
            assertThatThrownBy(
                    () ->
                        q.getSession()
                            .setAttribute(q.getParameter("key"), signedIn(new Stranger("eve"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Stranger.class.getName()));
    app.on(
        "/who",
        (q, r) ->
            r.getWriter()
                .print(
                    q.getSession().getAttribute(StatelessSessionFilter.SUBJECT)
                        + " "
                        + (q.getSession().getAttribute("a") != null)
                        + " "
                        + (q.getSession().getAttribute("b") != null)));
    return app;
  }

  private static String who(Client client, String path) throws Exception {
    assertThat(client.get(path).status()).isEqualTo(200);
    return client.get("/who").body();
  }

  @OnEachContainer
  @DisplayName("of two contexts one goes: the session is that of the other's user")
  void remaining(Container container) throws Exception {
    Client client = app(container).client();
    assertThat(who(client, "/in?key=a&name=ada")).isEqualTo("ada true false");
    assertThat(who(client, "/in?key=b&name=bob")).isEqualTo("bob true true");
    assertThat(who(client, "/out?key=b")).isEqualTo("ada true false");
    assertThat(who(client, "/in?key=b&name=bob")).isEqualTo("bob true true");
    assertThat(who(client, "/out?key=a")).isEqualTo("bob false true");
    assertThat(who(client, "/out?key=b")).isEqualTo("null false false");
  }

  @OnEachContainer
  @DisplayName("of two contexts one is replaced by nobody's, or by something else")
  void replaced(Container container) throws Exception {
    for (String replacing : List.of("/nobody", "/text")) {
      Client client = app(container).client();
      who(client, "/in?key=a&name=ada");
      who(client, "/in?key=b&name=bob");
      assertThat(who(client, replacing)).isEqualTo("ada true true");
      assertThat(who(client, "/out?key=a")).isEqualTo("null false true");
    }
  }

  @OnEachContainer
  @DisplayName("10: a sign-in that is refused leaves neither its context nor a subject")
  void refused(Container container) throws Exception {
    Client client = app(container).client();
    who(client, "/in?key=a&name=ada");
    assertThat(who(client, "/stranger?key=a")).isEqualTo("null false false");
    who(client, "/in?key=a&name=ada");
    who(client, "/in?key=b&name=bob");
    assertThat(who(client, "/stranger?key=b")).isEqualTo("ada true false");
    assertThat(who(client, "/stranger?key=b")).isEqualTo("ada true false");
  }
}
