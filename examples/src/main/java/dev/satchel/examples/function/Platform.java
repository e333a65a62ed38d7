package dev.satchel.examples.function;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands for the provider's side of function compute at its coldest: every request starts an
 * instance of its own, and ends it.
 */
final class Platform implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Platform.class.getName());

  private final HttpServer server;
  private final Map<String, String> environment;
  private final AtomicInteger instances = new AtomicInteger();

  Platform(Map<String, String> environment) throws IOException {
    this.environment = Map.copyOf(environment);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::invoke);
    server.start();
  }

  URI location() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
  }

  /** How many instances it has started. */
  int instances() {
    return instances.get();
  }

  private void invoke(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    // The exchange is closed last, also behind an answer of 500.
    try (exchange) {
      invoke(exchange, headers);
    }
  }

  private void invoke(HttpExchange exchange, Map<String, String> headers) throws IOException {
    try (VisitFunction function = new VisitFunction(environment)) {
      instances.incrementAndGet();
      VisitFunction.Result result = function.handle(new VisitFunction.Invocation(headers));
      result.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      byte[] body = (result.body() + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(result.status(), body.length);
      exchange.getResponseBody().write(body);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the function failed", e);
      exchange.sendResponseHeaders(500, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
