package dev.satchel.examples.demo.shop;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The shop. Everything it remembers of a visitor is in {@code HttpSession}: there is no field here
 * that a request changes.
 */
public final class ShopServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  static final String USER = "user";
  static final String VIEWS = "views";

  /** The node that took the visitor's last click; kept until the page that follows has shown it. */
  static final String CLICK = "click";

  /** Long enough for a name, short enough for a cookie. */
  static final int MAX_NAME_LENGTH = 40;

  /** Set by a rotation for that page: its node may need a moment to see the new key. */
  static final String ROTATED = "rotated";

  private final String node;
  private final transient RingView ring;
  private final transient ShopPage page;
  private final transient byte[] style;

  /**
   * @param node the name of the node this runs on
   */
  public ShopServlet(String node, RingView ring) {
    this.node = node;
    this.ring = ring;
    this.page = new ShopPage(node, resource("page.html"));
    this.style = resource("style.css");
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (request.getRequestURI()) {
      case "/" -> showPage(request, response);
      case "/who" -> showVisitor(request, response);
      case "/style.css" -> showStyle(response);
      default -> refuse(response, HttpServletResponse.SC_NOT_FOUND, "There is no such page.");
    }
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!CsrfToken.isValid(request)) {
      refuse(response, HttpServletResponse.SC_FORBIDDEN, "That form was not of this session.");
      return;
    }
    HttpSession session = request.getSession();
    session.setAttribute(CLICK, node);
    switch (request.getRequestURI()) {
      case "/sign-in" -> signIn(request, session);
      case "/cart" ->
          Product.find(parameter(request, "product")).ifPresent(p -> Cart.add(session, p));
      case "/sign-out" -> session.invalidate();
      case "/rotate" -> {
        ring.rotate();
        session.setAttribute(ROTATED, true);
      }
      default -> {
        refuse(response, HttpServletResponse.SC_NOT_FOUND, "There is no such thing here.");
        return;
      }
    }
    // Post, redirect, get: reloading the page that follows repeats nothing.
    response.setStatus(HttpServletResponse.SC_SEE_OTHER);
    response.setHeader("Location", "/");
  }

  private static void signIn(HttpServletRequest request, HttpSession session) {
    String name = parameter(request, "name").strip();
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      return; // the form has the same limits; there is nothing to say to whoever goes around it
    }
    // Whoever knew the session's id before the sign-in must not know it after (session fixation).
    request.changeSessionId();
    session.setAttribute(USER, name);
  }

  private void showPage(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    int views = session.getAttribute(VIEWS) instanceof Integer before ? before + 1 : 1;
    session.setAttribute(VIEWS, views);
    String html = page.render(request, session, ring.keys());
    session.removeAttribute(CLICK);
    session.removeAttribute(ROTATED);
    response.setContentType("text/html; charset=utf-8");
    response.setHeader(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none';"
            + " frame-ancestors 'none'");
    response.getWriter().write(html);
  }

  /** Who is asking, without making a session of somebody who has none. */
  private static void showVisitor(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession(false);
    Optional<Object> user = Optional.ofNullable(session).map(s -> s.getAttribute(USER));
    response.setContentType("text/plain; charset=utf-8");
    response.getWriter().println(user.orElse("nobody"));
  }

  private void showStyle(HttpServletResponse response) throws IOException {
    response.setContentType("text/css; charset=utf-8");
    response.setHeader("Cache-Control", "max-age=60");
    response.getOutputStream().write(style);
  }

  private static void refuse(HttpServletResponse response, int status, String text)
      throws IOException {
    response.setStatus(status);
    response.setContentType("text/plain; charset=utf-8");
    response.getWriter().println(text);
  }

  private static String parameter(HttpServletRequest request, String name) {
    String value = request.getParameter(name);
    return value == null ? "" : value;
  }

  private static byte[] resource(String name) {
    try (InputStream in = ShopServlet.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing from the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
