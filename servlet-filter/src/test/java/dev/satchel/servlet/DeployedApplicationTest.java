package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A directory that is deployed, not a context that is put together: nothing but files says what to
 * do.
 */
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
  public static class Listener implements HttpSessionListener {
    @Override
    public void sessionCreated(HttpSessionEvent event) {
      CREATED.incrementAndGet();
    }
  }

  private static final String WEB_XML =
      """
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
        <listener><listener-class>dev.satchel.servlet.DeployedApplicationTest$Listener</listener-class></listener>
        <servlet>
          <servlet-name>visits</servlet-name>
          <servlet-class>dev.satchel.servlet.DeployedApplicationTest$Visits</servlet-class>
        </servlet>
        <servlet-mapping><servlet-name>visits</servlet-name><url-pattern>/</url-pattern></servlet-mapping>
      </web-app>
      """;

  @Test
  @DisplayName("78, 64: Tomcat finds satchel.properties, and web.xml's listener is told")
  void tomcat() throws Exception {
    Path application = directory.resolve("application");
    Files.createDirectories(application.resolve("WEB-INF/classes"));
    Files.writeString(application.resolve("WEB-INF/web.xml"), WEB_XML);
    Files.writeString(
        application.resolve("WEB-INF/classes/satchel.properties"),
        "application = shop\nkeySource = test:x\n");
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(directory.resolve("base").toString());
    tomcat.setPort(0);
    tomcat.setAddDefaultWebXmlToWebapp(false);
    Context context = tomcat.addWebapp("", application.toString());
    tomcat.getConnector();
    tomcat.start();
    try {
      assertThat(context.getState().isAvailable()).isTrue();
      Client client = new Client(tomcat.getConnector().getLocalPort());
      int before = CREATED.get();
      assertThat(client.get("/").body()).isEqualTo("1");
      assertThat(client.get("/").body()).isEqualTo("2");
      assertThat(client.cookies).containsOnlyKeys("__Host-Http-shop");
      assertThat(CREATED.get() - before).isEqualTo(1);
    } finally {
      tomcat.stop();
      tomcat.destroy();
    }
  }
}
