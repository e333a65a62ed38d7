package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;

/** Threads of one request that ask who the user is do not wait for each other without need. */
class IssueUserOfParallelThreadsTest extends ScenarioTest {
  private volatile CountDownLatch asked;
  private volatile CountDownLatch answered;

  /** Stands before the filter, in the container's place. */
  private final class SlowRequest extends HttpServletRequestWrapper {
    SlowRequest(HttpServletRequest request) {
      super(request);
    }

    @Override
    public Principal getUserPrincipal() {
      asked.countDown();
      try {
        assertThat(answered.await(20, TimeUnit.SECONDS)).as("the other thread was let in").isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return () -> "slow";
    }

    @Override
    public String getRemoteUser() {
      return "fast";
    }
  }

  @Override
  void startup(ServletContext context) {
    Filter slow = (q, r, chain) -> chain.doFilter(new SlowRequest((HttpServletRequest) q), r);
    context
        .addFilter("slow", slow)
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
  }

  @OnEachContainer
  @DisplayName("35: one thread asks while another waits for its answer")
  void parallel(Container container) throws Exception {
    asked = new CountDownLatch(1);
    answered = new CountDownLatch(1);
    TestApp app =
        on(container)
            .on(
                "/user",
                (q, r) -> {
                  String[] slow = new String[1];
                  Thread other = new Thread(() -> slow[0] = q.getUserPrincipal().getName());
                  other.start();
                  assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
                  String fast = q.getRemoteUser();
                  answered.countDown();
                  other.join(TimeUnit.SECONDS.toMillis(20));
                  r.getWriter().print(fast + " " + slow[0]);
                });
    assertThat(app.client().get("/user").body()).isEqualTo("fast slow");
  }
}
