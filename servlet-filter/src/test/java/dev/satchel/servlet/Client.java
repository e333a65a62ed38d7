package dev.satchel.servlet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A browser on a bare socket: sends exactly the bytes it is told, and keeps cookies by name. */
final class Client {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final int port;
  final Map<String, String> cookies = new LinkedHashMap<>();

  Client(int port) {
    this.port = port;
  }

  Answer get(String path, String... headers) throws IOException {
    return send("GET", path, headers);
  }

  /** Sends the cookies it has, unless the headers hold some. */
  Answer send(String method, String path, String... headers) throws IOException {
    StringBuilder request =
        new StringBuilder(
            method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    boolean ownCookies = Arrays.stream(headers).anyMatch(header -> header.startsWith("Cookie:"));
    if (!ownCookies && !cookies.isEmpty()) {
      request
          .append("Cookie: ")
          .append(
              cookies.entrySet().stream()
                  .map(e -> e.getKey() + "=" + e.getValue())
                  .collect(Collectors.joining("; ")))
          .append("\r\n");
    }
    for (String header : headers) { // the last may end the head and bring a body
      request.append(header).append("\r\n");
    }
    Answer answer =
        raw(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1), method);
    answer.setCookies().forEach(this::keep);
    return answer;
  }

  private Answer raw(byte[] request, String method) throws IOException {
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write(request);
      out.flush();
      return Answer.parse(socket.getInputStream().readAllBytes(), method);
    }
  }

  int port() {
    return port;
  }

  /** Takes a cookie as a browser does. */
  void keep(String setCookie) {
    String pair = setCookie.split(";", 2)[0];
    String name = pair.substring(0, pair.indexOf('='));
    // Undertow writes a cookie of addCookie with a date, and no age of zero.
    if (setCookie.contains("Max-Age=0") || setCookie.contains("1970 00:00:00 GMT")) {
      cookies.remove(name);
    } else {
      cookies.put(name, pair.substring(pair.indexOf('=') + 1));
    }
  }

  /** A response as it was on the wire. */
  record Answer(int status, List<Map.Entry<String, String>> headers, byte[] bytes) {

    static Answer parse(byte[] all, String method) {
      String text = new String(all, StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end < 0) {
        throw new IllegalStateException("no response: '" + text + "'");
      }
      String[] lines = text.substring(0, end).split("\r\n");
      List<Map.Entry<String, String>> headers = new ArrayList<>();
      for (int i = 1; i < lines.length; i++) {
        int colon = lines[i].indexOf(':');
        headers.add(Map.entry(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
      }
      Answer head = new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, new byte[0]);
      byte[] body = text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
      boolean chunked =
          "chunked".equalsIgnoreCase(head.header("Transfer-Encoding")) && !method.equals("HEAD");
      return new Answer(head.status, headers, chunked ? dechunk(body) : body);
    }

    private static byte[] dechunk(byte[] body) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      String text = new String(body, StandardCharsets.ISO_8859_1);
      int at = 0;
      while (true) {
        int lineEnd = text.indexOf("\r\n", at);
        int size =
            lineEnd < 0
                ? 0
                : Integer.parseInt(text.substring(at, lineEnd).split(";")[0].strip(), 16);
        if (size == 0) {
          return out.toByteArray();
        }
        out.write(body, lineEnd + 2, size);
        at = lineEnd + 2 + size + 2;
      }
    }

    String body() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    List<String> all(String name) {
      return headers.stream()
          .filter(e -> e.getKey().equalsIgnoreCase(name))
          .map(Map.Entry::getValue)
          .toList();
    }

    String header(String name) {
      List<String> values = all(name);
      return values.isEmpty() ? null : values.get(0);
    }

    List<String> setCookies() {
      return all("Set-Cookie");
    }
  }
}
