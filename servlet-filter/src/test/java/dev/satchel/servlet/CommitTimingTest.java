package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The session is in the headers whatever sends them (BEHAVIOUR.md 3.C). */
class CommitTimingTest extends ScenarioTest {
  /** A page that ends or sends its response in some way, after the session was set. */
  private record Way(String name, int status, boolean needs61, TestApp.Page page) {
    Way(String name, int status, TestApp.Page page) {
      this(name, status, false, page);
    }

    /** One whose method Servlet 6.1 added. */
    static Way of61(String name, int status, TestApp.Page page) {
      return new Way(name, status, true, page);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Way> WAYS =
      List.of(
          new Way("nothing", 200, (q, r) -> {}),
          new Way("small body by writer", 200, (q, r) -> r.getWriter().print("ok")),
          new Way("small body by stream", 200, (q, r) -> r.getOutputStream().print("ok")),
          new Way("flushBuffer", 200, (q, r) -> r.flushBuffer()),
          new Way("writer flush", 200, (q, r) -> r.getWriter().flush()),
          new Way("writer close", 200, (q, r) -> r.getWriter().close()),
          new Way("writer checkError", 200, (q, r) -> r.getWriter().checkError()),
          new Way("stream flush", 200, (q, r) -> r.getOutputStream().flush()),
          new Way("stream close", 200, (q, r) -> r.getOutputStream().close()),
          new Way("sendError", 404, (q, r) -> r.sendError(404)),
          new Way("sendError with message", 404, (q, r) -> r.sendError(404, "gone")),
          new Way("sendError with error page", 418, (q, r) -> r.sendError(418)),
          new Way("sendRedirect", 302, (q, r) -> r.sendRedirect("/x")),
          Way.of61("sendRedirect(int)", 303, (q, r) -> r.sendRedirect("/x", 303)),
          Way.of61("sendRedirect(boolean)", 302, (q, r) -> r.sendRedirect("/x", false)),
          Way.of61("sendRedirect(int, boolean)", 307, (q, r) -> r.sendRedirect("/x", 307, true)),
          new Way("204", 204, (q, r) -> r.setStatus(204)),
          new Way("304", 304, (q, r) -> r.setStatus(304)),
          new Way(
              "Content-Length before",
              200,
              (q, r) -> {
                r.setContentLength(3);
                r.getOutputStream().write(new byte[] {1, 2, 3});
              }),
          new Way(
              "Content-Length long, writer",
              200,
              (q, r) -> {
                r.setContentLengthLong(3);
                r.getWriter().print("abc");
              }),
          new Way("Content-Length 0", 200, (q, r) -> r.setContentLength(0)),
          new Way(
              "setHeader content-length",
              200,
              (q, r) -> lengthThenByte(r, () -> r.setHeader("content-length", "1"))),
          new Way(
              "addHeader Content-Length",
              200,
              (q, r) -> lengthThenByte(r, () -> r.addHeader("Content-Length", "1"))),
          new Way(
              "setIntHeader Content-Length",
              200,
              (q, r) -> lengthThenByte(r, () -> r.setIntHeader("Content-Length", 1))),
          new Way(
              "addIntHeader CONTENT-LENGTH",
              200,
              (q, r) -> lengthThenByte(r, () -> r.addIntHeader("CONTENT-LENGTH", 1))),
          new Way(
              "Content-Length after",
              200,
              (q, r) -> {
                r.getOutputStream().write(7);
                r.setContentLength(1);
              }),
          new Way("header values null", 200, (q, r) -> r.setHeader("Content-Length", null)),
          new Way(
              "body over the buffer, stream",
              200,
              (q, r) -> r.getOutputStream().write(new byte[100_000])),
          new Way(
              "body over the buffer, byte by byte",
              200,
              (q, r) -> bytes(r.getOutputStream(), 70_000)),
          new Way(
              "body over the buffer, print",
              200,
              (q, r) -> r.getOutputStream().print("x".repeat(70_000))),
          new Way("body over the buffer, numbers", 200, (q, r) -> numbers(r.getOutputStream())),
          Way.of61(
              "body over the buffer, ByteBuffer",
              200,
              (q, r) -> r.getOutputStream().write(ByteBuffer.allocateDirect(70_000))),
          new Way(
              "body over the buffer, writer",
              200,
              (q, r) -> r.getWriter().print("x".repeat(70_000))),
          new Way(
              "body over the buffer, char[]", 200, (q, r) -> r.getWriter().write(new char[70_000])),
          new Way("body over the buffer, println", 200, (q, r) -> lines(r.getWriter())),
          new Way(
              "body over the buffer, format",
              200,
              (q, r) -> r.getWriter().format("%70000d", 1).append('x')),
          new Way(
              "setBufferSize, then over it",
              200,
              (q, r) -> {
                r.setBufferSize(64_000);
                r.getOutputStream().write(new byte[64_001]);
              }));

  private static void lengthThenByte(HttpServletResponse r, Runnable setter) throws IOException {
    setter.run();
    r.getOutputStream().write(7);
  }

  private static void bytes(ServletOutputStream out, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      out.write('x');
    }
  }

  private static void numbers(ServletOutputStream out) throws IOException {
    for (int i = 0; i < 20_000; i++) {
      out.print(i);
      out.println(true);
    }
  }

  private static void lines(PrintWriter out) {
    for (int i = 0; i < 20_000; i++) {
      out.println("line");
    }
  }

  static Stream<Arguments> ways() {
    return WAYS.stream()
        .filter(way -> ServletApi.IS_6_1 || !way.needs61())
        .flatMap(way -> Container.running().stream().map(c -> Arguments.of(way, c)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("ways")
  @Tag(ServletApi.TAG)
  @DisplayName("38, 39, 40, F4: the session is set, then the response is sent by")
  void setThen(Way way, Container container) throws Exception {
    TestApp app = on(container).on("/error", (q, r) -> r.getWriter().print("error page"));
    app.on(
        "/way",
        (q, r) -> {
          q.getSession().setAttribute("a", way.name());
          way.page().handle(q, r);
        });
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
    Client client = app.client();
    Client.Answer answer = client.get("/way");
    assertThat(answer.status()).isEqualTo(way.status());
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo(way.name());
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("ways")
  @Tag(ServletApi.TAG)
  @DisplayName("48: HEAD brings the cookie and no body")
  void head(Way way, Container container) throws Exception {
    TestApp app = on(container).on("/error", (q, r) -> r.getWriter().print("error page"));
    app.on(
        "/way",
        (q, r) -> {
          q.getSession().setAttribute("a", way.name());
          way.page().handle(q, r);
        });
    Client.Answer answer = app.client().send("HEAD", "/way");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(answer.bytes()).isEmpty();
  }

  /** Bodies whose size in bytes lies around the buffer's. */
  static Stream<Arguments> multibyte() {
    return Stream.of("a", "é", "日", "😀")
        .flatMap(
            text ->
                Stream.of(-4, -1, 0, 1, 4)
                    .flatMap(
                        off -> Container.running().stream().map(c -> Arguments.of(text, off, c))));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("multibyte")
  @Tag(ServletApi.TAG)
  @DisplayName(
      "40: a page of multibyte text just under or over the buffer; changed in place while it was written")
  void aroundTheBuffer(String text, int off, Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/page",
        (q, r) -> {
          r.setContentType("text/html;charset=UTF-8");
          List<String> list = new ArrayList<>();
          q.getSession().setAttribute("a", list);
          int size = text.getBytes(StandardCharsets.UTF_8).length;
          int count = r.getBufferSize() / size + off;
          PrintWriter out = r.getWriter();
          for (int i = 0; i < count - 8; i++) {
            out.print(text);
          }
          list.add("x"); // in place, with the buffer nearly full and the headers open
          for (int i = 0; i < 8; i++) {
            out.print(text);
          }
        });
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
    Client client = app.client();
    assertThat(client.get("/page").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("[x]");
  }

  @OnEachContainer
  @DisplayName(
      "42: changed again while the headers are open: the same line is replaced, other cookies keep their order")
  void rewritten(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/twice",
        (q, r) -> {
          r.addHeader("Set-Cookie", "x=1");
          HttpSession session = q.getSession();
          session.setAttribute("a", "1");
          r.getOutputStream()
              .write(new byte[r.getBufferSize() / 4]); // commits early, headers stay open
          assertThat(r.isCommitted()).isFalse();
          r.addCookie(new jakarta.servlet.http.Cookie("y", "2"));
          session.setAttribute("a", "2");
        });
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
    Client client = app.client();
    List<String> cookies = client.get("/twice").setCookies();
    assertThat(cookies).hasSize(3);
    assertThat(cookies.get(0)).isEqualTo("x=1");
    assertThat(cookies.get(1)).startsWith(COOKIE + "=eyJ");
    assertThat(cookies.get(2)).startsWith("y=2");
    assertThat(client.get("/get").body()).isEqualTo("2");
  }

  @OnEachContainer
  @DisplayName("41: reset() after the cookie was written does not sign the user out")
  void reset(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/reset",
        (q, r) -> {
          q.getSession().setAttribute("a", "1");
          r.getOutputStream().write(new byte[r.getBufferSize() / 4]);
          r.reset();
          r.getWriter().print("again");
        });
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
    Client client = app.client();
    Client.Answer answer = client.get("/reset");
    assertThat(answer.body()).isEqualTo("again");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("1");
  }

  @OnEachContainer
  @DisplayName("41: resetBuffer() keeps the cookie and empties the count")
  void resetBuffer(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/reset",
        (q, r) -> {
          q.getSession().setAttribute("a", "1");
          r.getOutputStream().write(new byte[r.getBufferSize() / 4]);
          r.resetBuffer();
          r.getOutputStream().print("again");
        });
    Client.Answer answer = app.client().get("/reset");
    assertThat(answer.body()).isEqualTo("again");
    assertThat(answer.setCookies()).hasSize(1);
  }

  @OnEachContainer
  @DisplayName("48: 103 does not commit the session")
  void earlyHints(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/hints",
        (q, r) -> {
          q.getSession();
          r.sendError(103);
          r.getWriter().print(r.getHeaders("Set-Cookie").size());
        });
    Client client = app.client();
    // The informational response comes first on the wire and is all that is parsed here.
    assertThat(client.get("/hints").all("Set-Cookie")).isEmpty();
  }

  @OnEachContainer
  @DisplayName("50: one writer, one stream, and not both")
  void sameInstances(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/writer",
        (q, r) -> {
          PrintWriter writer = r.getWriter();
          String both = "no";
          try {
            r.getOutputStream();
            both = "yes";
          } catch (IllegalStateException e) {
            // as it should be
          }
          writer.print((writer == r.getWriter()) + " " + both);
        });
    app.on(
        "/stream",
        (q, r) -> {
          ServletOutputStream stream = r.getOutputStream();
          String both = "no";
          try {
            r.getWriter();
            both = "yes";
          } catch (IllegalStateException e) {
            // as it should be
          }
          stream.print((stream == r.getOutputStream()) + " " + both);
        });
    assertThat(app.client().get("/writer").body()).isEqualTo("true no");
    assertThat(app.client().get("/stream").body()).isEqualTo("true no");
  }
}
