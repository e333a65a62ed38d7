package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that are deployed to Tomcat: nothing but their files says what to do. */
@Tag(ServletApi.TAG)
class DeployedApplicationTest {
  private static final AtomicInteger CREATED = new AtomicInteger();

  @TempDir private Path directory;

  /** Named in web.xml. */
  public static class Visits extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      Object before = request.getSession().getAttribute("visits");
      int visits = before == null ? 1 : (Integer) before + 1;
      request.getSession().setAttribute("visits", visits);
      response.getWriter().print(visits);
    }
  }

  /** Named in web.xml. */
  public static class Sessions implements HttpSessionListener {
    @Override
    public void sessionCreated(HttpSessionEvent event) {
      CREATED.incrementAndGet();
    }
  }

  /** Named in web.xml, where {@code @WebListener} would do the same. */
  public static class Startup implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      StatelessSessionFilter.builder("shop", TestKeys.source())
          .build()
          .register(event.getServletContext());
    }
  }

  private static final String LISTENER =
      "<listener><listener-class>dev.satchel.servlet.DeployedApplicationTest$Startup</listener-class></listener>";

  private static final String FILTER =
      """
      <filter>
        <filter-name>sessions</filter-name>
        <filter-class>dev.satchel.servlet.StatelessSessionFilter</filter-class>
        <async-supported>true</async-supported>
        <init-param><param-name>application</param-name><param-value>shop</param-value></init-param>
        <init-param><param-name>keySource</param-name><param-value>test:x</param-value></init-param>
      </filter>
      <filter-mapping>
        <filter-name>sessions</filter-name>
        <url-pattern>/*</url-pattern>
        <dispatcher>REQUEST</dispatcher>
        <dispatcher>FORWARD</dispatcher>
        <dispatcher>INCLUDE</dispatcher>
        <dispatcher>ASYNC</dispatcher>
        <dispatcher>ERROR</dispatcher>
      </filter-mapping>
      """;

  private static final String PARAMETERS =
      """
      <context-param><param-name>satchel.application</param-name><param-value>shop</param-value></context-param>
      <context-param><param-name>satchel.keySource</param-name><param-value>test:x</param-value></context-param>
      """;

  private static final String SETTINGS = "application = shop\nkeySource = test:x\n";

  @Test
  @DisplayName("78, 64: registered by a listener at the start")
  void program() throws Exception {
    assertWorks(LISTENER);
  }

  @Test
  @DisplayName("78, 64: registered in web.xml")
  void webXml() throws Exception {
    assertWorks(FILTER);
  }

  @Test
  @DisplayName("78, 64: registered by context parameters in web.xml")
  void contextParameters() throws Exception {
    assertWorks(PARAMETERS);
  }

  @Test
  @DisplayName("78, 64: registered by satchel.properties among the classes, and in WEB-INF")
  void properties() throws Exception {
    write("WEB-INF/classes/satchel.properties", SETTINGS);
    assertWorks("");
    Files.move(
        directory.resolve("application/WEB-INF/classes/satchel.properties"),
        directory.resolve("application/WEB-INF/satchel.properties"));
    assertWorks("");
  }

  private void write(String path, String text) throws IOException {
    Path file = directory.resolve("application").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** One session, in our cookie, of which the listener in web.xml is told. */
  private void assertWorks(String inWebXml) throws Exception {
    write(
        "WEB-INF/web.xml",
        """
        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
        %s
        <listener><listener-class>dev.satchel.servlet.DeployedApplicationTest$Sessions</listener-class></listener>
        <servlet>
          <servlet-name>visits</servlet-name>
          <servlet-class>dev.satchel.servlet.DeployedApplicationTest$Visits</servlet-class>
        </servlet>
        <servlet-mapping><servlet-name>visits</servlet-name><url-pattern>/</url-pattern></servlet-mapping>
        </web-app>
        """
            .formatted(inWebXml));
    Tomcat tomcat = TomcatContainer.in(directory.resolve("base").toFile());
    tomcat.setAddDefaultWebXmlToWebapp(false);
    Context context = tomcat.addWebapp("", directory.resolve("application").toString());
    // Nothing of the tests' class path is the application's; to look through it takes seconds.
    ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
    context.setContainerSciFilter("org\\.eclipse\\.jetty\\..*"); // on our class path by chance
    tomcat.start();
    try {
      assertThat(context.getState().isAvailable()).isTrue();
      Client client = new Client(tomcat.getConnector().getLocalPort());
      int before = CREATED.get();
      assertThat(client.get("/").body()).isEqualTo("1");
      assertThat(client.get("/").body()).isEqualTo("2");
      assertThat(client.cookies).containsOnlyKeys(ScenarioTest.COOKIE);
      assertThat(CREATED.get() - before).isEqualTo(1);
    } finally {
      tomcat.stop();
      tomcat.destroy();
    }
  }
}
