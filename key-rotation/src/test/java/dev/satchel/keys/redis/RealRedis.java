package dev.satchel.keys.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis server of our own, that can be killed and started again at the same port. {@code
 * -Dsatchel.redis.server=PATH} takes another program.
 */
public final class RealRedis implements AutoCloseable {
  private static final String PROGRAM = program();

  private final List<String> command;
  private final int port;
  private Process process;

  /** Started; keeps nothing on disk unless it is told to {@code SAVE}, and loads what is there. */
  public RealRedis(Path directory, String... settings) {
    this.port = freePort();
    this.command = new ArrayList<>(List.of(PROGRAM, "--port", Integer.toString(port)));
    command.addAll(List.of("--bind", "127.0.0.1", "--dir", directory.toString(), "--save", ""));
    command.addAll(Arrays.asList(settings));
    start();
  }

  private static String program() {
    try {
      String other = System.getProperty("satchel.redis.server");
      File program =
          other == null ? ExecutableProvider.newJarResourceProvider().get() : new File(other);
      return program.getAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Below the ports that systems hand out; a node of a cluster takes the 10,000th after it too. */
  public static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      try (ServerSocket first = socket(port);
          ServerSocket second = socket(port + 10_000)) {
        return Math.min(first.getLocalPort(), second.getLocalPort());
      } catch (IOException e) {
        // Taken; the next one.
      }
    }
  }

  private static ServerSocket socket(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  /** Returns when it accepts connections. */
  public void start() {
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      BufferedReader log =
          new BufferedReader(new InputStreamReader(process.getInputStream(), ISO_8859_1));
      var said = new StringBuilder();
      for (String line = log.readLine(); line != null; line = log.readLine()) {
        said.append(line).append('\n');
        if (line.contains("eady to accept connections")) {
          Thread drain = new Thread(() -> drain(log), "redis log");
          drain.setDaemon(true);
          drain.start();
          return;
        }
      }
      throw new IllegalStateException("no server: " + said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server whose log nobody reads stops. */
  private static void drain(BufferedReader log) {
    try {
      while (log.readLine() != null) {}
    } catch (IOException e) {
      // Killed.
    }
  }

  /** As {@code kill -9}: nothing is written any more, connections are reset. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  public int port() {
    return port;
  }

  /** With a short timeout; nothing is far away. */
  public URI location(String key) {
    return location("", port, key);
  }

  static URI location(String credentials, int port, String key) {
    return URI.create("redis://" + credentials + "127.0.0.1:" + port + "/0?timeout=2s&key=" + key);
  }

  /** Sends a command and returns the first line of the reply. */
  public String say(String... words) {
    var request = new ByteArrayOutputStream();
    request.writeBytes(("*" + words.length + "\r\n").getBytes(ISO_8859_1));
    for (String word : words) {
      request.writeBytes(("$" + word.length() + "\r\n" + word + "\r\n").getBytes(ISO_8859_1));
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.toByteArray());
      var reply = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      String line = reply.readLine();
      return line.startsWith("$") && !line.equals("$-1") ? reply.readLine() : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
