package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** Scenarios that share one container of each kind for their class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ScenarioTest {
  static final String COOKIE = "__Host-Http-shop";

  final MutableClock clock = new MutableClock();
  final RecordedEvents events = new RecordedEvents();
  private final List<StatelessSessionFilter> filters = new CopyOnWriteArrayList<>();
  private final Map<Container, TestApp> apps = new EnumMap<>(Container.class);

  /**
   * The server is busy for a moment after the client has its answer: until no session is in use.
   */
  final void awaitEndOfRequests() {
    awaitSessionsInUse(0);
  }

  final void awaitSessionsInUse(int number) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (filters.stream().mapToInt(StatelessSessionFilter::sessionsInUse).sum() != number) {
      assertThat(System.nanoTime()).as("sessions in use: not %s", number).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** The filter under test. */
  StatelessSessionFilter filter() {
    return builder().build();
  }

  /** What else the application does when it starts. */
  void startup(jakarta.servlet.ServletContext context) {}

  final StatelessSessionFilter.Builder builder() {
    return StatelessSessionFilter.builder("shop", TestKeys.source()).clock(clock).events(events);
  }

  final TestApp on(Container container) {
    return apps.computeIfAbsent(
        container,
        c -> {
          try {
            StatelessSessionFilter filter = filter();
            filters.add(filter);
            return TestApp.start(c, filter, this::startup);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @BeforeEach
  void forgetEvents() {
    events.take();
  }

  @AfterAll
  void stop() throws Exception {
    for (TestApp app : apps.values()) {
      app.close();
    }
  }
}
