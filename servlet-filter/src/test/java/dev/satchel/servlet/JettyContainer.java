package dev.satchel.servlet;

import java.util.Map;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty with Jakarta EE 11. */
final class JettyContainer {
  private JettyContainer() {}

  static Container.Started start(
      Container.Startup startup, Map<Object, String> errorPages, Container.Natively natively)
      throws Exception {
    Server server = new Server(0);
    ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
    context.addServletContainerInitializer(
        (classes, servletContext) -> startup.accept(servletContext));
    ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
    errorPages.forEach(
        (cause, path) -> {
          if (cause instanceof Integer status) {
            errors.addErrorPage(status, path);
          } else {
            errors.addErrorPage(((Class<?>) cause).asSubclass(Throwable.class), path);
          }
        });
    context.setErrorHandler(errors);
    natively.accept(context);
    server.setHandler(context);
    server.start();
    return new Container.Started() {
      @Override
      public int port() {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
      }

      @Override
      public void close() throws Exception {
        server.stop();
      }
    };
  }
}
