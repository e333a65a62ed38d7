package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;

/** The response seen from the application, and our line among its own (BEHAVIOUR.md 3.C, 3.F). */
class ResponseTest extends ScenarioTest {

  @OnEachContainer
  @DisplayName("42: cookies of addCookie, before and after ours and around a rewriting, all arrive")
  void addedCookies(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/cookies",
        (q, r) -> {
          r.addCookie(new Cookie("x", "1"));
          q.getSession().setAttribute("a", "1");
          r.getOutputStream().write(new byte[r.getBufferSize() / 4]); // ours is written
          r.addCookie(new Cookie("y", "2"));
          q.getSession().setAttribute("a", "2"); // and written again
          r.getOutputStream().write(new byte[r.getBufferSize() / 4]);
          r.addCookie(new Cookie("z", "3"));
          q.getSession().setAttribute("a", "3");
        });
    Client client = app.client();
    assertThat(client.get("/cookies").setCookies()).hasSize(4);
    assertThat(client.cookies)
        .containsEntry("x", "1")
        .containsEntry("y", "2")
        .containsEntry("z", "3");
    assertThat(client.get("/get").body()).isEqualTo("3");
  }

  @OnEachContainer
  @DisplayName("14, 42: taken back, while a cookie of addCookie stays")
  void takenBackBesideAdded(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/both",
        (q, r) -> {
          r.addCookie(new Cookie("x", "1"));
          HttpSession session = q.getSession();
          r.getOutputStream().write(new byte[r.getBufferSize() / 4]);
          r.addCookie(new Cookie("y", "2"));
          session.invalidate();
        });
    Client client = app.client();
    client.get("/both");
    assertThat(client.cookies).containsOnlyKeys("x", "y");
  }

  @OnEachContainer
  @DisplayName(
      "42: once the headers are sent nothing is written, whatever the client does meanwhile")
  void writtenOnce(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    Client[] client = {app.client()};
    app.on("/new", (q, r) -> q.getSession().setAttribute("a", "new"));
    app.on(
        "/slow",
        (q, r) -> {
          q.getSession().setAttribute("a", "old");
          r.getWriter().print("begun");
          r.flushBuffer();
          r.getWriter().print(", ended");
        });
    Client.Answer slow = client[0].get("/slow");
    assertThat(slow.setCookies()).hasSize(1);
    assertThat(slow.body()).isEqualTo("begun, ended");
    assertThat(events.take()).containsExactly("issued");
    client[0].get("/new");
    assertThat(client[0].get("/get").body()).isEqualTo("new");
  }

  @OnEachContainer
  @DisplayName("44: a buffer that the application enlarges puts the commit off")
  void enlargedBuffer(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/page",
        (q, r) -> {
          r.setBufferSize(200_000);
          ServletOutputStream out = r.getOutputStream();
          for (int i = 0; i < 1000; i++) {
            out.write(new byte[100]);
          }
          q.getSession().setAttribute("a", "late, and in time");
        });
    Client client = app.client();
    Client.Answer answer = client.get("/page");
    assertThat(answer.bytes()).hasSize(100_000);
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("late, and in time");
  }

  @OnEachContainer
  @DisplayName("40, 38: written byte by byte, a session created just under the buffer is sent")
  void justUnderTheBuffer(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/page",
        (q, r) -> {
          ServletOutputStream out = r.getOutputStream();
          int size = r.getBufferSize();
          for (int i = 0; i < size - 10; i++) {
            out.write('x');
          }
          boolean open = !r.isCommitted();
          q.getSession().setAttribute("a", String.valueOf(open));
          for (int i = 0; i < 20; i++) {
            out.write('x');
          }
        });
    Client client = app.client();
    assertThat(client.get("/page").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("true");
  }

  @OnEachContainer
  @DisplayName(
      "39: a length that is announced anew, smaller or larger, counts as the last one said")
  void lengthChanged(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/page",
        (q, r) -> {
          r.setContentLength(10);
          r.setHeader("CONTENT-length", "4");
          r.getOutputStream().write(new byte[] {'a', 'b'});
          q.getSession().setAttribute("a", "in time");
          r.getOutputStream().write(new byte[] {'c', 'd'});
        });
    Client client = app.client();
    Client.Answer answer = client.get("/page");
    assertThat(answer.body()).isEqualTo("abcd");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("in time");
  }

  @OnEachContainer
  @DisplayName("45, F3: within an include the line goes to the response that the client gets")
  void includedHeaders(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/page",
        (q, r) -> q.getRequestDispatcher("/part").include(q, new HttpServletResponseWrapper(r)));
    app.on(
        "/part",
        (q, r) -> {
          r.addHeader("X-Part", "ignored");
          q.getSession().setAttribute("a", "included");
          r.getOutputStream().write(new byte[100]);
        });
    Client client = app.client();
    Client.Answer answer = client.get("/page");
    assertThat(answer.header("X-Part")).isNull();
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("included");
  }

  @OnEachContainer
  @DisplayName("43: what is set after sendRedirect is refused, what was set before is sent")
  void afterRedirect(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    CompletableFuture<String> message = new CompletableFuture<>();
    app.on(
        "/login",
        (q, r) -> {
          q.getSession().setAttribute("a", "before");
          r.sendRedirect("/get");
          try {
            q.getSession().setAttribute("a", "after");
            message.complete("accepted");
          } catch (IllegalStateException e) {
            message.complete(e.getMessage());
          }
        });
    Client client = app.client();
    Client.Answer answer = client.get("/login");
    assertThat(answer.status()).isEqualTo(302);
    assertThat(message.get(20, TimeUnit.SECONDS))
        .isEqualTo(
            "session: attribute 'a' changed after the response was committed by sendRedirect");
    assertThat(client.get("/get").body()).isEqualTo("before");
  }

  @OnEachContainer
  @DisplayName("41: an error handler that resets and sends an error of its own keeps the session")
  void resetThenError(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/page",
        (q, r) -> {
          q.getSession().setAttribute("a", "kept");
          r.getWriter().print("half a page");
          r.reset();
          r.sendError(404);
        });
    Client client = app.client();
    Client.Answer answer = client.get("/page");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("kept");
  }

  @OnEachContainer
  @DisplayName("41: reset() does not bring back what an invalidated session had sent")
  void resetAfterInvalidate(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/out",
        (q, r) -> {
          q.getSession().invalidate();
          r.getOutputStream().write(new byte[r.getBufferSize() / 4]);
          r.reset();
        });
    Client client = app.client();
    client.get("/set");
    assertThat(client.get("/out").setCookies()).singleElement().asString().contains("Max-Age=0");
    assertThat(client.cookies).isEmpty();
  }

  @OnEachContainer
  @DisplayName("48: 204 and 304 with a session have its line, and no body")
  void noContent(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    for (int status : new int[] {204, 304}) {
      app.on(
          "/status",
          (q, r) -> {
            q.getSession().setAttribute("a", String.valueOf(status));
            r.setStatus(status);
          });
      Client client = app.client();
      Client.Answer answer = client.get("/status");
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.bytes()).isEmpty();
      assertThat(answer.setCookies()).hasSize(1);
      assertThat(client.get("/get").body()).isEqualTo(String.valueOf(status));
    }
  }

  @OnEachContainer
  @DisplayName("51: isCommitted, getBufferSize and containsHeader are the container's")
  void passedThrough(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    List<String> seen = new ArrayList<>();
    app.on(
        "/page",
        (q, r) -> {
          q.getSession();
          HttpServletResponse below =
              (HttpServletResponse) ((HttpServletResponseWrapper) r).getResponse();
          seen.add(r.isCommitted() + " " + r.containsHeader("Set-Cookie"));
          seen.add(String.valueOf(r.getBufferSize() == below.getBufferSize()));
          r.flushBuffer();
          seen.add(r.isCommitted() + " " + r.containsHeader("Set-Cookie"));
        });
    app.client().get("/page");
    assertThat(seen).containsExactly("false false", "true", "true true");
  }

  @OnEachContainer
  @DisplayName("67, 70: the path is /, and the value has base64url characters and dots only")
  void value(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/deep/below/page",
        (q, r) -> {
          List<String> values = new ArrayList<>();
          for (int i = 0; i < 40; i++) {
            values.add("\u00fc;,\"\\ \n=\ud83d\ude00" + i);
          }
          q.getSession().setAttribute("a", values);
        });
    String line = app.client().get("/deep/below/page").setCookies().get(0);
    assertThat(line).contains("; Path=/;");
    assertThat(line.substring(line.indexOf('=') + 1, line.indexOf(';')))
        .matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*)*");
  }

  @OnEachContainer
  @DisplayName("72: a page that only refreshes the session, or asks for its names, varies")
  void refreshVaries(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on("/names", (q, r) -> q.getSession().getAttributeNames());
    app.on("/valid", (q, r) -> r.getWriter().print(q.isRequestedSessionIdValid()));
    app.on("/id", (q, r) -> r.getWriter().print(q.getRequestedSessionId() != null));
    Client client = app.client();
    client.get("/set");
    for (String path : List.of("/names", "/valid", "/id")) {
      assertThat(client.get(path).all("Vary")).as(path).containsExactly("Cookie");
    }
    clock.advance(java.time.Duration.ofMinutes(10));
    Client.Answer refreshed = client.get("/names");
    assertThat(refreshed.setCookies()).hasSize(1);
    assertThat(refreshed.all("Cache-Control")).containsExactly("no-store");
  }

  @OnEachContainer
  @DisplayName("50: the encoding is fixed by getWriter, as in the container")
  void encoding(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/page",
        (q, r) -> {
          q.getSession().setAttribute("a", "1");
          r.setContentType("text/plain;charset=UTF-8");
          r.getWriter().print("\u00fc");
          r.setCharacterEncoding("ISO-8859-1"); // too late
          writeRest(r);
        });
    Client.Answer answer = app.client().get("/page");
    assertThat(answer.body()).isEqualTo("\u00fc\u65e5\ud83d\ude00");
    assertThat(answer.header("Content-Type")).containsIgnoringCase("utf-8");
  }

  private static void writeRest(HttpServletResponse r) throws IOException {
    r.getWriter().append('\u65e5').append("\ud83d\ude00");
  }
}
