package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.AttributeCodec;
import dev.satchel.AttributeTypes;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;

/** What a session says and does in corners that few applications visit (BEHAVIOUR.md 3.A). */
class SessionObjectTest extends ScenarioTest {
  private final List<String> read = new CopyOnWriteArrayList<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();

  /** Written by a codec that says when it is asked to read. */
  private record Parcel(String content) {}

  private final class ParcelCodec implements AttributeCodec<Parcel> {
    @Override
    public String write(Parcel value) {
      return value.content();
    }

    @Override
    public Parcel read(String text) {
      read.add(text);
      return new Parcel(text);
    }
  }

  /** Ends the session that it is told of when an attribute of that name comes. */
  private final class Ending implements HttpSessionListener, HttpSessionAttributeListener {
    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      heard.add("destroyed " + event.getSession().getAttribute("end"));
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
      if (event.getName().equals("end")) {
        event.getSession().invalidate();
      }
    }
  }

  @Override
  StatelessSessionFilter filter() {
    return builder()
        .attributeTypes(
            AttributeTypes.builder().register("parcel", Parcel.class, new ParcelCodec()).build())
        .listener(new Ending())
        .build();
  }

  @BeforeEach
  void forget() {
    read.clear();
    heard.clear();
  }

  private static String refused(Runnable call) {
    try {
      call.run();
      return "accepted";
    } catch (IllegalArgumentException e) {
      return "refused";
    }
  }

  @OnEachContainer
  @DisplayName("9: a null name is refused where something is set or removed, and has no value")
  void nullName(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/null",
        (q, r) -> {
          HttpSession session = q.getSession();
          session.setAttribute("a", "1");
          r.getWriter()
              .print(
                  List.of(
                      refused(() -> session.setAttribute(null, "x")),
                      refused(() -> session.setAttribute(null, null)),
                      refused(() -> session.removeAttribute(null)),
                      String.valueOf(session.getAttribute(null)),
                      Collections.list(session.getAttributeNames())));
        });
    assertThat(app.client().get("/null").body())
        .isEqualTo("[refused, refused, refused, null, [a]]");
  }

  @OnEachContainer
  @DisplayName(
      "9: setting null removes, and removing what is absent tells nobody and sends nothing")
  void removeAbsent(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on(
        "/absent",
        (q, r) -> {
          q.getSession().setAttribute("b", null);
          q.getSession().removeAttribute("c");
        });
    Client client = app.client();
    client.get("/set");
    assertThat(client.get("/absent").setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName("18: what a request never reads is carried on without being decoded")
  void opaque(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("parcel", new Parcel("über 😀")));
    app.on(
        "/beside",
        (q, r) -> {
          HttpSession session = q.getSession();
          session.setAttribute("count", 1);
          r.getWriter().print(Collections.list(session.getAttributeNames()));
        });
    app.on(
        "/get",
        (q, r) -> {
          r.setCharacterEncoding("UTF-8");
          r.getWriter().print(q.getSession().getAttribute("parcel"));
        });
    Client client = app.client();
    client.get("/set");
    Client.Answer beside = client.get("/beside");
    assertThat(beside.body()).isEqualTo("[parcel, count]");
    assertThat(beside.setCookies()).hasSize(1);
    assertThat(read).isEmpty();
    assertThat(client.get("/get").body()).isEqualTo("Parcel[content=über 😀]");
    assertThat(read).containsExactly("über 😀");
  }

  @OnEachContainer
  @DisplayName("11: within a request what is set is what is got, between requests it is a copy")
  void sameObject(Container container) throws Exception {
    TestApp app = on(container);
    Parcel[] parcels = new Parcel[1];
    app.on(
        "/set",
        (q, r) -> {
          parcels[0] = new Parcel("x");
          q.getSession().setAttribute("parcel", parcels[0]);
          r.getOutputStream().write(new byte[r.getBufferSize() / 4]); // written once on the way
          q.getRequestDispatcher("/included").include(q, r);
        });
    app.on(
        "/included",
        (q, r) ->
            r.getOutputStream()
                .print(String.valueOf(q.getSession().getAttribute("parcel") == parcels[0])));
    app.on(
        "/get",
        (q, r) -> {
          Object parcel = q.getSession().getAttribute("parcel");
          r.getWriter()
              .print(
                  (parcel == parcels[0])
                      + " "
                      + parcel.equals(parcels[0])
                      + " "
                      + (parcel == q.getSession().getAttribute("parcel")));
        });
    Client client = app.client();
    assertThat(client.get("/set").body()).endsWith("true");
    assertThat(client.get("/get").body()).isEqualTo("false true true");
  }

  @OnEachContainer
  @DisplayName("12, 58: a listener that invalidates the session it is told of ends it, once")
  void invalidatedByListener(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on(
        "/end",
        (q, r) -> {
          HttpSession session = q.getSession();
          session.setAttribute("end", "now");
          r.getWriter().print(q.getSession(false) + " " + q.isRequestedSessionIdValid());
        });
    Client client = app.client();
    client.get("/set");
    Client.Answer answer = client.get("/end");
    assertThat(answer.body()).isEqualTo("null false");
    assertThat(heard).containsExactly("destroyed now");
    assertThat(client.cookies).isEmpty();
    assertThat(app.client().get("/end").setCookies()).isEmpty(); // came and went in one request
  }

  @OnEachContainer
  @DisplayName("15: a session that was created and never filled gets its cookie")
  void empty(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession());
    app.on("/new", (q, r) -> r.getWriter().print(q.getSession().isNew()));
    Client client = app.client();
    assertThat(client.get("/create").setCookies()).hasSize(1);
    assertThat(client.get("/new").body()).isEqualTo("false");
  }

  @OnEachContainer
  @DisplayName("8, 1: a client that never returns the cookie has a new session each time")
  void neverJoined(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/who",
        (q, r) -> r.getWriter().print(q.getSession().getId() + " " + q.getSession().isNew()));
    Client client = app.client();
    String first = client.get("/who").body();
    client.cookies.clear();
    String second = client.get("/who").body();
    assertThat(first).endsWith(" true").isNotEqualTo(second);
    assertThat(second).endsWith(" true");
  }

  @OnEachContainer
  @DisplayName("5, 7: an interval that the application sets ends the session for the next request")
  void ownInterval(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setMaxInactiveInterval(60));
    app.on(
        "/get",
        (q, r) ->
            r.getWriter()
                .print(
                    q.getSession(false) == null
                        ? "none"
                        : q.getSession().getMaxInactiveInterval()));
    Client client = app.client();
    client.get("/set");
    clock.advance(Duration.ofSeconds(59));
    assertThat(client.get("/get").body()).isEqualTo("60");
    clock.advance(Duration.ofMinutes(3)); // the interval, and the skew if there were one
    assertThat(client.get("/get").body()).isEqualTo("none");
  }

  @OnEachContainer
  @DisplayName("3: last access is not moved by what the request does with the session")
  void lastAccess(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/times",
        (q, r) -> {
          HttpSession session = q.getSession();
          long before = session.getLastAccessedTime();
          clock.advance(Duration.ofSeconds(5));
          session.setAttribute("a", "1");
          session.getAttribute("a");
          r.getOutputStream().write(new byte[r.getBufferSize() / 4]); // written on the way
          r.resetBuffer();
          r.getOutputStream().print(String.valueOf(session.getLastAccessedTime() - before));
        });
    Client client = app.client();
    assertThat(client.get("/times").body()).isEqualTo("0");
    assertThat(client.get("/times").body()).isEqualTo("0");
  }

  @OnEachContainer
  @DisplayName("21: what is bound to a session that was kept is told of its end")
  void keptAndEnded(Container container) throws Exception {
    HttpSession[] kept = new HttpSession[1];
    TestApp app = on(container);
    app.on(
        "/keep",
        (q, r) -> {
          kept[0] = q.getSession();
          r.getWriter().print("kept");
        });
    app.client().get("/keep");
    kept[0].setAttribute(
        "socket",
        new jakarta.servlet.http.HttpSessionBindingListener() {
          @Override
          public void valueUnbound(HttpSessionBindingEvent event) {
            heard.add("unbound " + event.getName());
          }
        });
    assertThat(kept[0].getAttribute("socket")).isNotNull();
    kept[0].invalidate();
    assertThat(heard).contains("unbound socket");
  }
}
