package dev.satchel.servlet;

import io.undertow.Undertow;
import io.undertow.server.handlers.PathHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainer;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletContainerInitializer;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.startup.ExpandWar;
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
      Tomcat tomcat = new Tomcat();
      File base = Files.createTempDirectory("satchel-tomcat").toFile();
      tomcat.setBaseDir(base.getPath());
      tomcat.setPort(0);
      add(tomcat, "/one", base, one);
      add(tomcat, "/two", base, two);
      tomcat.getConnector();
      tomcat.start();
      return new Container.Started() {
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
      Undertow undertow =
          Undertow.builder()
              .addHttpListener(0, "localhost")
              .setIoThreads(2)
              .setWorkerThreads(4)
              .setHandler(paths)
              .build();
      undertow.start();
      return new Container.Started() {
        @Override
        public int port() {
          return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
        }

        @Override
        public void close() throws Exception {
          undertow.stop();
          first.stop();
          second.stop();
        }
      };
    }

    private static DeploymentManager add(
        ServletContainer applications, PathHandler paths, String path, Container.Startup startup)
        throws Exception {
      ServletContainerInitializer initializer = (types, context) -> startup.accept(context);
      DeploymentInfo application =
          Servlets.deployment()
              .setClassLoader(TwoContexts.class.getClassLoader())
              .setContextPath(path)
              .setDeploymentName(path)
              .addServletContainerInitializer(
                  new ServletContainerInitializerInfo(
                      ServletContainerInitializer.class,
                      new ImmediateInstanceFactory<>(initializer),
                      Set.of()));
      DeploymentManager deployment = applications.addDeployment(application);
      deployment.deploy();
      paths.addPrefixPath(path, deployment.start());
      return deployment;
    }
  }
}
