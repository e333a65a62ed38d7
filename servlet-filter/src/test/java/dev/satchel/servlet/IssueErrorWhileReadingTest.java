package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.RevocationCheck;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An {@code Error} while the token was read made the request one without a session: whoever asked
 * again, such as the error page, was given a new one, which was written over the client's.
 */
class IssueErrorWhileReadingTest {
  private final AtomicBoolean fails = new AtomicBoolean();

  private final RevocationCheck check =
      state -> {
        if (fails.getAndSet(false)) {
          throw new StackOverflowError("as if the application had filled the stack");
        }
        return false;
      };

  @OnEachContainer
  void errorWhileReading_nextCallInTheRequest_findsTheSession(Container container)
      throws Exception {
    StatelessSessionFilter filter =
        StatelessSessionFilter.builder("shop", TestKeys.source()).revocationCheck(check).build();
    try (TestApp app = TestApp.start(container, filter).withSetAndGet()) {
      app.on(
          "/twice",
          (request, response) ->
              response.getWriter().print(failing(request) + "," + request.getSession().isNew()));
      Client client = app.client();
      client.get("/set");
      fails.set(true);

      assertThat(client.get("/twice").body()).isEqualTo("failed,false");
      assertThat(client.get("/get").body()).isEqualTo("1");
    }
  }

  private static String failing(HttpServletRequest request) {
    try {
      return String.valueOf(request.getSession(false));
    } catch (StackOverflowError e) {
      return "failed";
    }
  }
}
