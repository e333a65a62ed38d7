package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.Rejection;
import dev.satchel.servlet.micrometer.SessionMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Meters of a filter in a container. */
class SessionMetricsTest {
  private final MutableClock clock = new MutableClock();
  private final TestKeys.Changing keys = new TestKeys.Changing(KeyRing.of(TestKeys.key("k1")));
  private final SessionMetrics metrics = new SessionMetrics(List.of(Tag.of("site", "north")));
  private final MeterRegistry registry = new SimpleMeterRegistry();

  private double count(String name, String... tags) {
    FunctionCounter counter = registry.get(name).tags("site", "north").tags(tags).functionCounter();
    return counter.count();
  }

  private TestApp app() throws Exception {
    metrics.bindTo(registry);
    StatelessSessionFilter filter =
        StatelessSessionFilter.builder("shop", keys)
            .clock(clock)
            .warnOnLateChange()
            .events(new Throwing())
            .events(metrics)
            .build();
    return TestApp.start(Container.TOMCAT_11, filter)
        .withSetAndGet()
        .on("/renew", (q, r) -> q.changeSessionId())
        .on("/end", (q, r) -> q.getSession().invalidate())
        .on("/stranger", (q, r) -> q.getSession().setAttribute("t", Thread.currentThread()))
        .on(
            "/late",
            (q, r) -> {
              q.getSession();
              r.flushBuffer();
              q.getSession().setAttribute("a", "2");
            })
        .on("/large", (q, r) -> q.getSession().setAttribute("b", noise()));
  }

  @Test
  void boundTwiceToOneRegistry_countsOnce() {
    metrics.bindTo(registry);
    metrics.bindTo(registry);
    metrics.issued(100);
    assertThat(registry.get("satchel.tokens.issued").summary().count()).isEqualTo(1);
  }

  private static String noise() {
    StringBuilder text = new StringBuilder();
    new Random(1).ints(8_192, '!', '~').forEach(character -> text.append((char) character));
    return text.toString();
  }

  /** Keeps nothing from those that are told after it. */
  private static final class Throwing implements SessionEvents {
    @Override
    public void created(String sessionId) {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public void issued(int headerBytes) {
      throw new IllegalStateException("on purpose");
    }
  }

  @Test
  @DisplayName("each thing that happens is counted once")
  void counts() throws Exception {
    try (TestApp app = app()) {
      Client client = app.client();
      client.get("/set");
      assertThat(count("satchel.sessions.created")).isEqualTo(1);
      assertThat(registry.get("satchel.tokens.issued").summary().count()).isEqualTo(1);
      assertThat(registry.get("satchel.tokens.issued").summary().max()).isBetween(100.0, 1_000.0);
      client.get("/get");
      assertThat(count("satchel.tokens.accepted")).isEqualTo(1);
      client.get("/renew");
      assertThat(count("satchel.sessions.renewed")).isEqualTo(1);
      client.get("/stranger");
      assertThat(count("satchel.sessions.attributes.lost", "how", "unregistered")).isEqualTo(1);
      client.get("/late");
      assertThat(count("satchel.sessions.late.changes")).isEqualTo(1);
      client.get("/large");
      assertThat(count("satchel.sessions.unwritten", "cause", "too_large")).isEqualTo(1);
      Client other = app.client();
      other.get("/set");
      client.get("/end");
      assertThat(count("satchel.sessions.ended", "how", "invalidated")).isEqualTo(1);
      assertThat(count("satchel.tokens.dropped")).isEqualTo(1);
      clock.advance(Duration.ofHours(1));
      other.get("/get");
      assertThat(count("satchel.sessions.ended", "how", "expired")).isEqualTo(1);
      assertThat(count("satchel.tokens.rejected", "reason", "IDLE")).isEqualTo(1);
      keys.ring.set(KeyRing.builder().build());
      app.client().get("/set");
      assertThat(count("satchel.sessions.unwritten", "cause", "no_key")).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("rejections by reason; no client makes a meter or a tag")
  void rejections() throws Exception {
    try (TestApp app = app()) {
      Client client = app.client();
      client.get("/set");
      String token = client.cookies.values().iterator().next();
      List<String> before = meters();
      keys.ring.set(KeyRing.of(TestKeys.key("k2")));
      keys.absence = KeySource.Absence.RETIRED;
      client.get("/get");
      keys.absence = KeySource.Absence.NOT_YET_KNOWN;
      app.client().get("/get", "Cookie: __Host-Http-shop=" + token);
      Random random = new Random(7);
      for (int i = 0; i < 200; i++) {
        StringBuilder bogus = new StringBuilder();
        random.ints(20, 'a', 'z').forEach(character -> bogus.append((char) character));
        app.client().get("/get", "Cookie: __Host-Http-shop=" + bogus);
      }
      assertThat(count("satchel.tokens.rejected", "reason", "RETIRED_KEY")).isEqualTo(1);
      assertThat(count("satchel.tokens.rejected", "reason", "KEY_NOT_YET_KNOWN")).isEqualTo(1);
      assertThat(count("satchel.tokens.rejected", "reason", "MALFORMED")).isEqualTo(200);
      assertThat(meters()).isEqualTo(before);
      assertThat(before)
          .filteredOn(meter -> meter.startsWith("satchel.tokens.rejected"))
          .hasSize(Rejection.values().length);
    }
  }

  private List<String> meters() {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .map(id -> id.getName() + id.getTags())
        .sorted()
        .collect(Collectors.toList());
  }
}
