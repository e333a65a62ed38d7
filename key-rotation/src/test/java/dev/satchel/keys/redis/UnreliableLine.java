package dev.satchel.keys.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Stands between a store and its server, and loses what it is told to lose. */
final class UnreliableLine implements AutoCloseable {
  /** What becomes of what is sent from now on. */
  enum Fault {
    NONE,
    /** The server gets the request, nobody gets the answer. */
    ANSWER_LOST,
    /** As before, and then the connection ends. */
    HANGS_UP,
    /** The server never hears of it. */
    REQUEST_LOST
  }

  private final ServerSocket entrance;
  private final int server;
  private volatile Fault fault = Fault.NONE;

  UnreliableLine(int server) throws IOException {
    this.server = server;
    this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    background(this::accept);
  }

  int port() {
    return entrance.getLocalPort();
  }

  void become(Fault next) {
    fault = next;
  }

  private void accept() throws IOException {
    while (!entrance.isClosed()) {
      Socket near = entrance.accept();
      Socket far = new Socket(InetAddress.getLoopbackAddress(), server);
      background(() -> pump(near, far, false));
      background(() -> pump(far, near, true));
    }
  }

  private void pump(Socket from, Socket to, boolean answers) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[64 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (answers && fault == Fault.HANGS_UP) {
          return;
        }
        if (fault != (answers ? Fault.ANSWER_LOST : Fault.REQUEST_LOST)) {
          out.write(buffer, 0, read);
          out.flush();
        }
      }
    }
  }

  private static void background(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One side hung up, as sides do at the end of a test.
              }
            },
            "line");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      entrance.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Work {
    void run() throws IOException;
  }
}
