package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

/** The handshake of a WebSocket is a request with a session like any other (BEHAVIOUR.md 37). */
class WebSocketTest extends ScenarioTest {
  private static final String WITHOUT =
      "its WebSockets are an artifact of their own, which is not among the tests'";
  private static final String SESSION = "session of the handshake";

  @Override
  void startup(ServletContext context) {
    try {
      initializer(context).onStartup(Set.of(), context);
      ServerContainer sockets =
          (ServerContainer) context.getAttribute("jakarta.websocket.server.ServerContainer");
      sockets.addEndpoint(
          ServerEndpointConfig.Builder.create(Talk.class, "/ws").configurator(new Shake()).build());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    // Who comes with a name is signed in, as far as the container can tell.
    FilterRegistration.Dynamic names =
        context.addFilter(
            "names",
            (request, response, chain) ->
                chain.doFilter(
                    request.getParameter("user") == null
                        ? request
                        : new SignedIn((HttpServletRequest) request),
                    response));
    names.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/ws");
    names.setAsyncSupported(true);
  }

  /** The container's own, called by hand since nothing scans for it. */
  private static ServletContainerInitializer initializer(ServletContext context) throws Exception {
    String name =
        context.getServerInfo().startsWith("jetty")
            ? "org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer"
            : "org.apache.tomcat.websocket.server.WsSci";
    return Class.forName(name)
        .asSubclass(ServletContainerInitializer.class)
        .getDeclaredConstructor()
        .newInstance();
  }

  private static final class SignedIn extends HttpServletRequestWrapper {
    SignedIn(HttpServletRequest request) {
      super(request);
    }

    @Override
    public Principal getUserPrincipal() {
      return () -> getParameter("user");
    }
  }

  /** Uses the session while it is still a request's. */
  private static final class Shake extends ServerEndpointConfig.Configurator {
    @Override
    public void modifyHandshake(
        ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
      HttpSession session = (HttpSession) request.getHttpSession();
      if (session != null) {
        session.setAttribute("a", session.getAttribute("a") + ", shaken");
        config.getUserProperties().put(SESSION, session);
      }
    }
  }

  /** Says what it finds in the session of its handshake, and keeps what it is told there. */
  public static final class Talk extends Endpoint {
    @Override
    public void onOpen(Session socket, EndpointConfig config) {
      HttpSession session = (HttpSession) config.getUserProperties().get(SESSION);
      say(socket, session == null ? "none" : String.valueOf(session.getAttribute("a")));
      socket.addMessageHandler(
          new MessageHandler.Whole<String>() {
            @Override
            public void onMessage(String message) {
              session.setAttribute("a", message);
              say(socket, "kept " + session.getAttribute("a"));
            }
          });
    }

    private static void say(Session socket, String text) {
      try {
        socket.getBasicRemote().sendText(text);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The client's end. */
  private static final class Socketed implements Closeable {
    private final Socket socket;
    private final DataInputStream in;
    final String head;

    Socketed(Client client, String path) throws IOException {
      socket = new Socket("localhost", client.port());
      socket.setSoTimeout(20_000);
      in = new DataInputStream(socket.getInputStream());
      String cookies =
          String.join("; ", client.cookies.entrySet().stream().map(String::valueOf).toList());
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              + (cookies.isEmpty() ? "" : "Cookie: " + cookies + "\r\n")
              + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      StringBuilder read = new StringBuilder();
      while (read.indexOf("\r\n\r\n") < 0) {
        read.append((char) in.readUnsignedByte());
      }
      head = read.toString();
      for (String line : head.split("\r\n")) {
        if (line.regionMatches(true, 0, "Set-Cookie:", 0, 11)) {
          client.keep(line.substring(11).strip());
        }
      }
    }

    /** A short text, or what the connection was closed with (RFC 6455 section 5.2). */
    String read() throws IOException {
      int opcode = in.readUnsignedByte() & 0xf;
      byte[] payload = new byte[in.readUnsignedByte()];
      in.readFully(payload);
      return opcode == 1
          ? new String(payload, StandardCharsets.UTF_8)
          : "opcode " + opcode + " " + new String(payload, StandardCharsets.UTF_8);
    }

    /** Masked with zeros, as a client's must be masked. */
    void write(String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      byte[] frame = new byte[6 + bytes.length];
      frame[0] = (byte) 0x81;
      frame[1] = (byte) (0x80 | bytes.length);
      System.arraycopy(bytes, 0, frame, 6, bytes.length);
      socket.getOutputStream().write(frame);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private TestApp app(Container container) {
    return on(container)
        .on("/set", (q, r) -> q.getSession().setAttribute("a", "set"))
        .on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
  }

  @OnEachContainer
  @NotOn(value = Container.UNDERTOW, because = WITHOUT)
  @DisplayName("37: what is set in a handshake travels with its 101")
  void handshake(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    try (Socketed socket = new Socketed(client, "/ws")) {
      assertThat(socket.head).startsWith("HTTP/1.1 101 ");
      assertThat(socket.read()).isEqualTo("set, shaken");
    }
    assertThat(client.get("/get").body()).isEqualTo("set, shaken");
  }

  @OnEachContainer
  @NotOn(value = Container.UNDERTOW, because = WITHOUT)
  @DisplayName("37: a handshake without a session has none, and no cookie")
  void anonymous(Container container) throws Exception {
    Client client = app(container).client();
    try (Socketed socket = new Socketed(client, "/ws")) {
      assertThat(socket.head).startsWith("HTTP/1.1 101 ");
      assertThat(socket.read()).isEqualTo("none");
    }
    assertThat(client.cookies).isEmpty();
  }

  @OnEachContainer
  @NotOn(value = Container.UNDERTOW, because = WITHOUT)
  @DisplayName(
      "21, 37: after the upgrade the handshake's session is one in memory, and throws nothing")
  void afterwards(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    try (Socketed socket = new Socketed(client, "/ws")) {
      assertThat(socket.read()).isEqualTo("set, shaken");
      socket.write("later");
      assertThat(socket.read()).isEqualTo("kept later");
    }
    assertThat(client.get("/get").body()).isEqualTo("set, shaken");
  }

  @OnEachContainer
  @NotOn(value = Container.UNDERTOW, because = WITHOUT)
  @DisplayName(
      "21: who is signed in keeps the connection, which Tomcat ties to the session by an attribute")
  void signedIn(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    client.get("/set");
    try (Socketed socket = new Socketed(client, "/ws?user=alice")) {
      assertThat(socket.head).startsWith("HTTP/1.1 101 ");
      assertThat(socket.read()).isEqualTo("set, shaken");
      socket.write("still there");
      assertThat(socket.read()).isEqualTo("kept still there");
    }
  }
}
