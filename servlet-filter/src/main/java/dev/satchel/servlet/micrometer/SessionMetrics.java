package dev.satchel.servlet.micrometer;

import dev.satchel.AttributeException;
import dev.satchel.NoUsableKeyException;
import dev.satchel.Rejection;
import dev.satchel.SessionTooLargeException;
import dev.satchel.servlet.SessionEvents;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a filter does with sessions. Give it to the filter and to any number of registries:
 *
 * <pre>{@code
 * SessionMetrics metrics = new SessionMetrics();
 * StatelessSessionFilter.builder("shop", keys).events(metrics);
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>Spring Boot applications with Micrometer have one without that. Tags have no values but
 * constants, so that no client can make meters:
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>Name</th><th>Tag</th><th>Counts</th></tr>
 * <tr><td>{@code satchel.sessions.created}</td><td></td><td>new sessions</td></tr>
 * <tr><td>{@code satchel.sessions.renewed}</td><td></td><td>changes of a session's id</td></tr>
 * <tr><td>{@code satchel.sessions.ended}</td><td>{@code how}: {@code invalidated} or {@code
 *     expired}</td><td>ends of sessions that this node heard of</td></tr>
 * <tr><td>{@code satchel.sessions.unwritten}</td><td>{@code cause}: {@code too_large}, {@code
 *     no_key} or {@code other}</td><td>sessions that could not be written</td></tr>
 * <tr><td>{@code satchel.sessions.late.changes}</td><td></td><td>changes after the
 *     headers</td></tr>
 * <tr><td>{@code satchel.sessions.attributes.lost}</td><td>{@code how}: {@code unregistered} or
 *     {@code unreadable}</td><td>attributes left out of a token or not read from one</td></tr>
 * <tr><td>{@code satchel.tokens.accepted}</td><td></td><td>requests with a good token</td></tr>
 * <tr><td>{@code satchel.tokens.rejected}</td><td>{@code reason}: a {@link
 *     Rejection}</td><td>tokens not accepted</td></tr>
 * <tr><td>{@code satchel.tokens.dropped}</td><td></td><td>tokens that a client was told to
 *     drop</td></tr>
 * <tr><td>{@code satchel.tokens.issued}</td><td></td><td>tokens written; a distribution of their
 *     header's bytes</td></tr>
 * </table>
 *
 * <p>Counts begin with the object, not with its binding, but for the last. Thread-safe.
 */
public final class SessionMetrics implements SessionEvents, MeterBinder {
  private final Tags tags;
  private final LongAdder created = new LongAdder();
  private final LongAdder renewed = new LongAdder();
  private final LongAdder invalidated = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final LongAdder tooLarge = new LongAdder();
  private final LongAdder noKey = new LongAdder();
  private final LongAdder unwritten = new LongAdder();
  private final LongAdder lateChanges = new LongAdder();
  private final LongAdder unregistered = new LongAdder();
  private final LongAdder unreadable = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final Map<Rejection, LongAdder> rejected = new EnumMap<>(Rejection.class);
  private final Set<DistributionSummary> issued = new CopyOnWriteArraySet<>();

  /** Meters without further tags. */
  public SessionMetrics() {
    this(Tags.empty());
  }

  /** Meters with these tags, as where one registry has several filters. */
  public SessionMetrics(Iterable<Tag> tags) {
    this.tags = Tags.of(tags);
    for (Rejection reason : Rejection.values()) {
      rejected.put(reason, new LongAdder());
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    count(registry, "sessions.created", "New sessions", created);
    count(registry, "sessions.renewed", "Changes of a session's id", renewed);
    String ended = "Ends of sessions that this node heard of";
    count(registry, "sessions.ended", ended, invalidated, "how", "invalidated");
    count(registry, "sessions.ended", ended, expired, "how", "expired");
    String failed = "Sessions that could not be written";
    count(registry, "sessions.unwritten", failed, tooLarge, "cause", "too_large");
    count(registry, "sessions.unwritten", failed, noKey, "cause", "no_key");
    count(registry, "sessions.unwritten", failed, unwritten, "cause", "other");
    count(registry, "sessions.late.changes", "Changes after the headers were gone", lateChanges);
    String lost = "Attributes left out of a token, or not read from one";
    count(registry, "sessions.attributes.lost", lost, unregistered, "how", "unregistered");
    count(registry, "sessions.attributes.lost", lost, unreadable, "how", "unreadable");
    count(registry, "tokens.accepted", "Requests with a good token", accepted);
    count(registry, "tokens.dropped", "Tokens that a client was told to drop", dropped);
    rejected.forEach(
        (reason, number) ->
            count(
                registry,
                "tokens.rejected",
                "Tokens not accepted",
                number,
                "reason",
                reason.name()));
    issued.add(
        DistributionSummary.builder("satchel.tokens.issued")
            .description("Tokens written, by the length of the header lines that carry one")
            .baseUnit("bytes")
            .tags(tags)
            .register(registry));
  }

  private void count(
      MeterRegistry registry, String name, String description, LongAdder number, String... more) {
    FunctionCounter.builder("satchel." + name, number, LongAdder::sum)
        .description(description)
        .tags(tags.and(more))
        .register(registry);
  }

  @Override
  public void created(String sessionId) {
    created.increment();
  }

  @Override
  public void accepted(String keyId) {
    accepted.increment();
  }

  @Override
  public void rejected(Rejection reason, @Nullable String keyId) {
    LongAdder number = rejected.get(reason);
    if (number != null) {
      number.increment();
    }
  }

  @Override
  public void issued(int headerBytes) {
    for (DistributionSummary summary : issued) {
      summary.record(headerBytes);
    }
  }

  @Override
  public void tokenDropped() {
    dropped.increment();
  }

  @Override
  public void invalidated(String sessionId, Instant expiresAt) {
    invalidated.increment();
  }

  @Override
  public void expired(String sessionId) {
    expired.increment();
  }

  @Override
  public void renewed(String oldId, String newId, Instant expiresAt) {
    renewed.increment();
  }

  @Override
  public void attributeDropped(String name, IllegalArgumentException cause) {
    unregistered.increment();
  }

  @Override
  public void attributeUnreadable(String name, AttributeException cause) {
    unreadable.increment();
  }

  @Override
  public void lateChange(String change, String cause) {
    lateChanges.increment();
  }

  @Override
  public void notWritten(RuntimeException cause) {
    if (cause instanceof SessionTooLargeException) {
      tooLarge.increment();
    } else if (cause instanceof NoUsableKeyException) {
      noKey.increment();
    } else {
      unwritten.increment();
    }
  }
}
