package dev.satchel.examples.jsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.examples.TomcatNodes;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every request goes to the other node than the one before it. */
class WebXmlAndJspTest {
  @TempDir static Path directory;
  static TomcatNodes nodes;

  private final HttpClient client = HttpClient.newHttpClient();
  private String cookie = "";

  @BeforeAll
  static void start() throws Exception {
    System.setProperty("notes.keys", TomcatNodes.ring(directory, "notes").toString());
    nodes = TomcatNodes.start(directory, WebXmlAndJspTest::deploy);
  }

  private static void deploy(Tomcat server) {
    Context context = server.addWebapp("", Path.of("src/test/webapp").toAbsolutePath().toString());
    // There are no tag libraries to look for in the jars of the class path.
    ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
  }

  @AfterAll
  static void stop() throws Exception {
    nodes.close();
    System.clearProperty("notes.keys");
  }

  @Test
  @DisplayName("17, 53, 54, 55: beans changed in place, before a forward and in an include")
  void beans() throws Exception {
    assertThat(ask("notes.jsp")).containsExactly("Page 1 of your visit");
    assertThat(ask("write.jsp?note=buy+milk"))
        .containsExactly("Page 2 of your visit", "- buy milk");
    assertThat(ask("notes.jsp")).containsExactly("Page 3 of your visit", "- buy milk");
    ask("write.jsp?note=" + URLEncoder.encode("call Zoë", StandardCharsets.UTF_8));
    assertThat(ask("notes.jsp"))
        .containsExactly("Page 5 of your visit", "- buy milk", "- call Zoë");
  }

  @Test
  @DisplayName("another browser has a notebook of its own")
  void twoBrowsers() throws Exception {
    ask("write.jsp?note=x");
    String first = cookie;
    cookie = "";
    assertThat(ask("notes.jsp")).containsExactly("Page 1 of your visit");
    cookie = first;
    assertThat(ask("notes.jsp")).containsExactly("Page 2 of your visit", "- x");
  }

  private List<String> ask(String page) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(nodes.next().resolve(page));
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    // The container's own session would be a second line.
    assertThat(response.headers().allValues("Set-Cookie")).hasSize(1);
    String line = response.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(line).startsWith("__Host-Http-notes=");
    cookie = line.substring(0, line.indexOf(';'));
    return response.body().lines().filter(text -> !text.isBlank()).toList();
  }
}
