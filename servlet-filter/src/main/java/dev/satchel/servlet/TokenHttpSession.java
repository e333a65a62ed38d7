package dev.satchel.servlet;

import dev.satchel.SessionState;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The {@code HttpSession} that the application sees: the same instance for a whole request, with
 * its forwards, includes, error pages and asynchronous parts (BEHAVIOUR.md 23), and for all
 * requests of this node that overlap (77). Held on to after the last of them it stays readable, and
 * what is then set stays in memory (21).
 *
 * <p>Two facades of one session are equal, whichever request they come from (22). {@code
 * getAccessor} of Servlet 6.1 keeps its default, null: there is nothing to access outside a request
 * (20).
 */
final class TokenHttpSession implements HttpSession, SessionAttributes.PassivationObserver {
  private final FilterSetup setup;
  private final SessionAttributes attributes;
  private final SharedSession shared;
  private final long lastAccessedTime;
  private volatile int maxInactiveInterval;
  private final AtomicBoolean ending = new AtomicBoolean();
  private volatile boolean ended;

  /** What a change of the id has found out about the id before, or why it could not. */
  private volatile boolean revoked;

  private volatile @Nullable RuntimeException unverified;

  /** The request that ended the session; null where it is not known, or could tell nobody. */
  private volatile @Nullable SessionExchange endedBy;

  /** As a rule null: nothing was bound when the last request had gone. */
  private volatile BoundAfterwards.@Nullable OfSession boundAfterwards;

  private TokenHttpSession(
      SessionExchange exchange,
      SessionState state,
      @Nullable SessionState written,
      boolean reissue) {
    this.setup = exchange.setup();
    this.attributes = new SessionAttributes(setup, state);
    this.shared = new SharedSession(exchange, attributes, written, reissue);
    this.lastAccessedTime = state.lastAccessedAt().toEpochMilli();
    this.maxInactiveInterval = (int) state.maxInactiveInterval().toSeconds();
  }

  /** A session the client does not know yet. */
  static TokenHttpSession created(SessionExchange exchange, SessionState state) {
    return new TokenHttpSession(exchange, state, null, true);
  }

  /** The session that the client's token stands for. */
  static TokenHttpSession loaded(
      SessionExchange exchange, SessionState state, boolean reissue, String token) {
    TokenHttpSession session = new TokenHttpSession(exchange, state, state, reissue);
    session.participants().follow(token);
    return session;
  }

  /** A session whose time is over, for those who want to hear of its end. */
  static TokenHttpSession expired(SessionExchange exchange, SessionState state) {
    return new TokenHttpSession(exchange, state, state, false);
  }

  /** The side of it that requests share. */
  SharedSession shared() {
    return shared;
  }

  /** Lets a request that had left come back, as when a foreign filter dispatches it again. */
  void rejoin(Participation participation) {
    shared.participants().add(participation);
    setup.live().put(this);
  }

  /** A request is over; with the last one, what is set from now on stays in memory. */
  void leave(SessionExchange exchange) {
    if (shared.participants().remove(exchange)) {
      setup.live().drop(this);
    }
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
      shared.beforeChange("maxInactiveInterval");
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
    if (setup.has(Choice.REFUSE_UNSERIALIZABLE)) {
      attributes.requireWritable(name, value);
    }
    shared.beforeAttributeChange(name, value);
    Object old = read(name);
    if (value != old) {
      setup.listeners().bound(this, name, value);
    }
    attributes.put(name, value);
    followBinding(name, value);
    if (value != old) { // the identical reference fires nothing (BEHAVIOUR.md 59)
      setup.listeners().stored(this, name, value, old);
    }
  }

  @Override
  public void removeAttribute(String name) {
    requireName(name);
    requireValid();
    shared.beforeAttributeChange(name, null);
    Object old = read(name);
    attributes.remove(name);
    followBinding(name, null);
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
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    List<Runnable> steps = new ArrayList<>();
    steps.add(() -> setup.listeners().destroyed(this));
    steps.add(() -> end(false));
    steps.add(() -> shared.beforeChange("validity (invalidate)"));
    SessionListeners.all(steps);
  }

  /** Ends the session as {@link #invalidate} does, because its time is over (BEHAVIOUR.md 65). */
  void expire() {
    ending.set(true);
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
    for (BoundAfterwards.Bound bound : setup.live().boundAfterwards().take(last.id())) {
      if (read(bound.name()) != bound.value()) { // else it is told already: bound to this object
        unbinding.add(() -> setup.listeners().removed(this, bound.name(), bound.value()));
      }
    }
    Participation here = shared.participants().here();
    endedBy = here != null && here.canCarry() ? here.exchange() : null;
    ended = true;
    // One that no client was ever sent needs no entry: whoever makes sessions and ends them, over
    // and over in one request each, does not fill the list.
    if (!expired) {
      shared.takeLeft().forEach(setup.revocations()::revoke);
      if (shared.participants().isHeld()) {
        setup.revocations().revoke(last);
      }
    }
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
    return shared.isNew();
  }

  /** Whether it is this very object; equal are all facades of one session. */
  // Equality would take two facades of one id for one.
  @SuppressWarnings("ReferenceEquality")
  boolean isSame(@Nullable TokenHttpSession other) {
    return this == other;
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

  /**
   * Undoes what was done to a session that came with the request; for one that requests do not
   * share. What its response says already is said again.
   */
  void rollBack() {
    maxInactiveInterval = (int) shared.rollBack().maxInactiveInterval().toSeconds();
  }

  /** Whether no client is to hear of it before it holds something (BEHAVIOUR.md 15). */
  boolean isKeptBack() {
    return shared.isNew() && setup.has(Choice.SKIP_EMPTY_SESSION) && attributes.names().isEmpty();
  }

  /**
   * Whether this request's response tells its client to drop the token: the response of the request
   * that ended the session does. Others do not, since they might drop what that one has put in its
   * place meanwhile; unless it came too late to tell its client itself.
   */
  boolean isDroppedBy(SessionExchange exchange) {
    SessionExchange ender = endedBy;
    return ended && (ender == null || ender == exchange);
  }

  /**
   * Gives the session a new id; this facade stays the session's (BEHAVIOUR.md 25). Requests that
   * share the session and came with the old id keep the object, as in containers, but their clients
   * are not told of the new id.
   */
  String renewId(Participation by) {
    requireValid();
    noteRevocation();
    SharedSession.Renewal renewal = shared.renewId(by, setup.codec()::renewId);
    SessionState renewed = renewal.state();
    String oldId = renewal.before().id();
    setup.live().renamed(oldId, this);
    setup.events().renewed(oldId, renewed.id(), renewed.expiresAt());
    setup.listeners().idChanged(this, oldId);
    return getId();
  }

  /**
   * A response says this: of an id that the session had before, no token is good any more. Not
   * sooner, as the client keeps its token where the new one cannot be written.
   */
  void written(SessionState state) {
    for (SessionState before : shared.takeLeft()) {
      setup.revocations().renewed(before, state);
    }
  }

  /**
   * Whether it was revoked since its token was read, also under an id that it had. One that no
   * client holds is not asked after: nobody can have revoked it. Throws what the check does.
   */
  boolean isRevoked() {
    RuntimeException unknown = unverified;
    if (unknown != null) {
      throw unknown;
    }
    return revoked
        || shared.participants().isHeld()
            && setup.revocations().check().isRevoked(attributes.state())
        || setup.revocations().lists(shared.left());
  }

  /** While it still has the id that others may have revoked: under a new one it would live on. */
  private void noteRevocation() {
    try {
      revoked = isRevoked();
    } catch (RuntimeException e) {
      unverified = e;
    }
  }

  /** The state to write to this request's response, or null where the token may stay as it is. */
  @Nullable SessionState stateToWrite(SessionExchange exchange) {
    return shared.stateToWrite(exchange, this);
  }

  /** Attributes changed in place so late that no response can say it any more. */
  Iterable<String> lostChanges(SessionExchange exchange) {
    return shared.lostChanges(exchange, this);
  }

  /** Whether another request has given the session an id that this one's client is not told. */
  boolean isBarred(SessionExchange exchange) {
    return shared.isBarred(exchange);
  }

  /** The requests that share this session. */
  Participants participants() {
    return shared.participants();
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

  /** Remembers what is set when no request is left, and forgets it when it is taken out. */
  private void followBinding(String name, @Nullable Object value) {
    BoundAfterwards.OfSession known = boundAfterwards;
    boolean afterwards = shared.participants().isEmpty();
    if (known == null) {
      if (!afterwards || !(value instanceof HttpSessionBindingListener)) {
        return;
      }
      synchronized (shared.participants()) {
        known = boundAfterwards == null ? new BoundAfterwards.OfSession() : boundAfterwards;
        boundAfterwards = known;
      }
    }
    known.changed(setup.live().boundAfterwards(), getId(), name, value, afterwards);
  }

  private void requireValid() {
    shared.participants().touch();
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
    return "TokenHttpSession[new=" + shared.isNew() + ", ended=" + ended + "]";
  }
}
