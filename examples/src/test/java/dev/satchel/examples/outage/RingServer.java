package dev.satchel.examples.outage;

import dev.satchel.keys.KeyRingStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A real server with a ring in it, that can be killed and started again with what it had. */
interface RingServer extends AutoCloseable {
  /** One node's own way to the ring, or an operator's. */
  KeyRingStore open();

  /** By SIGKILL. Returns when nothing of it runs any more. */
  void kill() throws Exception;

  /** Again, at the same port, with the same data. Returns when it answers. */
  void start() throws Exception;

  @Override
  void close() throws Exception;

  /** Below those that systems hand out: nobody may get it while the server is away. */
  static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken; the next one.
      }
    }
  }
}
