package dev.satchel.servlet;

import io.undertow.server.handlers.PathHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainer;
import java.io.File;
import java.nio.file.Files;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;

/**
 * Two applications in one container, at {@code /one} and {@code /two}, that may reach each other.
 */
final class TwoContexts {
  private TwoContexts() {}

  static Container.Started start(Container container, Container.Startup one, Container.Startup two)
      throws Exception {
    return switch (container) {
      case TOMCAT_11, TOMCAT_10 -> OnTomcat.start(one, two);
      case JETTY -> OnJetty.start(one, two);
      case UNDERTOW -> OnUndertow.start(one, two);
    };
  }

  private static final class OnTomcat {
    static Container.Started start(Container.Startup one, Container.Startup two) throws Exception {
      File base = Files.createTempDirectory("satchel-tomcat").toFile();
      Tomcat tomcat = TomcatContainer.in(base);
      add(tomcat, "/one", base, one);
      add(tomcat, "/two", base, two);
      return TomcatContainer.started(tomcat, base);
    }

    private static void add(Tomcat tomcat, String path, File base, Container.Startup startup) {
      Context context = tomcat.addContext(path, base.getPath());
      context.setCrossContext(true);
      context.addServletContainerInitializer((types, c) -> startup.accept(c), Set.of());
    }
  }

  private static final class OnJetty {
    static Container.Started start(Container.Startup one, Container.Startup two) throws Exception {
      Server server = new Server(0);
      server.setHandler(new ContextHandlerCollection(context("/one", one), context("/two", two)));
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

    private static ServletContextHandler context(String path, Container.Startup startup) {
      ServletContextHandler context =
          new ServletContextHandler(path, ServletContextHandler.SESSIONS);
      context.setCrossContextDispatchSupported(true);
      context.addServletContainerInitializer((types, c) -> startup.accept(c));
      return context;
    }
  }

  private static final class OnUndertow {
    static Container.Started start(Container.Startup one, Container.Startup two) throws Exception {
      ServletContainer applications = Servlets.newContainer();
      PathHandler paths = new PathHandler();
      DeploymentManager first = add(applications, paths, "/one", one);
      DeploymentManager second = add(applications, paths, "/two", two);
      return UndertowContainer.started(paths, first, second);
    }

    private static DeploymentManager add(
        ServletContainer applications, PathHandler paths, String path, Container.Startup startup)
        throws Exception {
      DeploymentManager deployment =
          applications.addDeployment(UndertowContainer.application(path, path, startup));
      deployment.deploy();
      paths.addPrefixPath(path, deployment.start());
      return deployment;
    }
  }
}
