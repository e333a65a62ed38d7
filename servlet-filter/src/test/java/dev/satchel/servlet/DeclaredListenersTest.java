package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee11.servlet.ListenerHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that are named to the container, as {@code web.xml} and annotations do (64). */
class DeclaredListenersTest {
  private static final AtomicInteger CREATED = new AtomicInteger();

  private static final ServletContainerInitializer APPLICATION =
      (classes, context) -> {
        ServletRegistration.Dynamic page =
            context.addServlet(
                "page",
                new HttpServlet() {
                  private static final long serialVersionUID = 1L;

                  @Override
                  protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                    request.getSession();
                  }
                });
        page.addMapping("/");
        StatelessSessionFilter.builder("shop", TestKeys.source()).build().register(context);
      };

  @TempDir private Path directory;

  /** Made by the container. */
  public static final class Listener implements HttpSessionListener {
    @Override
    public void sessionCreated(HttpSessionEvent event) {
      CREATED.incrementAndGet();
    }
  }

  @OnEachContainer
  @DisplayName("64: a listener that the container was given by its class")
  void declared(Container container) throws Exception {
    int before = CREATED.get();
    try (Container.Started started =
        switch (container) {
          case TOMCAT_11, TOMCAT_10 -> OnTomcat.start(directory);
          case JETTY -> OnJetty.start();
          case UNDERTOW -> OnUndertow.start();
        }) {
      assertThat(new Client(started.port()).get("/").setCookies())
          .singleElement()
          .asString()
          .startsWith(ScenarioTest.COOKIE + "=");
      assertThat(CREATED.get() - before).isEqualTo(1);
    }
  }

  private record Running(int port, AutoCloseable end) implements Container.Started {
    @Override
    public void close() throws Exception {
      end.close();
    }
  }

  /** A class of its own, as each of these, since not all containers are on one class path. */
  private static final class OnTomcat {
    static Container.Started start(Path directory) throws Exception {
      Tomcat tomcat = TomcatContainer.in(directory.toFile());
      Context context = tomcat.addContext("", directory.toString());
      context.addApplicationListener(Listener.class.getName());
      context.addServletContainerInitializer(APPLICATION, Set.of());
      tomcat.start();
      return new Running(
          tomcat.getConnector().getLocalPort(),
          () -> {
            tomcat.stop();
            tomcat.destroy();
          });
    }
  }

  private static final class OnJetty {
    static Container.Started start() throws Exception {
      Server server = new Server(0);
      ServletContextHandler context =
          new ServletContextHandler("/", ServletContextHandler.SESSIONS);
      context.getServletHandler().addListener(new ListenerHolder(Listener.class));
      context.addServletContainerInitializer(APPLICATION);
      server.setHandler(context);
      server.start();
      return new Running(
          ((ServerConnector) server.getConnectors()[0]).getLocalPort(), server::stop);
    }
  }

  private static final class OnUndertow {
    static Container.Started start() throws Exception {
      DeploymentInfo application =
          Servlets.deployment()
              .setClassLoader(DeclaredListenersTest.class.getClassLoader())
              .setContextPath("/")
              .setDeploymentName("application")
              .addListener(Servlets.listener(Listener.class))
              .addServletContainerInitializer(
                  new ServletContainerInitializerInfo(
                      ServletContainerInitializer.class,
                      new ImmediateInstanceFactory<>(APPLICATION),
                      Set.of()));
      DeploymentManager deployment = Servlets.newContainer().addDeployment(application);
      deployment.deploy();
      Undertow undertow =
          Undertow.builder()
              .addHttpListener(0, "localhost")
              .setIoThreads(2)
              .setWorkerThreads(4)
              .setHandler(deployment.start())
              .build();
      undertow.start();
      InetSocketAddress address =
          (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
      return new Running(
          address.getPort(),
          () -> {
            undertow.stop();
            deployment.stop();
            deployment.undeploy();
          });
    }
  }
}
