package dev.satchel.keys;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The JDK's server over TLS, with a certificate of its own, that answers as a test says. */
final class JwksServer implements AutoCloseable {
  /** Remembered, since a thread of the server writes and the test reads. */
  final List<Headers> requests = new CopyOnWriteArrayList<>();

  final SSLContext tls;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile Behaviour behaviour = exchange -> send(exchange, 404, "");

  JwksServer(Path directory) throws Exception {
    tls = ownCertificate(directory.resolve("tls.p12"));
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          requests.add(exchange.getRequestHeaders());
          try (exchange) {
            behaviour.answer(exchange);
          }
        });
    server.start();
  }

  /** Made by the JDK's keytool: there is no API for a certificate. */
  private static SSLContext ownCertificate(Path file) throws Exception {
    char[] password = "changeit".toCharArray();
    if (!Files.exists(file)) {
      String text = new String(password);
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "jwks",
                  "-keyalg",
                  "EC",
                  "-groupname",
                  "secp256r1",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "san=dns:localhost,ip:127.0.0.1",
                  "-keystore",
                  file.toString(),
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  text)
              .redirectErrorStream(true)
              .start();
      try (InputStream said = keytool.getInputStream()) {
        String output = new String(said.readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
          throw new IllegalStateException(output);
        }
      }
    }
    KeyStore store = KeyStore.getInstance(file.toFile(), password);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  URI address() {
    return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json");
  }

  void answers(Behaviour next) {
    behaviour = next;
  }

  /** A set, with the fields that say nothing about caching. */
  void serves(String set, String... fields) {
    answers(
        exchange -> {
          for (int i = 0; i < fields.length; i += 2) {
            exchange.getResponseHeaders().add(fields[i], fields[i + 1]);
          }
          exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("application/json"));
          send(exchange, 200, set);
        });
  }

  /** As a publisher should. */
  static void publish(HttpExchange exchange, PublishedJwks keys) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", PublishedJwks.CONTENT_TYPE);
    exchange.getResponseHeaders().add("ETag", keys.etag());
    exchange.getResponseHeaders().add("Cache-Control", keys.cacheControl());
    exchange.getResponseHeaders().add("Age", Long.toString(keys.age().toSeconds()));
    if (keys.isNotModified(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      exchange.sendResponseHeaders(304, -1);
    } else {
      send(exchange, 200, new String(keys.body(), StandardCharsets.UTF_8));
    }
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }

  JwksKeySource.Builder source(ManualTime time) {
    return JwksKeySource.builder(address())
        .sslContext(tls)
        .clock(time)
        .monotonicClock(time.monotonic())
        .random(new SeededRandom(3))
        .withoutThread();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** What the server does with a request. */
  interface Behaviour {
    void answer(HttpExchange exchange) throws IOException;
  }
}
