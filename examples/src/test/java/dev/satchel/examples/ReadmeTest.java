package dev.satchel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.examples.demo.shop.CartItem;
import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.RotationPolicy;
import dev.satchel.keys.file.FileKeyRingStore;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows to be deployed works as it stands there, but for places and a class. */
class ReadmeTest {
  /** Held, or the level would be forgotten with the logger: Tomcat tells of starts and stops. */
  private static final Logger TOMCAT = Logger.getLogger("org.apache");

  @TempDir Path directory;

  @BeforeAll
  static void quiet() {
    TOMCAT.setLevel(Level.OFF);
  }

  @Test
  void webXml_ofTheReadme_givesASessionThatOutlivesTheServer() throws Exception {
    deploy(
        "web.xml",
        "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\">"
            + readme("```xml\n")
            + "</web-app>");
    assertCountsOn();
  }

  @Test
  void properties_ofTheReadme_doSoWithoutAnyRegistration() throws Exception {
    deploy("satchel.properties", readme("```properties\napplication"));
    assertCountsOn();
  }

  /** Puts the text into the application's directory, with places and a class that there are. */
  private void deploy(String name, String text) throws Exception {
    Path home = owned("home");
    Path kek = home.resolve("kek.jwk");
    Files.createFile(
        kek, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(kek, SessionKey.generate("kek", TokenAlgorithm.A256KW).toSecretJwk());
    Path ring = home.resolve("ring");
    new KeyCustodian(
            new FileKeyRingStore(ring),
            KeyEncryptionKey.of("file:" + kek, variable -> null),
            InstantSource.system())
        .creation("shop", RotationPolicy.defaults())
        .commit();
    Path webInf = Files.createDirectories(directory.resolve("app/WEB-INF"));
    Files.writeString(
        webInf.resolve(name),
        text.replace("/var/lib/shop/ring", ring.toString())
            .replace("/etc/shop/kek.jwk", kek.toString())
            .replace("com.example.CartItem", CartItem.class.getName()));
  }

  private void assertCountsOn() throws Exception {
    HttpResponse<String> first = visit("first", "");
    String cookie = first.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).startsWith("__Host-Http-shop=").contains("Secure").contains("HttpOnly");
    assertThat(first.body()).isEqualTo("1");
    HttpResponse<String> second = visit("second", cookie.substring(0, cookie.indexOf(';')));
    assertThat(second.body()).isEqualTo("2");
  }

  private Path owned(String name) throws IOException {
    return Files.createDirectory(
        directory.resolve(name),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** The README's block that begins so, without its fences. */
  private static String readme(String beginning) throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    int start = readme.indexOf('\n', readme.indexOf(beginning)) + 1;
    return readme.substring(start, readme.indexOf("```", start));
  }

  /** One request to a server of its own, which has nothing but the ring. */
  private HttpResponse<String> visit(String server, String cookie) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createDirectory(directory.resolve(server)).toString());
    tomcat.setPort(0);
    tomcat.getConnector();
    Context context = tomcat.addWebapp("", directory.resolve("app").toString());
    // Everything under test is at hand; nothing is found by searching this module's class path.
    ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
    Tomcat.addServlet(context, "counter", new Counter());
    context.addServletMappingDecoded("/count", "counter");
    tomcat.start();
    System.clearProperty("catalina.home"); // or it is home to all later Tomcats of the process
    try {
      URI uri = URI.create("http://localhost:" + tomcat.getConnector().getLocalPort() + "/count");
      HttpRequest.Builder request = HttpRequest.newBuilder(uri);
      if (!cookie.isEmpty()) {
        request.header("Cookie", cookie);
      }
      return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    } finally {
      tomcat.stop();
      tomcat.destroy();
    }
  }

  /** An application that knows nothing of the filter. */
  private static final class Counter extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      Object before = request.getSession().getAttribute("count");
      int count = before instanceof Integer number ? number + 1 : 1;
      request.getSession().setAttribute("count", count);
      response.getWriter().print(count);
    }
  }
}
