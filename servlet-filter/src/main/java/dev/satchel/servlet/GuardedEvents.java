package dev.satchel.servlet;

import dev.satchel.AttributeException;
import dev.satchel.Rejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells each of its listeners, and keeps what one throws from the others and from requests. */
record GuardedEvents(List<SessionEvents> listeners, Warnings warnings) implements SessionEvents {

  /** These, and the JDK's flight recorder. */
  static GuardedEvents of(List<SessionEvents> listeners, Warnings warnings) {
    var all = new ArrayList<>(listeners);
    // A JDK image made by jlink may have none, and then FlightRecords must not even be loaded.
    if (ModuleLayer.boot().findModule("jdk.jfr").isPresent()) {
      all.add(new FlightRecords());
    }
    return new GuardedEvents(List.copyOf(all), warnings);
  }

  private void tell(String what, Consumer<SessionEvents> call) {
    for (SessionEvents listener : listeners) {
      try {
        call.accept(listener);
      } catch (RuntimeException | Error e) {
        // Errors too: an assertion of a listener, or a class it lacks, must not fail requests.
        warnings.once("events " + what, "SessionEvents." + what + " threw, which is ignored: " + e);
      }
    }
  }

  @Override
  public void created(String sessionId) {
    tell("created", each -> each.created(sessionId));
  }

  @Override
  public void accepted(String keyId) {
    tell("accepted", each -> each.accepted(keyId));
  }

  @Override
  public void rejected(Rejection reason, @Nullable String keyId) {
    tell("rejected", each -> each.rejected(reason, keyId));
  }

  @Override
  public void issued(int headerBytes) {
    tell("issued", each -> each.issued(headerBytes));
  }

  @Override
  public void tokenDropped() {
    tell("tokenDropped", SessionEvents::tokenDropped);
  }

  @Override
  public void invalidated(String sessionId, Instant expiresAt) {
    tell("invalidated", each -> each.invalidated(sessionId, expiresAt));
  }

  @Override
  public void expired(String sessionId) {
    tell("expired", each -> each.expired(sessionId));
  }

  @Override
  public void renewed(String oldId, String newId, Instant expiresAt) {
    tell("renewed", each -> each.renewed(oldId, newId, expiresAt));
  }

  @Override
  public void attributeDropped(String name, IllegalArgumentException cause) {
    tell("attributeDropped", each -> each.attributeDropped(name, cause));
  }

  @Override
  public void attributeUnreadable(String name, AttributeException cause) {
    tell("attributeUnreadable", each -> each.attributeUnreadable(name, cause));
  }

  @Override
  public void lateChange(String change, String cause) {
    tell("lateChange", each -> each.lateChange(change, cause));
  }

  @Override
  public void notWritten(RuntimeException cause) {
    tell("notWritten", each -> each.notWritten(cause));
  }
}
