package dev.satchel.examples.outage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.redis.RedisKeyRingStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/** Redis with an append-only file, written before it answers. */
final class RedisServer implements RingServer {
  private final List<String> command;
  private final int port = RingServer.freePort();
  private Process process;

  RedisServer(Path directory) throws IOException {
    Files.createDirectories(directory);
    String program = ExecutableProvider.newJarResourceProvider().get().getAbsolutePath();
    String number = Integer.toString(port);
    command =
        List.of(
            program,
            "--port",
            number,
            "--bind",
            "127.0.0.1",
            "--dir",
            directory.toString(),
            "--save",
            "",
            "--appendonly",
            "yes",
            "--appendfsync",
            "always");
    start();
  }

  @Override
  public KeyRingStore open() {
    return new RedisKeyRingStore(
        URI.create("redis://127.0.0.1:" + port + "/0?timeout=2s&key=shop:ring"));
  }

  @Override
  public void start() throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var log = new BufferedReader(new InputStreamReader(process.getInputStream(), ISO_8859_1));
    var said = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      said.append(line).append('\n');
      if (line.contains("eady to accept connections")) {
        Thread reader = new Thread(() -> drain(log), "redis log");
        reader.setDaemon(true);
        reader.start();
        return;
      }
    }
    throw new IllegalStateException("no server: " + said);
  }

  /** A server whose log nobody reads stops. */
  private static void drain(BufferedReader log) {
    try {
      while (log.readLine() != null) {}
    } catch (IOException e) {
      // Killed.
    }
  }

  @Override
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return "Redis";
  }
}
