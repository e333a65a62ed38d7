package dev.satchel.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * One connection that is kept, as a load balancer keeps it. Knows just as much HTTP as these
 * servers speak: the less the client costs, the more of the machine is the servers'. Not
 * thread-safe.
 */
final class LoadClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final byte[] SET_COOKIE = ascii("set-cookie: ");
  private static final byte[] CONTENT_LENGTH = ascii("content-length: ");

  private final Socket socket;
  private final InputStream in;
  private byte[] line = new byte[16 * 1024];
  private int length;
  private long bytesOut;
  private long bytesIn;

  LoadClient(int port) throws IOException {
    socket = new Socket("localhost", port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
  }

  /** A client's session: the cookie it has. */
  static final class Jar {
    String cookie = "";
  }

  /**
   * Asks for a page with the jar's cookie, and keeps the one that comes back.
   *
   * @throws IOException if there is no answer
   * @throws IllegalStateException if it is no 200
   */
  String get(String path, Jar jar) throws IOException {
    String cookie = jar.cookie.isEmpty() ? "" : "Cookie: " + jar.cookie + "\r\n";
    byte[] request = ascii("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + cookie + "\r\n");
    socket.getOutputStream().write(request);
    bytesOut += request.length;
    readLine();
    if (!new String(line, 0, length, StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 200")) {
      throw new IllegalStateException(
          path + ": " + new String(line, 0, length, StandardCharsets.ISO_8859_1));
    }
    int body = 0;
    for (readLine(); length > 0; readLine()) {
      if (startsWith(SET_COOKIE)) {
        String value = text(SET_COOKIE.length);
        int end = value.indexOf(';');
        jar.cookie = end < 0 ? value : value.substring(0, end);
      } else if (startsWith(CONTENT_LENGTH)) {
        body = Integer.parseInt(text(CONTENT_LENGTH.length));
      }
    }
    byte[] content = in.readNBytes(body);
    if (content.length < body) {
      throw new EOFException("the answer ended early");
    }
    bytesIn += body;
    return new String(content, StandardCharsets.UTF_8);
  }

  private void readLine() throws IOException {
    length = 0;
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended");
      }
      bytesIn++;
      if (c != '\r') {
        line[length++] = (byte) c;
      }
    }
    bytesIn++;
  }

  /** Names of fields in any case (RFC 9110 §5.1). */
  private boolean startsWith(byte[] name) {
    if (length < name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      int c = line[i];
      if ((c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private String text(int from) {
    return new String(line, from, length - from, StandardCharsets.ISO_8859_1);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  long bytesOut() {
    return bytesOut;
  }

  long bytesIn() {
    return bytesIn;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
