package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * What the filter costs a request in garbage, counted in Tomcat around the filter by the thread's
 * own counter. Counts, not times: whoever brings back a string or a list per request sees it here.
 */
class RequestAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** As many as make the compiler and Tomcat's buffers settle. */
  private static final int REQUESTS = 300;

  /** Least that a request took between the outermost filter's call of the chain and its return. */
  private final AtomicLong least = new AtomicLong();

  private final AtomicInteger keysAsked = new AtomicInteger();
  private final KeySource counted =
      new KeySource() {
        private final KeyRing ring = TestKeys.source().current();

        @Override
        public KeyRing current() {
          keysAsked.incrementAndGet();
          return ring;
        }
      };

  private void register(ServletContext context) {
    Filter outermost =
        (request, response, chain) -> {
          long before = THREADS.getCurrentThreadAllocatedBytes();
          chain.doFilter(request, response);
          long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
          least.accumulateAndGet(bytes, Math::min);
        };
    context
        .addFilter("outermost", outermost)
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
  }

  private TestApp app() throws Exception {
    StatelessSessionFilter filter = StatelessSessionFilter.builder("shop", counted).build();
    TestApp app = TestApp.start(Container.TOMCAT_11, filter, this::register);
    return app.withSetAndGet().on("/nothing", (q, r) -> {});
  }

  private long leastBytes(Client client, String path) throws Exception {
    least.set(Long.MAX_VALUE);
    for (int i = 0; i < REQUESTS; i++) {
      client.get(path);
    }
    return least.get();
  }

  /**
   * Both wrappers, the exchange that they share with its commit point and body meter, and what
   * Tomcat takes for a request attribute and a look at a field: 376 bytes on JDK 17. Room for
   * another JDK's layout of objects, not for a string or a list.
   */
  private static final long ANONYMOUS = 448;

  @Test
  void anonymous_nothingIsDecodedAndNothingMadeButTheWrappers() throws Exception {
    try (TestApp app = app()) {
      assertThat(leastBytes(app.client(), "/nothing")).isLessThanOrEqualTo(ANONYMOUS);
      assertThat(keysAsked).hasValue(0);
    }
  }
}
