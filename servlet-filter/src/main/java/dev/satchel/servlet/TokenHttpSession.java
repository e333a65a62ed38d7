package dev.satchel.servlet;

import dev.satchel.SessionState;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code HttpSession} that the application sees: the same instance for a whole request, with
 * its forwards, includes, error pages and asynchronous parts (BEHAVIOUR.md 23). Held on to after
 * the request it stays readable, and what is then set stays in memory (21).
 *
 * <p>Two facades of one session are equal, whichever request they come from (22). {@code
 * getAccessor} of Servlet 6.1 keeps its default, null: there is nothing to access outside a request
 * (20).
 */
final class TokenHttpSession implements HttpSession, SessionAttributes.PassivationObserver {
  private final SessionExchange exchange;
  private final FilterSetup setup;
  private final SessionAttributes attributes;
  private final boolean isNew;
  private final long lastAccessedTime;
  private volatile int maxInactiveInterval;
  private volatile boolean ending;
  private volatile boolean ended;

  /**
   * The state that the client holds or was sent with this response; null where it was never
   * written. Guarded by the commit point.
   */
  private @Nullable SessionState written;

  private boolean reissue;

  private TokenHttpSession(
      SessionExchange exchange,
      SessionState state,
      @Nullable SessionState written,
      boolean reissue) {
    this.exchange = exchange;
    this.setup = exchange.setup();
    this.attributes = new SessionAttributes(setup, state);
    this.isNew = written == null;
    this.written = written;
    this.reissue = reissue;
    this.lastAccessedTime = state.lastAccessedAt().toEpochMilli();
    this.maxInactiveInterval = (int) state.maxInactiveInterval().toSeconds();
  }

  /** A session the client does not know yet. */
  static TokenHttpSession created(SessionExchange exchange, SessionState state) {
    return new TokenHttpSession(exchange, state, null, true);
  }

  /** The session that the client's token stands for. */
  static TokenHttpSession loaded(SessionExchange exchange, SessionState state, boolean reissue) {
    return new TokenHttpSession(exchange, state, state, reissue);
  }

  @Override
  public String getId() {
    return attributes.state().id();
  }

  @Override
  public long getCreationTime() {
    requireValid();
    return attributes.state().createdAt().toEpochMilli();
  }

  /**
   * When the token was last written, which the refresh point of the policy puts off by up to its
   * share of the idle interval.
   */
  @Override
  public long getLastAccessedTime() {
    requireValid();
    return lastAccessedTime;
  }

  @Override
  public ServletContext getServletContext() {
    return setup.servletContext();
  }

  @Override
  public void setMaxInactiveInterval(int interval) {
    if (ended) {
      maxInactiveInterval = interval; // does not throw (BEHAVIOUR.md 2)
      return;
    }
    if (Math.max(0, interval) != Math.max(0, maxInactiveInterval)) {
      exchange.commitPoint().beforeChange("maxInactiveInterval");
    }
    maxInactiveInterval = interval;
    attributes.update(
        state -> state.withMaxInactiveInterval(Duration.ofSeconds(Math.max(0, interval))));
  }

  @Override
  public int getMaxInactiveInterval() {
    return maxInactiveInterval;
  }

  @Override
  public @Nullable Object getAttribute(@Nullable String name) {
    requireValid();
    return name == null ? null : read(name);
  }

  @Override
  public Enumeration<String> getAttributeNames() {
    requireValid();
    return Collections.enumeration(attributes.names());
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    if (value == null) {
      removeAttribute(name);
      return;
    }
    requireName(name);
    requireValid();
    if (name.equals(StatelessSessionFilter.SUBJECT)
        && (!(value instanceof String subject) || subject.isEmpty())) {
      throw new IllegalArgumentException(
          "session attribute "
              + Warnings.quoted(name)
              + " is "
              + (value instanceof String ? "empty" : "a " + value.getClass().getName())
              + ", allowed is a text that is not empty");
    }
    if (setup.refuseUnserializable()) {
      attributes.requireWritable(name, value);
    }
    if (exchange.commitPoint().isPast() && attributes.wouldChange(name, value)) {
      exchange.commitPoint().beforeChange("attribute " + Warnings.quoted(name));
    }
    Object old = read(name);
    if (value != old) {
      setup.listeners().bound(this, name, value);
    }
    attributes.put(name, value);
    if (value != old) { // the identical reference fires nothing (BEHAVIOUR.md 59)
      setup.listeners().stored(this, name, value, old);
    }
  }

  @Override
  public void removeAttribute(String name) {
    requireName(name);
    requireValid();
    if (exchange.commitPoint().isPast() && attributes.wouldChange(name, null)) {
      exchange.commitPoint().beforeChange("attribute " + Warnings.quoted(name));
    }
    Object old = read(name);
    attributes.remove(name);
    if (old != null) {
      setup.listeners().removed(this, name, old);
    }
  }

  /**
   * Ends the session in the order of the containers (BEHAVIOUR.md 12): listeners while attributes
   * can still be read, then the end, then unbinding. A listener that invalidates in turn changes
   * nothing, and one that throws keeps nobody from hearing.
   *
   * <p>Too late for the response's headers it ends all the same, so that whoever revokes ended
   * sessions hears of it, and then is reported or refused as any late change.
   */
  @Override
  public void invalidate() {
    requireValid();
    if (ending) {
      return;
    }
    ending = true;
    List<Runnable> steps = new ArrayList<>();
    steps.add(() -> setup.listeners().destroyed(this));
    steps.add(() -> end(false));
    steps.add(() -> exchange.commitPoint().beforeChange("validity (invalidate)"));
    SessionListeners.all(steps);
  }

  /** Ends the session as {@link #invalidate} does, because its time is over (BEHAVIOUR.md 65). */
  void expire() {
    ending = true;
    SessionListeners.all(List.of(() -> setup.listeners().destroyed(this), () -> end(true)));
  }

  private void end(boolean expired) {
    List<Runnable> unbinding = new ArrayList<>();
    for (String name : attributes.names()) {
      Object value = read(name);
      if (value != null) {
        unbinding.add(() -> setup.listeners().removed(this, name, value));
      }
    }
    SessionState last = attributes.state();
    ended = true;
    if (expired) {
      setup.events().expired(last.id());
    } else {
      setup.events().invalidated(last.id(), last.expiresAt());
    }
    SessionListeners.all(unbinding);
  }

  @Override
  public boolean isNew() {
    requireValid();
    return isNew;
  }

  /** Whether {@link #invalidate} has ended it. */
  boolean isEnded() {
    return ended;
  }

  /**
   * Ends a session that cannot be read as a whole, where the filter is set to (BEHAVIOUR.md 19).
   */
  void requireReadable() {
    if (!setup.has(Choice.INVALIDATE_UNREADABLE) || attributes.areReadable()) {
      return;
    }
    try {
      invalidate();
    } catch (RuntimeException e) {
      // A listener's, or too late for the response. The application did not ask for this.
      setup
          .warnings()
          .once("unreadable " + e.getClass(), "session: ended as it cannot be read, but: " + e);
    }
  }

  /** Whether no client is to hear of it before it holds something (BEHAVIOUR.md 15). */
  boolean isKeptBack() {
    return isNew && setup.has(Choice.SKIP_EMPTY_SESSION) && attributes.names().isEmpty();
  }

  /** Gives the session a new id; this facade stays the session's (BEHAVIOUR.md 25). */
  String renewId() {
    requireValid();
    exchange.commitPoint().beforeChange("id (changeSessionId)");
    String oldId = getId();
    SessionState renewed = attributes.update(setup.codec()::renewId);
    setup.events().renewed(oldId, renewed.id(), renewed.expiresAt());
    setup.listeners().idChanged(this, oldId);
    return getId();
  }

  /** The state to write, or null where the client's token may stay as it is. */
  @Nullable SessionState stateToWrite() {
    SessionState next = attributes.flush(this);
    return next != written || reissue ? next : null;
  }

  /** Whether the client holds this state already, and would only be sent a fresher token. */
  boolean isOnlyReissue(SessionState state) {
    return state == written;
  }

  /** Notes that the client is sent this state. */
  void markWritten(SessionState state) {
    written = state;
    reissue = false;
  }

  /** Attributes that differ from what the client is sent. */
  Iterable<String> unwrittenAttributes() {
    return attributes.changedSince(written);
  }

  @Override
  public void beforeWriting(Object value) {
    setup.listeners().passivating(this, value);
  }

  @Override
  public void afterWriting(Object value) {
    setup.listeners().activated(this, value);
  }

  private @Nullable Object read(String name) {
    return attributes.get(name, value -> setup.listeners().activated(this, value));
  }

  private void requireValid() {
    exchange.touch();
    if (ended) {
      throw new IllegalStateException("session was invalidated");
    }
  }

  private static void requireName(@Nullable String name) {
    if (name == null) {
      throw new IllegalArgumentException("session attribute name is null");
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenHttpSession session && getId().equals(session.getId());
  }

  @Override
  public int hashCode() {
    return getId().hashCode();
  }

  /** No name and no value; not the id either, which names the session in a revocation list. */
  @Override
  public String toString() {
    return "TokenHttpSession[new=" + isNew + ", ended=" + ended + "]";
  }
}
