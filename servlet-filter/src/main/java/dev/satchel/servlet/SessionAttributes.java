package dev.satchel.servlet;

import dev.satchel.AttributeException;
import dev.satchel.SessionState;
import jakarta.servlet.http.HttpSessionActivationListener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One session's attributes during one request: the state as it was last written or read, and over
 * it the live objects that the application has been given or has set. Who reads twice gets the same
 * object twice (BEHAVIOUR.md 11). What was never read stays the bytes it was (18).
 *
 * <p>The monitor is what makes attributes safe to use from several threads (16): those of requests
 * that overlap and share the session (77), or of asynchronous processing. No listener is called
 * while it is held, and no {@link SessionEvents}, since one may wait for a thread that wants it.
 */
final class SessionAttributes {
  /** How often an object is written that another thread changes at the same time. */
  private static final int ATTEMPTS = 3;

  private final FilterSetup setup;
  private final Map<String, LiveAttribute> live = new LinkedHashMap<>();

  /** The names of what could not be written; as a rule there are none. */
  private Set<String> dropped = Set.of();

  /** Changed only under the monitor; who reads it alone needs no lock. */
  private volatile SessionState state;

  /**
   * When the subject was set that is not in the state yet: not when the token is written, since a
   * sign-out everywhere may come between. Not used before.
   */
  private Instant subjectSince = Instant.EPOCH;

  /** Events of the call that holds the monitor. */
  private List<Runnable> reports = List.of();

  SessionAttributes(FilterSetup setup, SessionState state) {
    this.setup = setup;
    this.state = state;
  }

  /** The state without what the application did since it was last flushed. */
  SessionState state() {
    return state;
  }

  /** Changes something other than attributes. */
  synchronized SessionState update(UnaryOperator<SessionState> change) {
    state = change.apply(state);
    return state;
  }

  /** Goes back to the content of an earlier state. The id stays. */
  synchronized void rollBack(SessionState earlier) {
    live.clear();
    dropped = Set.of();
    state = state.id().equals(earlier.id()) ? earlier : state.withContentOf(earlier);
  }

  /**
   * The live object of this name, or null.
   *
   * @param onFirstRead gets an object that was just read from the token
   */
  @Nullable Object get(String name, Consumer<Object> onFirstRead) {
    Object value;
    List<Runnable> told;
    synchronized (this) {
      LiveAttribute known = live.get(name);
      if (known != null) {
        return known.value();
      }
      value = firstRead(name);
      told = takeReports();
    }
    told.forEach(Runnable::run);
    if (value != null) {
      onFirstRead.accept(value);
    }
    return value;
  }

  private @Nullable Object firstRead(String name) {
    try {
      Object value = readStored(name);
      if (value != null) {
        live.put(name, new LiveAttribute(value, true));
      }
      return value;
    } catch (AttributeException e) {
      boolean drop = setup.has(Choice.DROP_UNREADABLE);
      live.put(name, drop ? LiveAttribute.UNREADABLE_REMOVED : LiveAttribute.UNREADABLE);
      reportUnreadable(name, e);
      return null;
    }
  }

  private void reportUnreadable(String name, AttributeException e) {
    report(
        () -> {
          setup.events().attributeUnreadable(name, e);
          setup
              .warnings()
              .once(
                  "unreadable " + name,
                  "session attribute "
                      + Warnings.quoted(name)
                      + " cannot be read: "
                      + e.getMessage());
        });
  }

  private void report(Runnable report) {
    reports = reports.isEmpty() ? new ArrayList<>(1) : reports;
    reports.add(report);
  }

  /** What is to be told once the monitor is free. */
  private List<Runnable> takeReports() {
    List<Runnable> taken = reports;
    reports = List.of();
    return taken;
  }

  /** Whether each attribute of the token can be read; reports the first that cannot. */
  boolean areReadable() {
    boolean readable;
    List<Runnable> told;
    synchronized (this) {
      readable = readAll();
      told = takeReports();
    }
    told.forEach(Runnable::run);
    return readable;
  }

  private boolean readAll() {
    for (String name : state.attributeNames()) {
      if (live.containsKey(name)) {
        continue; // read, or replaced, by a request that shares the session
      }
      try {
        state.attribute(name);
      } catch (AttributeException e) {
        live.put(name, LiveAttribute.UNREADABLE);
        reportUnreadable(name, e);
        return false;
      }
    }
    return true;
  }

  synchronized void put(String name, Object value) {
    if (name.equals(StatelessSessionFilter.SUBJECT) && !value.equals(subject())) {
      subjectSince = setup.clock().instant();
    }
    live.remove(name); // so that a value set anew goes to the end, as in a new map
    live.put(name, new LiveAttribute(value, false));
    forgetDropped(name);
  }

  synchronized void remove(String name) {
    live.put(name, LiveAttribute.REMOVED);
    forgetDropped(name);
  }

  private void forgetDropped(String name) {
    if (!dropped.isEmpty()) {
      dropped.remove(name);
    }
  }

  /** Whose session it is, as the next token will say; null where nobody is signed in. */
  synchronized @Nullable String subject() {
    LiveAttribute known = live.get(StatelessSessionFilter.SUBJECT);
    return known == null ? state.subject().orElse(null) : (String) known.value();
  }

  /** A snapshot of the names, in the order they were set. */
  synchronized Set<String> names() {
    Set<String> names = new LinkedHashSet<>(state.attributeNames());
    state.subject().ifPresent(subject -> names.add(StatelessSessionFilter.SUBJECT));
    live.forEach(
        (name, known) -> {
          if (known.value() == null) {
            names.remove(name);
          } else {
            names.add(name);
          }
        });
    return Collections.unmodifiableSet(names);
  }

  /**
   * Takes the live objects into the state. The same state instance as before says that nothing
   * changed: objects changed in place are found by comparing what they are written as (BEHAVIOUR.md
   * 17).
   *
   * @param around is told of each object before and after it is written
   */
  SessionState flush(PassivationObserver around) {
    SessionState unchanged = stateIfOnlyRead();
    if (unchanged != null) {
      return unchanged;
    }
    List<Object> observers = observers();
    observers.forEach(around::beforeWriting);
    SessionState flushed;
    List<Runnable> told;
    synchronized (this) {
      flushed = flush();
      told = takeReports();
    }
    told.forEach(Runnable::run);
    observers.forEach(around::afterWriting);
    return flushed;
  }

  /** The state where nothing could have changed it since, as in most requests; else null. */
  private synchronized @Nullable SessionState stateIfOnlyRead() {
    for (LiveAttribute known : live.values()) {
      if (known.isToWrite()) {
        return null;
      }
    }
    return state;
  }

  private SessionState flush() {
    SessionState next = state;
    for (Map.Entry<String, LiveAttribute> entry : live.entrySet()) {
      String name = entry.getKey();
      LiveAttribute known = entry.getValue();
      if (known.isRemoved()) {
        next = withoutStored(next, name);
      } else if (known.mayHaveChanged()) {
        next = withStored(next, name, Objects.requireNonNull(known.value()));
      }
    }
    state = next;
    return next;
  }

  /** The objects to write that want to hear of it; as a rule there are none. */
  private synchronized List<Object> observers() {
    List<Object> observers = List.of();
    for (LiveAttribute known : live.values()) {
      if (known.value() instanceof HttpSessionActivationListener && known.mayHaveChanged()) {
        observers = observers.isEmpty() ? new ArrayList<>(1) : observers;
        observers.add(known.value());
      }
    }
    return observers;
  }

  /**
   * Whether setting (or with null: removing) the attribute would make the next token another one.
   */
  synchronized boolean wouldChange(String name, @Nullable Object value) {
    try {
      return (value == null ? withoutStored(state, name) : stored(state, name, value)) != state;
    } catch (RuntimeException e) {
      return false; // would be dropped anyhow
    }
  }

  /** The names whose live objects are not what the given state has. */
  synchronized List<String> changedSince(@Nullable SessionState written) {
    Set<String> names = new LinkedHashSet<>(live.keySet());
    names.removeIf(
        name -> {
          LiveAttribute known = Objects.requireNonNull(live.get(name));
          if (written == null || known.isUnreadable() || dropped.contains(name)) {
            return written != null;
          }
          try {
            return known.value() == null
                ? withoutStored(written, name) == written
                : stored(written, name, known.value()) == written;
          } catch (RuntimeException e) {
            return true; // would be dropped anyhow
          }
        });
    return List.copyOf(names);
  }

  /**
   * Refuses what cannot be written, for those who want to know at once.
   *
   * @throws IllegalArgumentException naming the attribute
   */
  synchronized void requireWritable(String name, Object value) {
    try {
      stored(state, name, value);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "session attribute " + Warnings.quoted(name) + " cannot be written: " + e.getMessage(),
          e);
    }
  }

  private SessionState withStored(SessionState base, String name, Object value) {
    for (int attempt = 1; ; attempt++) {
      try {
        return stored(base, name, value);
      } catch (RuntimeException e) {
        if (!isChangedMeanwhile(e)) {
          return withoutUnwritable(base, name, e);
        }
        if (attempt == ATTEMPTS) {
          // As it was before, then; whoever changes it now writes it when he commits.
          setup
              .warnings()
              .once(
                  "changing " + name,
                  "session attribute "
                      + Warnings.quoted(name)
                      + " was changed by one thread while another wrote it");
          return base;
        }
      }
    }
  }

  /** Whether an object could not be written since another thread was changing it. */
  private static boolean isChangedMeanwhile(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof ConcurrentModificationException) {
        return true;
      }
    }
    return false;
  }

  private SessionState withoutUnwritable(SessionState base, String name, RuntimeException e) {
    // Whatever an AttributeCodec of the application throws: no error page may fail for it. Not an
    // unbind: the object stays in this request's session, so no listener is told (BEHAVIOUR.md 65).
    dropped = dropped.isEmpty() ? new LinkedHashSet<>() : dropped;
    if (dropped.add(name)) {
      report(
          () -> {
            setup
                .events()
                .attributeDropped(
                    name,
                    e instanceof IllegalArgumentException cause
                        ? cause
                        : new IllegalArgumentException(e.toString(), e));
            setup
                .warnings()
                .once(
                    "dropped " + name,
                    "session attribute "
                        + Warnings.quoted(name)
                        + " is left out of the session token: "
                        + e.getMessage());
          });
    }
    return withoutStored(base, name); // the old value must not come back with the next request
  }

  private @Nullable Object readStored(String name) {
    return name.equals(StatelessSessionFilter.SUBJECT)
        ? state.subject().orElse(null)
        : state.attribute(name);
  }

  private SessionState stored(SessionState base, String name, Object value) {
    return name.equals(StatelessSessionFilter.SUBJECT)
        ? base.withSubject((String) value, subjectSince)
        : base.withAttribute(name, value);
  }

  private static SessionState withoutStored(SessionState base, String name) {
    return name.equals(StatelessSessionFilter.SUBJECT)
        ? base.withoutSubject()
        : base.withoutAttribute(name);
  }

  /** Hears of objects that are about to be written and were written (BEHAVIOUR.md 62). */
  interface PassivationObserver {
    void beforeWriting(Object value);

    void afterWriting(Object value);
  }
}
