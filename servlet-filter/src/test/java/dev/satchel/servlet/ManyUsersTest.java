package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeySource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;

/** Requests at one time (BEHAVIOUR.md 76, 77, F5). */
class ManyUsersTest extends ScenarioTest {
  private static final int THREADS = 8;
  private static final int VISITS = 25;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @AfterAll
  void stopThreads() {
    threads.shutdownNow();
  }

  private List<List<String>> inParallel(List<Callable<List<String>>> work) throws Exception {
    List<List<String>> results = new ArrayList<>();
    for (Future<List<String>> future : threads.invokeAll(work, 60, TimeUnit.SECONDS)) {
      results.add(future.get());
    }
    return results;
  }

  @OnEachContainer
  @DisplayName("76: users at one time read and write their own sessions, and nobody another's")
  void ownSessions(Container container) throws Exception {
    TestApp app =
        on(container)
            .on(
                "/visit",
                (q, r) -> {
                  Object last = q.getSession().getAttribute("last");
                  q.getSession().setAttribute("last", q.getParameter("user"));
                  @SuppressWarnings("unchecked")
                  List<Object> visits = (List<Object>) q.getSession().getAttribute("visits");
                  if (visits == null) {
                    visits = new ArrayList<>();
                    q.getSession().setAttribute("visits", visits);
                  }
                  visits.add(visits.size());
                  r.getWriter().print(last + " " + visits.size());
                });
    List<Callable<List<String>>> work = new ArrayList<>();
    for (int user = 0; user < THREADS; user++) {
      String name = "user" + user;
      work.add(
          () -> {
            Client client = app.client();
            List<String> bodies = new ArrayList<>();
            for (int i = 0; i < VISITS; i++) {
              bodies.add(client.get("/visit?user=" + name).body());
            }
            return bodies;
          });
    }
    List<List<String>> results = inParallel(work);
    for (int user = 0; user < THREADS; user++) {
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < VISITS; i++) {
        expected.add((i == 0 ? "null" : "user" + user) + " " + (i + 1));
      }
      assertThat(results.get(user)).isEqualTo(expected);
    }
  }

  @OnEachContainer
  @DisplayName(
      "76, F5: one client's requests overlap: each is answered, and each token stands alone")
  void overlapping(Container container) throws Exception {
    CyclicBarrier inside = new CyclicBarrier(THREADS);
    TestApp app =
        on(container)
            .on("/create", (q, r) -> q.getSession().setAttribute("a", "none yet"))
            .on(
                "/write",
                (q, r) -> {
                  q.getSession();
                  inside.await(20, TimeUnit.SECONDS); // all have read, none has written
                  q.getSession().setAttribute("a", q.getParameter("n"));
                })
            .on(
                "/get",
                (q, r) ->
                    r.getWriter()
                        .print(q.getSession().isNew() + " " + q.getSession().getAttribute("a")));
    Client first = app.client();
    first.get("/create");
    List<Callable<List<String>>> work = new ArrayList<>();
    for (int n = 0; n < THREADS; n++) {
      String value = String.valueOf(n);
      work.add(
          () -> {
            Client client = app.client();
            client.cookies.putAll(first.cookies);
            Client.Answer answer = client.get("/write?n=" + value);
            return List.of(
                answer.status() + " " + answer.setCookies().size(), client.get("/get").body());
          });
    }
    Set<String> written = new HashSet<>();
    for (List<String> result : inParallel(work)) {
      assertThat(result.get(0)).isEqualTo("200 1");
      assertThat(result.get(1)).matches("false [0-7]");
      written.add(result.get(1));
    }
    assertThat(written).isNotEmpty();
  }

  @OnEachContainer
  @DisplayName("76: two nodes take turns with one client, and each sees what the other wrote")
  void twoNodes(Container container) throws Exception {
    KeySource keys = TestKeys.source();
    try (TestApp one =
            TestApp.start(container, StatelessSessionFilter.builder("shop", keys).build());
        TestApp two =
            TestApp.start(container, StatelessSessionFilter.builder("shop", keys).build())) {
      for (TestApp node : List.of(one, two)) {
        node.on(
            "/count",
            (q, r) -> {
              Integer count = (Integer) q.getSession().getAttribute("count");
              q.getSession().setAttribute("count", count == null ? 1 : count + 1);
              r.getWriter().print(q.getSession().getAttribute("count"));
            });
        node.on("/out", (q, r) -> q.getSession().invalidate());
      }
      Client here = one.client();
      Client there = two.client();
      for (int i = 1; i <= 6; i++) {
        Client client = i % 2 == 0 ? there : here;
        Client other = i % 2 == 0 ? here : there;
        assertThat(client.get("/count").body()).isEqualTo(String.valueOf(i));
        other.cookies.putAll(client.cookies);
      }
      there.get("/out");
      assertThat(there.cookies).isEmpty();
      assertThat(there.get("/count").body()).isEqualTo("1");
    }
  }

  @OnEachContainer
  @DisplayName("76: a slow page that only reads writes nothing over what another wrote meanwhile")
  void slowReader(Container container) throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch reading = new CountDownLatch(1);
    TestApp app =
        on(container)
            .on("/create", (q, r) -> q.getSession().setAttribute("a", "old"))
            .on(
                "/slow",
                (q, r) -> {
                  q.getSession().getAttribute("a");
                  reading.countDown();
                  written.await(20, TimeUnit.SECONDS);
                })
            .on("/write", (q, r) -> q.getSession().setAttribute("a", "new"));
    Client client = app.client();
    client.get("/create");
    Client slow = app.client();
    slow.cookies.putAll(client.cookies);
    Future<Client.Answer> answer = threads.submit(() -> slow.get("/slow"));
    assertThat(reading.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(client.get("/write").setCookies()).hasSize(1);
    written.countDown();
    assertThat(answer.get(20, TimeUnit.SECONDS).setCookies()).isEmpty();
  }
}
