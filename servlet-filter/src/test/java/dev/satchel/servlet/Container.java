package dev.satchel.servlet;

import jakarta.servlet.ServletContext;
import java.io.File;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.ExpandWar;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The containers that every scenario runs on. */
enum Container {
  TOMCAT {
    @Override
    Started start(Startup startup, Map<Object, String> errorPages) throws Exception {
      Tomcat tomcat = new Tomcat();
      File base = Files.createTempDirectory("satchel-tomcat").toFile();
      tomcat.setBaseDir(base.getPath());
      tomcat.setPort(0);
      Context context = tomcat.addContext("", base.getPath());
      APPLICATION_LOG.setLevel(
          Level.OFF); // addContext has just set another; tests provoke failures on purpose
      context.addServletContainerInitializer(
          (classes, servletContext) -> startup.accept(servletContext), Set.of());
      errorPages.forEach(
          (cause, path) -> {
            ErrorPage page = new ErrorPage();
            page.setLocation(path);
            if (cause instanceof Integer status) {
              page.setErrorCode(status);
            } else {
              page.setExceptionType(((Class<?>) cause).getName());
            }
            context.addErrorPage(page);
          });
      tomcat.getConnector();
      tomcat.start();
      if (!context.getState().isAvailable()) {
        tomcat.destroy();
        ExpandWar.delete(base);
        throw new IllegalStateException("the application did not start");
      }
      return new Started() {
        @Override
        public int port() {
          return tomcat.getConnector().getLocalPort();
        }

        @Override
        public void close() throws Exception {
          tomcat.stop();
          tomcat.destroy();
          ExpandWar.delete(base);
        }
      };
    }
  },

  JETTY {
    @Override
    Started start(Startup startup, Map<Object, String> errorPages) throws Exception {
      Server server = new Server(0);
      ServletContextHandler context =
          new ServletContextHandler("/", ServletContextHandler.SESSIONS);
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
      server.setHandler(context);
      server.start();
      return new Started() {
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
  };

  private static final Logger APPLICATION_LOG =
      Logger.getLogger("org.apache.catalina.core.ContainerBase.[Tomcat].[localhost].[/]");

  /** Starts an application on a free port. Error pages are keyed by status or exception class. */
  abstract Started start(Startup startup, Map<Object, String> errorPages) throws Exception;

  /** What an application does when its context starts. */
  interface Startup {
    void accept(ServletContext context);
  }

  /** A container that runs. */
  interface Started extends AutoCloseable {
    int port();
  }
}
