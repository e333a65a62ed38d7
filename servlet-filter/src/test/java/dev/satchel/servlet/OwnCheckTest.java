package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.RevocationCheck;
import dev.satchel.SessionPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An application's own check beside the revocations of its key source. */
class OwnCheckTest extends ScenarioTest {
  private final TestRevocations revocations = new TestRevocations();
  private final Set<String> banned = ConcurrentHashMap.newKeySet();
  private final RevocationCheck own = state -> banned.contains(state.id());

  @Override
  StatelessSessionFilter filter() {
    return StatelessSessionFilter.builder("shop", revocations)
        .policy(SessionPolicy.defaults().withLifetimes(Duration.ofHours(2), Duration.ofMinutes(30)))
        .clock(clock)
        .events(events)
        .revocationCheck(own)
        .build();
  }

  @BeforeEach
  void nothingRevoked() {
    revocations.revoked.clear();
    banned.clear();
  }

  private TestApp app(Container container) {
    return on(container)
        .withSetAndGet()
        .on("/id", (q, r) -> r.getWriter().print(q.getSession().getId()))
        .on("/logout", (q, r) -> q.getSession().invalidate());
  }

  @OnEachContainer
  @DisplayName("both are asked, and the list is told, for as long as any node's sessions live")
  void ownCheck_doesNotSwitchTheListOff(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    String id = client.get("/id").body();
    String copied = "Cookie: " + COOKIE + "=" + client.cookies.get(COOKIE);
    Instant created = clock.instant();
    client.get("/logout");
    // This node's sessions live for 2 hours, the list is made for 8: another node's may.
    assertThat(revocations.revoked)
        .isEqualTo(Map.of(id, created.plus(Duration.ofHours(8)).plusSeconds(60)));
    assertThat(client.get("/get", copied).body()).isEqualTo("none");
    client.get("/set");
    assertThat(client.get("/get").body()).isEqualTo("1");
    banned.add(client.get("/id").body());
    assertThat(client.get("/get").body()).isEqualTo("none");
  }

  @Test
  void lifetime_longerThanRevocations_refused() {
    assertThatThrownBy(
            () ->
                StatelessSessionFilter.builder("shop", revocations)
                    .revocationCheck(own)
                    .policy(
                        SessionPolicy.defaults()
                            .withLifetimes(Duration.ofHours(9), Duration.ofMinutes(30)))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT9H")
        .hasMessageContaining("at most PT8H");
  }
}
