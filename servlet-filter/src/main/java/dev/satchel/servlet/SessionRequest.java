package dev.satchel.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The request that the application sees: its session is ours, and our token is not among its
 * cookies and headers, where frameworks that save requests into the session would store it inside
 * itself (BEHAVIOUR.md 31), unless it was told to show it. Never touches parameters or body (32).
 */
final class SessionRequest extends HttpServletRequestWrapper {
  /**
   * What {@code getRequestedSessionId} says of a token that stands for no session: it has an id,
   * but not one that is known.
   */
  static final String REFUSED_ID = "refused";

  private final SessionExchange exchange;
  private final ServletResponse response;
  private volatile @Nullable SessionAsyncContext asyncContext;

  /** Threads that the container finds the user out on; null as long as there was none. */
  private volatile @Nullable Set<Thread> inContainer;

  SessionRequest(SessionExchange exchange, HttpServletRequest container, ServletResponse response) {
    super(container);
    this.exchange = exchange;
    this.response = response;
  }

  /** Whether this request, or one it wraps, belongs to the exchange. */
  static boolean isWithin(ServletRequest request, SessionExchange exchange) {
    while (request instanceof ServletRequestWrapper wrapper) {
      if (wrapper instanceof SessionRequest session && session.exchange == exchange) {
        return true;
      }
      request = wrapper.getRequest();
    }
    return false;
  }

  @Override
  public @Nullable HttpSession getSession(boolean create) {
    return isContainers() ? super.getSession(create) : exchange.session(create);
  }

  @Override
  public HttpSession getSession() {
    if (isContainers()) {
      return super.getSession();
    }
    HttpSession session = exchange.session(true);
    if (session == null) {
      throw new IllegalStateException("no session"); // cannot be: created where there is none
    }
    return session;
  }

  @Override
  public String changeSessionId() {
    TokenHttpSession session = exchange.session(false);
    if (session == null) {
      throw new IllegalStateException("changeSessionId() without a session");
    }
    return session.renewId(exchange.participation());
  }

  /**
   * The session's id, never the token; a {@code ;jsessionid} in the address is still reported,
   * though it leads to no session (27).
   */
  @Override
  public @Nullable String getRequestedSessionId() {
    exchange.look();
    if (!exchange.presented().isPresent()) {
      return isIdInAddress() ? super.getRequestedSessionId() : null;
    }
    String id = exchange.requestedSessionId();
    return id == null ? REFUSED_ID : id;
  }

  @Override
  public boolean isRequestedSessionIdValid() {
    return exchange.isRequestedSessionValid();
  }

  @Override
  public boolean isRequestedSessionIdFromCookie() {
    exchange.look();
    return exchange.presented().isPresent() && exchange.setup().transport().isCookie();
  }

  @Override
  public boolean isRequestedSessionIdFromURL() {
    exchange.look();
    return !exchange.presented().isPresent() && isIdInAddress();
  }

  /**
   * Undertow says where an id came from only if it has a session of that id, and with this filter
   * it has none: so look for the id in the address.
   */
  private boolean isIdInAddress() {
    if (super.isRequestedSessionIdFromURL()) {
      return true;
    }
    String id = super.getRequestedSessionId();
    if (id == null || id.isEmpty() || super.isRequestedSessionIdFromCookie()) {
      return false;
    }
    Object forwarded = getAttribute(RequestDispatcher.FORWARD_REQUEST_URI);
    String address = forwarded == null ? getRequestURI() : forwarded.toString();
    return address.contains("=" + id);
  }

  @Override
  public Cookie @Nullable [] getCookies() {
    Cookie[] all = super.getCookies();
    if (all == null || exchange.setup().has(Choice.SHOW_TOKEN)) {
      return all;
    }
    List<Cookie> others = new ArrayList<>(all.length);
    for (Cookie cookie : all) {
      if (!exchange.setup().transport().isOurCookie(cookie.getName())) {
        others.add(cookie);
      }
    }
    if (others.size() == all.length) {
      return all;
    }
    return others.isEmpty() ? null : others.toArray(new Cookie[0]);
  }

  @Override
  public @Nullable String getHeader(String name) {
    if (!carriesToken(name)) {
      return super.getHeader(name);
    }
    Enumeration<String> values = getHeaders(name);
    return values.hasMoreElements() ? values.nextElement() : null;
  }

  /** The container's would say in its exception what the token is. */
  @Override
  public int getIntHeader(String name) {
    if (!carriesToken(name)) {
      return super.getIntHeader(name);
    }
    String value = getHeader(name);
    return value == null ? -1 : Integer.parseInt(value);
  }

  /** As {@link #getIntHeader}. */
  @Override
  public long getDateHeader(String name) {
    if (!carriesToken(name)) {
      return super.getDateHeader(name);
    }
    if (getHeader(name) == null) {
      return -1;
    }
    throw new IllegalArgumentException("header '" + name + "' is no date");
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    if (!carriesToken(name)) {
      return super.getHeaders(name);
    }
    List<String> others = new ArrayList<>(1);
    Enumeration<String> values = SessionTransport.fields((HttpServletRequest) getRequest(), name);
    while (values.hasMoreElements()) {
      String other = exchange.setup().transport().withoutToken(values.nextElement());
      if (other != null) {
        others.add(other);
      }
    }
    return Collections.enumeration(others);
  }

  @Override
  public @Nullable Enumeration<String> getHeaderNames() {
    Enumeration<String> all = super.getHeaderNames();
    if (all == null || !exchange.presented().isHeld()) {
      return all;
    }
    List<String> names = new ArrayList<>();
    while (all.hasMoreElements()) {
      String name = all.nextElement();
      if (!carriesToken(name) || getHeaders(name).hasMoreElements()) {
        names.add(name);
      }
    }
    return Collections.enumeration(names);
  }

  @Override
  public AsyncContext startAsync() {
    return wrapped(super.startAsync(), this, response);
  }

  @Override
  public AsyncContext startAsync(ServletRequest servletRequest, ServletResponse servletResponse) {
    return wrapped(
        super.startAsync(servletRequest, servletResponse), servletRequest, servletResponse);
  }

  @Override
  public AsyncContext getAsyncContext() {
    AsyncContext container = super.getAsyncContext();
    SessionAsyncContext known = asyncContext;
    return known != null && known.isFor(container) ? known : wrapped(container, this, response);
  }

  /** The response to an upgrade is sent within this call, or right after it (BEHAVIOUR.md 37). */
  @Override
  public <T extends HttpUpgradeHandler> T upgrade(Class<T> handlerClass)
      throws IOException, ServletException {
    exchange.commitPoint().commit("upgrade");
    return super.upgrade(handlerClass);
  }

  /** As {@link #login} where it signs somebody in. */
  @Override
  public boolean authenticate(HttpServletResponse httpResponse)
      throws IOException, ServletException {
    boolean was = getUserPrincipal() != null;
    boolean known;
    boolean entered = enterContainer();
    try {
      known = super.authenticate(httpResponse);
    } finally {
      leaveContainer(entered);
    }
    if (known && !was) {
      exchange.signedIn();
    }
    return known;
  }

  /** The session gets a new id, as containers give it to theirs. */
  @Override
  public void login(String user, String password) throws ServletException {
    boolean entered = enterContainer();
    try {
      super.login(user, password);
    } finally {
      leaveContainer(entered);
    }
    exchange.signedIn();
  }

  @Override
  public void logout() throws ServletException {
    boolean entered = enterContainer();
    try {
      super.logout();
    } finally {
      leaveContainer(entered);
    }
  }

  @Override
  public @Nullable Principal getUserPrincipal() {
    boolean entered = enterContainer();
    try {
      return super.getUserPrincipal();
    } finally {
      leaveContainer(entered);
    }
  }

  @Override
  public @Nullable String getRemoteUser() {
    boolean entered = enterContainer();
    try {
      return super.getRemoteUser();
    } finally {
      leaveContainer(entered);
    }
  }

  @Override
  public @Nullable String getAuthType() {
    boolean entered = enterContainer();
    try {
      return super.getAuthType();
    } finally {
      leaveContainer(entered);
    }
  }

  @Override
  public boolean isUserInRole(String role) {
    boolean entered = enterContainer();
    try {
      return super.isUserInRole(role);
    } finally {
      leaveContainer(entered);
    }
  }

  /**
   * Lets the container find out who the user is, by the session that it keeps that in. Jetty 12
   * asks the outermost wrapper for it, not its own request, and can do nothing with a session of
   * ours (BEHAVIOUR.md 35). Others ask their own, and nothing is noted for them. No monitor is held
   * meanwhile, since a container may wait there for whoever knows its users.
   *
   * @return whether this call noted the thread, and not one around it: what {@link #leaveContainer}
   *     is to be told
   */
  private boolean enterContainer() {
    return exchange.setup().isJetty() && threadsInContainer().add(Thread.currentThread());
  }

  private void leaveContainer(boolean entered) {
    if (entered) {
      threadsInContainer().remove(Thread.currentThread());
    }
  }

  private synchronized Set<Thread> threadsInContainer() {
    Set<Thread> threads = inContainer;
    if (threads == null) {
      threads = ConcurrentHashMap.newKeySet(1);
      inContainer = threads;
    }
    return threads;
  }

  /**
   * Whether it is the container's session that is asked for: by the container itself, or by another
   * application that ours has forwarded to, for which Tomcat and Undertow leave our wrapper in
   * place (BEHAVIOUR.md 57).
   */
  private boolean isContainers() {
    Set<Thread> asking = inContainer;
    if (asking != null && asking.contains(Thread.currentThread())) {
      return true;
    }
    if (exchange.isOver()) {
      return false; // the container's request may serve another already
    }
    ServletContext here = getServletContext();
    ServletContext ours = exchange.setup().servletContext();
    return here != ours && here != null && !here.getContextPath().equals(ours.getContextPath());
  }

  private AsyncContext wrapped(
      AsyncContext container, ServletRequest servletRequest, ServletResponse servletResponse) {
    SessionAsyncContext context =
        new SessionAsyncContext(exchange, container, servletRequest, servletResponse);
    asyncContext = context;
    return context;
  }

  private boolean carriesToken(@Nullable String name) {
    return name != null
        && exchange.presented().isHeld()
        && !exchange.setup().has(Choice.SHOW_TOKEN)
        && exchange.setup().transport().carries(name);
  }
}
