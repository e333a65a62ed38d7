package dev.satchel.servlet;

import dev.satchel.AttributeException;
import dev.satchel.Rejection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Keeps what an implementation throws from the requests that it is told of. */
record GuardedEvents(SessionEvents events, Warnings warnings) implements SessionEvents {

  private void tell(String what, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      warnings.once("events " + what, "SessionEvents." + what + " threw, which is ignored: " + e);
    }
  }

  @Override
  public void created(String sessionId) {
    tell("created", () -> events.created(sessionId));
  }

  @Override
  public void accepted(String keyId) {
    tell("accepted", () -> events.accepted(keyId));
  }

  @Override
  public void rejected(Rejection reason, @Nullable String keyId) {
    tell("rejected", () -> events.rejected(reason, keyId));
  }

  @Override
  public void issued(int headerBytes) {
    tell("issued", () -> events.issued(headerBytes));
  }

  @Override
  public void tokenDropped() {
    tell("tokenDropped", events::tokenDropped);
  }

  @Override
  public void invalidated(String sessionId, Instant expiresAt) {
    tell("invalidated", () -> events.invalidated(sessionId, expiresAt));
  }

  @Override
  public void expired(String sessionId) {
    tell("expired", () -> events.expired(sessionId));
  }

  @Override
  public void renewed(String oldId, String newId, Instant expiresAt) {
    tell("renewed", () -> events.renewed(oldId, newId, expiresAt));
  }

  @Override
  public void attributeDropped(String name, IllegalArgumentException cause) {
    tell("attributeDropped", () -> events.attributeDropped(name, cause));
  }

  @Override
  public void attributeUnreadable(String name, AttributeException cause) {
    tell("attributeUnreadable", () -> events.attributeUnreadable(name, cause));
  }

  @Override
  public void lateChange(String change, String cause) {
    tell("lateChange", () -> events.lateChange(change, cause));
  }

  @Override
  public void notWritten(RuntimeException cause) {
    tell("notWritten", () -> events.notWritten(cause));
  }
}
