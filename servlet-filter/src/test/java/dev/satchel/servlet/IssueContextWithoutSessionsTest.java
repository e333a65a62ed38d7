package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A context of Jetty without sessions of its own, which needs none beside ours, did not start. */
class IssueContextWithoutSessionsTest {

  @Test
  @DisplayName("64, 66: a Jetty context without sessions has ours, and its listeners are told")
  void noSessions() throws Exception {
    AtomicInteger created = new AtomicInteger();
    Server server = new Server(0);
    ServletContextHandler context =
        new ServletContextHandler("/", ServletContextHandler.NO_SESSIONS);
    context.addEventListener(
        new HttpSessionListener() {
          @Override
          public void sessionCreated(HttpSessionEvent event) {
            created.incrementAndGet();
          }
        });
    context.addServlet(
        new ServletHolder(
            new HttpServlet() {
              private static final long serialVersionUID = 1L;

              @Override
              protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                request.getSession();
              }
            }),
        "/*");
    context.addServletContainerInitializer(
        (classes, servletContext) ->
            StatelessSessionFilter.builder("shop", TestKeys.source())
                .build()
                .register(servletContext));
    server.setHandler(context);
    server.start();
    try {
      Client client = new Client(((ServerConnector) server.getConnectors()[0]).getLocalPort());
      assertThat(client.get("/").setCookies()).hasSize(1);
      assertThat(created).hasValue(1);
    } finally {
      server.stop();
    }
  }
}
