package dev.satchel.examples.jwks;

import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.MemoryKeyRingStore;
import dev.satchel.keys.RotatingKeySource;
import dev.satchel.keys.RotationPolicy;
import dev.satchel.servlet.StatelessSessionFilter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.modeler.Registry;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/**
 * Signs people in, and publishes the keys to verify their sessions with: an application with the
 * filter, on a ring of signature keys, and the {@link JwksServlet}.
 */
final class Issuer implements AutoCloseable {
  /** What a session is for, and where it travels. The gate has to name the same. */
  static final String APPLICATION = "shop";

  static final String HEADER = "X-Session";

  // In life a directory, a database or Redis, as nodes of one issuer share the ring.
  private final KeyRingStore store = new MemoryKeyRingStore(InstantSource.system());
  private final KeyEncryptionKey kek = freshKek();
  private final RotatingKeySource keys;
  private final Tomcat tomcat = new Tomcat();

  Issuer(TokenAlgorithm algorithm, OwnCertificate certificate) throws LifecycleException {
    custodian().creation(APPLICATION, RotationPolicy.defaults().withAlgorithm(algorithm)).commit();
    keys = RotatingKeySource.builder(store, kek).role(RotatingKeySource.Role.WRITER).build();
    Registry.disableRegistry(); // two Tomcats of one process would argue over names there
    tomcat.setBaseDir(certificate.directory().toString());
    tomcat.setConnector(connector(certificate));
    Context context = tomcat.addContext("", null);
    context.setParentClassLoader(Issuer.class.getClassLoader());
    context.addServletContainerInitializer((types, app) -> deploy(app), Set.of());
    tomcat.start();
    // Or it is home to all later Tomcats of the process, which would make its directory anew.
    System.clearProperty("catalina.home");
  }

  private void deploy(ServletContext app) {
    StatelessSessionFilter.builder(APPLICATION, keys).header(HEADER).build().register(app);
    app.addServlet("sign-in", new SignInServlet()).addMapping("/sign-in");
    app.addServlet("jwks", new JwksServlet(keys::publicKeys)).addMapping("/jwks.json");
  }

  private static Connector connector(OwnCertificate certificate) {
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
    connector.setScheme("https");
    connector.setSecure(true);
    connector.setProperty("SSLEnabled", "true");
    SSLHostConfig host = new SSLHostConfig();
    SSLHostConfigCertificate ours =
        new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
    ours.setCertificateKeystoreFile(certificate.file().toString());
    ours.setCertificateKeystorePassword(certificate.password());
    ours.setCertificateKeystoreType("PKCS12");
    host.addCertificate(ours);
    connector.addSslHostConfig(host);
    return connector;
  }

  /** Somebody got at the private key: it goes at once, and another signs. */
  void replaceStolenKey() {
    String stolen = keys.health().issuing().orElseThrow();
    custodian().revocation(Set.of(stolen)).commit();
    keys.refresh();
  }

  URI location(String path) {
    return URI.create("https://localhost:" + tomcat.getConnector().getLocalPort() + path);
  }

  private KeyCustodian custodian() {
    return new KeyCustodian(store, kek, InstantSource.system());
  }

  private static KeyEncryptionKey freshKek() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return KeyEncryptionKey.ofSecret(secret);
  }

  @Override
  public void close() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
    keys.close();
  }

  /** Knows nothing of tokens or keys. */
  private static final class SignInServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      request.getSession().setAttribute("name", request.getParameter("name"));
      response.getWriter().print("signed in");
    }
  }
}
