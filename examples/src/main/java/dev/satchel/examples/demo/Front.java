package dev.satchel.examples.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The load balancer, as plain as it gets: round robin, no stickiness, no health checks. A node that
 * refuses the connection is passed over. What comes below {@code /front/} stops and starts nodes.
 */
final class Front implements AutoCloseable {
  /** Which node answered, for the visitor. */
  static final String NODE_HEADER = "X-Node";

  /** Which nodes are up, for the page; see {@code ShopPage}. */
  static final String NODES_HEADER = "X-Nodes";

  private static final int MAX_BODY = 64 * 1024; // forms of a few fields
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  static {
    // Without it every answer on a kept connection waits 40 ms for the peer's delayed
    // acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final List<Node> nodes;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool(Threads.daemon("front"));
  private final HttpClient client;
  private final AtomicInteger turn = new AtomicInteger();

  private Front(List<Node> nodes, HttpServer server) {
    this.nodes = List.copyOf(nodes);
    this.server = server;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .executor(threads)
            .build();
  }

  /**
   * Opens the port on the loopback interface.
   *
   * @param port 0 for any free one
   */
  static Front open(int port, List<Node> nodes) throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (BindException e) {
      throw new BindException(
          "port " + port + " is taken; choose another with --port N, or --port 0 for any free one");
    }
    Front front = new Front(nodes, server);
    server.setExecutor(front.threads);
    server.createContext("/", exchange -> front.answer(exchange, front::forward));
    server.createContext("/front/", exchange -> front.answer(exchange, front::control));
    server.start();
    return front;
  }

  /** A browser counts {@code localhost} as trustworthy and keeps Secure cookies for it. */
  URI location() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private void answer(HttpExchange exchange, Handler handler) throws IOException {
    try (exchange) {
      handler.handle(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void forward(HttpExchange exchange) throws IOException, InterruptedException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      say(exchange, 413, "More than " + MAX_BODY + " bytes");
      return;
    }
    int first = Math.floorMod(turn.getAndIncrement(), nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get((first + i) % nodes.size());
      HttpResponse<byte[]> response;
      try {
        // Read whole before the first byte goes out: a node that dies in between leaves no half
        // page.
        response = client.send(request(exchange, body, node), BodyHandlers.ofByteArray());
      } catch (ConnectException e) {
        // The node is down and has seen nothing: the next one may have the request.
        continue;
      } catch (IOException e) {
        // It went down with the request in hand. Whether it acted on it nobody knows, so only what
        // is safe to repeat is repeated (RFC 9110 §9.2.2); else the visitor has to try again.
        if (!exchange.getRequestMethod().equals("GET")) {
          break;
        }
        continue;
      }
      relay(exchange, response, node);
      return;
    }
    say(exchange, 502, "No node answered. Try again.");
  }

  private HttpRequest request(HttpExchange exchange, byte[] body, Node node) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(node.location().resolve(exchange.getRequestURI().toString()))
            .timeout(TIMEOUT)
            .method(
                exchange.getRequestMethod(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    EndToEndHeaders.ofRequest(exchange.getRequestHeaders())
        .forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    request.setHeader(
        NODES_HEADER,
        nodes.stream()
            .map(each -> each.name() + (each.isUp() ? "=up" : "=down"))
            .collect(Collectors.joining(", ")));
    return request.build();
  }

  private static void relay(HttpExchange exchange, HttpResponse<byte[]> response, Node node)
      throws IOException {
    EndToEndHeaders.ofResponse(response.headers().map())
        .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
    exchange.getResponseHeaders().set(NODE_HEADER, node.name());
    send(exchange, response.statusCode(), response.body());
  }

  /**
   * {@code POST /front/stop} and {@code /front/start} for node A. The front has no sessions and so
   * no token to ask for; the browser says itself where a form came from.
   */
  private void control(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Allow", "POST");
      say(exchange, 405, "Only POST");
      return;
    }
    String site = exchange.getRequestHeaders().getFirst("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin")) {
      say(exchange, 403, "Only forms of this site");
      return;
    }
    Node node = nodes.get(0);
    switch (exchange.getRequestURI().getPath()) {
      case "/front/stop" -> node.kill();
      case "/front/start" -> node.start();
      default -> {
        say(exchange, 404, "Only /front/stop and /front/start");
        return;
      }
    }
    exchange.getResponseHeaders().set("Location", "/");
    send(exchange, 303, new byte[0]);
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    send(exchange, status, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean bodiless =
        body.length == 0 || exchange.getRequestMethod().equals("HEAD") || status == 304;
    exchange.sendResponseHeaders(status, bodiless ? -1 : body.length);
    if (!bodiless) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
