package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.SessionPolicy;
import dev.satchel.SessionRevocations;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A key source that brings revocations: what the filter tells it, and what it does with theirs. */
class RevocationTest extends OverlapTest {
  private final TestRevocations revocations = new TestRevocations();

  @Override
  StatelessSessionFilter filter() {
    return StatelessSessionFilter.builder("shop", revocations).clock(clock).events(events).build();
  }

  @BeforeEach
  void nothingRevoked() {
    revocations.revoked.clear();
    revocations.subjects.clear();
  }

  @AfterEach
  void mend() {
    revocations.broken = false;
    revocations.full = false;
  }

  private TestApp app(Container container) {
    return on(container)
        .withSetAndGet()
        .on("/id", (q, r) -> r.getWriter().print(q.getSession().getId()))
        .on("/logout", (q, r) -> q.getSession().invalidate())
        .on("/sign-in", (q, r) -> q.changeSessionId())
        .on(
            "/subject",
            (q, r) -> q.getSession().setAttribute(StatelessSessionFilter.SUBJECT, "ann"))
        .on(
            "/brief",
            (q, r) -> {
              for (int i = 0; i < 5; i++) {
                HttpSession session = q.getSession();
                session.setAttribute("a", "1");
                q.changeSessionId();
                session.invalidate();
              }
            })
        .on(
            "/late",
            (q, r) -> {
              HttpSession session = q.getSession();
              session.setAttribute("a", "1");
              r.flushBuffer();
              session.invalidate();
            });
  }

  private static String stolen(Client client) {
    return "Cookie: " + COOKIE + "=" + client.cookies.get(COOKIE);
  }

  @OnEachContainer
  @DisplayName("invalidate revokes until the last token's end; a copied token is no session")
  void invalidate_copiedToken(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    String id = client.get("/id").body();
    String copied = stolen(client);
    Instant created = clock.instant();
    clock.advance(Duration.ofMinutes(5));
    client.get("/logout");
    assertThat(client.cookies).isEmpty();
    assertThat(revocations.revoked)
        .isEqualTo(Map.of(id, created.plus(Duration.ofHours(8)).plusSeconds(60)));
    events.take();
    Client.Answer answer = client.get("/get", copied);
    assertThat(answer.body()).isEqualTo("none");
    assertThat(answer.setCookies()).isEmpty();
    assertThat(events.take()).containsExactly("rejected REVOKED k1");
  }

  @OnEachContainer
  @DisplayName(
      "26: after changeSessionId the old token is no session, and its bearer keeps the new")
  void changeSessionId_requestWithOldToken_leavesCookie(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    String old = stolen(client);
    client.get("/sign-in");
    assertThat(revocations.revoked).hasSize(1);
    Client.Answer parallel = client.get("/get", old); // sent before the browser had the new one
    assertThat(parallel.body()).isEqualTo("none");
    assertThat(parallel.setCookies()).isEmpty();
    assertThat(client.get("/get").body()).isEqualTo("1");
    Client.Answer withJunk = client.get("/get", old + "; " + COOKIE + "=junk");
    assertThat(withJunk.setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName("sessions that no client was ever sent are not revoked, so nobody can fill the list")
  void neverSent_notRevoked(Container container) throws Exception {
    TestApp app = app(container);
    app.client().get("/brief");
    assertThat(revocations.revoked).isEmpty();
  }

  @OnEachContainer
  @DisplayName("a session that was sent and then ended in the same request is revoked")
  void sentThenEnded_revoked(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/late");
    awaitEndOfRequests();
    assertThat(revocations.revoked).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("none");
  }

  @OnEachContainer
  @DisplayName("a request that was under way when its session was revoked does not bring it back")
  void revokedMeanwhile_notWritten(Container container) throws Exception {
    TestApp app = app(container);
    slowPage(app, (q, r) -> {}, (q, r) -> q.getSession().setAttribute("b", "2"));
    Client client = app.client();
    client.get("/set");
    String id = client.get("/id").body();
    Future<Client.Answer> slow = startSlow(client);
    revocations.revoke(id, Instant.MAX); // by another node
    events.take();
    Client.Answer answer = finish(slow);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.setCookies()).isEmpty();
    assertThat(events.take())
        .contains("rejected REVOKED null")
        .noneMatch(e -> e.contains("issued"));
  }

  @OnEachContainer
  @DisplayName("nor does one that gives it a new id")
  void revokedMeanwhile_newId_notWritten(Container container) throws Exception {
    TestApp app = app(container);
    slowPage(
        app,
        (q, r) -> {},
        (q, r) -> {
          q.changeSessionId();
          q.getSession().setAttribute("b", "2");
        });
    Client client = app.client();
    client.get("/set");
    String id = client.get("/id").body();
    Future<Client.Answer> slow = startSlow(client);
    revocations.revoke(id, Instant.MAX);
    assertThat(finish(slow).setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName("the list cannot be vouched for: 503, again in 10 s, cookie kept, nothing written")
  void cannotTell_503(Container container) throws Exception {
    TestApp app = app(container);
    slowPage(app, (q, r) -> {}, (q, r) -> q.getSession().setAttribute("b", "2"));
    Client client = app.client();
    client.get("/set");
    Future<Client.Answer> slow = startSlow(client);
    revocations.broken = true;
    for (Client.Answer answer : new Client.Answer[] {client.get("/get"), finish(slow)}) {
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isEqualTo("10");
      assertThat(answer.setCookies()).isEmpty();
    }
    revocations.broken = false;
    assertThat(client.get("/get").body()).isEqualTo("1");
  }

  @OnEachContainer
  @DisplayName("the application finds the list in its context, and can end all sessions but one")
  void context_hasTheList(Container container) throws Exception {
    TestApp app =
        app(container)
            .on(
                "/everywhere",
                (q, r) -> {
                  HttpSession old = q.getSession();
                  old.invalidate();
                  HttpSession fresh = q.getSession();
                  fresh.setAttribute("a", "fresh");
                  fresh.setAttribute(StatelessSessionFilter.SUBJECT, "ann");
                  ((SessionRevocations)
                          q.getServletContext().getAttribute(StatelessSessionFilter.REVOCATIONS))
                      .revokeSubject("ann", Instant.ofEpochMilli(fresh.getCreationTime()));
                });
    Client phone = app.client();
    Client laptop = app.client();
    for (Client client : new Client[] {phone, laptop}) {
      client.get("/set");
      client.get("/subject");
    }
    clock.advance(Duration.ofMillis(1));
    laptop.get("/everywhere");
    assertThat(phone.get("/get").body()).isEqualTo("none");
    assertThat(laptop.get("/get").body()).isEqualTo("fresh");
  }

  @OnEachContainer
  @DisplayName("a list that takes no more keeps nobody from signing out")
  void full_signsOutAllTheSame(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    revocations.full = true;
    assertThat(client.get("/logout").status()).isEqualTo(200);
    assertThat(client.cookies).isEmpty();
  }

  @OnEachContainer
  @DisplayName(
      "sign-out everywhere finds a session by its creation, also under a later id and token")
  void subject_renewedSession(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    client.get("/subject");
    Instant created = clock.instant();
    clock.advance(Duration.ofMinutes(20)); // the token is due to be written afresh
    client.get("/sign-in");
    assertThat(client.get("/get").body()).isEqualTo("1");
    revocations.revokeSubject("ann", created); // not before it
    assertThat(client.get("/get").body()).isEqualTo("1");
    revocations.revokeSubject("ann", created.plusMillis(1));
    assertThat(client.get("/get").body()).isEqualTo("none");
    client.get("/set");
    client.get("/subject");
    assertThat(client.get("/get").body()).isEqualTo("1"); // created after the instant
  }

  @OnEachContainer
  @DisplayName(
      "after a sign-out everywhere one signs in again in the session that was there before")
  void subject_signsInAgain_inAnOlderSession(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set"); // nobody's, while the password is reset
    clock.advance(Duration.ofSeconds(5));
    revocations.revokeSubject("ann", clock.instant());
    clock.advance(Duration.ofMillis(1));
    client.get("/sign-in");
    client.get("/subject");
    assertThat(client.get("/get").body()).isEqualTo("1");
    clock.advance(Duration.ofMinutes(20)); // the token is due to be written afresh
    client.get("/sign-in");
    assertThat(client.get("/get").body()).isEqualTo("1");
    revocations.revokeSubject("ann", clock.instant());
    assertThat(client.get("/get").body()).isEqualTo("none");
  }

  @OnEachContainer
  @DisplayName("a sign-in counts from when it was, not from when its response said so")
  void subject_revokedBeforeItsTokenIsWritten(Container container) throws Exception {
    TestApp app = app(container);
    slowPage(
        app,
        (q, r) -> q.getSession().setAttribute(StatelessSessionFilter.SUBJECT, "ann"),
        (q, r) -> {});
    Client client = app.client();
    client.get("/set");
    clock.advance(Duration.ofSeconds(5));
    Future<Client.Answer> slow = startSlow(client);
    clock.advance(Duration.ofSeconds(5));
    revocations.revokeSubject("ann", clock.instant());
    clock.advance(Duration.ofSeconds(5));
    assertThat(finish(slow).setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName("26: a new id that cannot be written revokes nothing: the client keeps its session")
  void changeSessionId_notWritten_oldTokenLives(Container container) throws Exception {
    TestApp app =
        app(container)
            .on(
                "/too-large",
                (q, r) -> {
                  q.changeSessionId();
                  q.getSession().setAttribute("large", TooLargeTest.noise(20_000));
                })
            .on(
                "/ends",
                (q, r) -> {
                  q.changeSessionId();
                  q.getSession().invalidate();
                });
    Client client = app.client();
    client.get("/set");
    String id = client.get("/id").body();
    Client.Answer answer = client.get("/too-large");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.setCookies()).isEmpty();
    assertThat(revocations.revoked).isEmpty();
    assertThat(client.get("/get").body()).isEqualTo("1");
    assertThat(client.get("/id").body()).isEqualTo(id);
    // The id that clients know ends with the session, whatever became of the new one.
    String old = stolen(client);
    client.get("/ends");
    assertThat(revocations.revoked).containsOnlyKeys(id);
    assertThat(client.get("/get", old).body()).isEqualTo("none");
  }

  @OnEachContainer
  @DisplayName(
      "a session that is ended elsewhere between its new id and the response is not written")
  void changeSessionId_revokedBeforeItIsWritten(Container container) throws Exception {
    TestApp app = app(container);
    slowPage(app, (q, r) -> q.changeSessionId(), (q, r) -> {});
    Client client = app.client();
    client.get("/set");
    String id = client.get("/id").body();
    Future<Client.Answer> slow = startSlow(client);
    assertThat(revocations.revoked).isEmpty();
    revocations.revoke(id, Instant.MAX); // by another node
    assertThat(finish(slow).setCookies()).isEmpty();
  }

  @Test
  void lifetime_longerThanRevocations_refused() {
    assertThatThrownBy(
            () ->
                StatelessSessionFilter.builder("shop", revocations)
                    .policy(
                        SessionPolicy.defaults()
                            .withLifetimes(Duration.ofHours(9), Duration.ofMinutes(30)))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT9H")
        .hasMessageContaining("at most PT8H");
  }
}
