package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

/** Files of the container's own servlet, with a session and without (BEHAVIOUR.md 48, 80, 4). */
class StaticFilesTest {
  private static final String COOKIE = ScenarioTest.COOKIE;
  private static final byte[] SMALL = "0123456789".getBytes(StandardCharsets.US_ASCII);

  /** Above the size from which Tomcat hands a file to the system to send (48 KiB by default). */
  private static final byte[] LARGE =
      "0123456789".repeat(50_000).getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path folder;

  private final List<String> wrapped = new CopyOnWriteArrayList<>();

  private TestApp start(Container container, StatelessSessionFilter filter, boolean visits)
      throws Exception {
    StaticFiles files = new StaticFiles(container, folder);
    files.add("small.txt", SMALL);
    files.add("large.txt", LARGE);
    return TestApp.start(
        container,
        filter,
        context -> {
          files.serve(context);
          if (visits) {
            countVisits(context);
          }
        },
        files.root());
  }

  /** As an application that notes the last file in the session. */
  private void countVisits(ServletContext context) {
    FilterRegistration.Dynamic visits =
        context.addFilter(
            "visits",
            (q, r, chain) -> {
              HttpServletRequest request = (HttpServletRequest) q;
              wrapped.add(request.getClass().getPackageName());
              if (request.getParameter("note") != null) {
                request.getSession().setAttribute("last", request.getRequestURI());
              }
              chain.doFilter(q, r);
            });
    visits.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/static/*");
    visits.setAsyncSupported(true);
  }

  private static StatelessSessionFilter.Builder builder() {
    return StatelessSessionFilter.builder("shop", TestKeys.source());
  }

  @OnEachContainer
  @DisplayName(
      "48: a file, small or sent by the system, whole, in part and by HEAD: bytes and cookie")
  void files(Container container) throws Exception {
    try (TestApp app = start(container, builder().build(), true)) {
      for (String name : new String[] {"small.txt", "large.txt"}) {
        byte[] content = name.startsWith("small") ? SMALL : LARGE;
        String path = "/static/" + name + "?note=1";
        Client.Answer whole = app.client().get(path);
        assertThat(whole.status()).as(name).isEqualTo(200);
        assertThat(whole.bytes()).as(name).isEqualTo(content);
        assertThat(whole.setCookies()).as(name).hasSize(1);

        Client.Answer part = app.client().get(path, "Range: bytes=3-6");
        assertThat(part.status()).as(name).isEqualTo(206);
        assertThat(part.body()).as(name).isEqualTo("3456");
        assertThat(part.setCookies()).as(name).hasSize(1);

        Client.Answer head = app.client().send("HEAD", path);
        assertThat(head.status()).as(name).isEqualTo(200);
        assertThat(head.bytes()).as(name).isEmpty();
        assertThat(head.setCookies()).as(name).hasSize(1);
      }
    }
  }

  @OnEachContainer
  @DisplayName("48: a file that the client has already: 304 without a body, and the cookie")
  void notModified(Container container) throws Exception {
    try (TestApp app = start(container, builder().build(), true)) {
      String since = app.client().get("/static/small.txt").header("Last-Modified");
      assertThat(since).isNotNull();
      Client.Answer answer =
          app.client().get("/static/small.txt?note=1", "If-Modified-Since: " + since);
      assertThat(answer.status()).isEqualTo(304);
      assertThat(answer.bytes()).isEmpty();
      assertThat(answer.setCookies()).hasSize(1);
    }
  }

  @OnEachContainer
  @DisplayName("73, 82, 4: a file that asks for no session sends none, whatever the client bears")
  void untouched(Container container) throws Exception {
    RecordedEvents events = new RecordedEvents();
    try (TestApp app = start(container, builder().events(events).build(), true)) {
      Client client = app.client();
      client.get("/static/small.txt?note=1");
      events.take();
      Client.Answer answer = client.get("/static/large.txt");
      assertThat(answer.bytes()).isEqualTo(LARGE);
      assertThat(answer.setCookies()).isEmpty();
      assertThat(events.take()).isEmpty();
    }
  }

  @OnEachContainer
  @DisplayName("80: excluded files get no wrapper, read no token and have the container's sessions")
  void excluded(Container container) throws Exception {
    RecordedEvents events = new RecordedEvents();
    StatelessSessionFilter filter = builder().exclude("/static/*").events(events).build();
    try (TestApp app = start(container, filter, true)) {
      app.on("/set", (q, r) -> q.getSession());
      Client client = app.client();
      client.get("/set");
      events.take();
      wrapped.clear();
      Client.Answer answer = client.get("/static/large.txt");
      assertThat(answer.bytes()).isEqualTo(LARGE);
      assertThat(answer.setCookies()).isEmpty();
      assertThat(answer.header("Vary")).isNull();
      assertThat(wrapped).singleElement().asString().doesNotStartWith("dev.satchel");
      assertThat(client.get("/static/small.txt?note=1").setCookies())
          .singleElement()
          .asString()
          .startsWith("JSESSIONID=");
      assertThat(events.take()).isEmpty();
      assertThat(client.cookies).containsOnlyKeys(COOKIE, "JSESSIONID");
    }
  }
}
