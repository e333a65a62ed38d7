package dev.satchel.servlet;

import java.io.File;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.ExpandWar;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.ServerInfo;
import org.apache.tomcat.util.descriptor.web.ErrorPage;

/** Tomcat, of the release that is on the class path; compiled against 11, used with 10.1 too. */
final class TomcatContainer {
  private static final Logger APPLICATION_LOG =
      Logger.getLogger("org.apache.catalina.core.ContainerBase.[Tomcat].[localhost].[/]");

  private TomcatContainer() {}

  /** As 11.0.27.0. */
  static String release() {
    return ServerInfo.getServerNumber();
  }

  static Container.Started start(
      Container.Startup startup, Map<Object, String> errorPages, Container.Natively natively)
      throws Exception {
    File base = Files.createTempDirectory("satchel-tomcat").toFile();
    Tomcat tomcat = in(base);
    Context context = tomcat.addContext("", base.getPath());
    // addContext has just set another; tests provoke failures on purpose
    APPLICATION_LOG.setLevel(Level.OFF);
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
    natively.accept(context);
    Container.Started started = started(tomcat, base);
    if (!context.getState().isAvailable()) {
      started.close();
      throw new IllegalStateException("the application did not start");
    }
    return started;
  }

  /** Not started yet, on a port of the system's choice. */
  static Tomcat in(File base) {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(base.getPath());
    tomcat.setPort(0);
    tomcat.getConnector();
    // It is set by now, and would be home to all later Tomcats of the process: they make the
    // directory anew that this one's test has removed.
    System.clearProperty("catalina.home");
    return tomcat;
  }

  /** Starts it. When it is closed, or does not start, the directory goes. */
  static Container.Started started(Tomcat tomcat, File base) throws LifecycleException {
    Container.Started started =
        new Container.Started() {
          @Override
          public int port() {
            return tomcat.getConnector().getLocalPort();
          }

          @Override
          public void close() throws LifecycleException {
            tomcat.stop();
            tomcat.destroy();
            ExpandWar.delete(base);
          }
        };
    try {
      tomcat.start();
    } catch (LifecycleException e) {
      ExpandWar.delete(base);
      throw e;
    }
    return started;
  }
}
