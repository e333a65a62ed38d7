package dev.satchel.servlet;

import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.servlet.api.DeploymentInfo;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;

/** Files under {@code /static}, sent by the container's own servlet for them. */
final class StaticFiles {
  private final Container container;
  private final Path root;

  /** Below a folder of the test's. */
  StaticFiles(Container container, Path root) {
    this.container = container;
    this.root = root;
  }

  void add(String name, byte[] content) throws IOException {
    Path file = root.resolve("static").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  Container.Natively root() {
    return switch (container) {
      case TOMCAT_11, TOMCAT_10 -> context -> OnTomcat.set(context, root);
      case JETTY -> context -> OnJetty.set(context, root);
      case UNDERTOW -> info -> OnUndertow.set(info, root);
    };
  }

  void serve(ServletContext context) {
    String servlet =
        switch (container) {
          case TOMCAT_11, TOMCAT_10 -> "org.apache.catalina.servlets.DefaultServlet";
          case JETTY -> "org.eclipse.jetty.ee11.servlet.DefaultServlet";
          case UNDERTOW -> "io.undertow.servlet.handlers.DefaultServlet";
        };
    ServletRegistration.Dynamic registration = context.addServlet("files", servlet);
    registration.setAsyncSupported(true);
    registration.addMapping("/static/*");
    if (container == Container.JETTY) {
      registration.setInitParameter("pathInfoOnly", "false");
    }
    if (container == Container.UNDERTOW) {
      registration.setInitParameter("resolve-against-context-root", "true");
    }
  }

  private static final class OnTomcat {
    static void set(Object context, Path root) {
      ((Context) context).setDocBase(root.toString());
    }
  }

  private static final class OnJetty {
    static void set(Object context, Path root) {
      ((ServletContextHandler) context).setBaseResourceAsPath(root);
    }
  }

  private static final class OnUndertow {
    static void set(Object info, Path root) {
      ((DeploymentInfo) info).setResourceManager(new PathResourceManager(root));
    }
  }
}
