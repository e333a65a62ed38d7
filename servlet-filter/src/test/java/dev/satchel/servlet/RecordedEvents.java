package dev.satchel.servlet;

import dev.satchel.AttributeException;
import dev.satchel.Rejection;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Events as lines of text, in the order they came. */
final class RecordedEvents implements SessionEvents {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** What came since the last call. */
  List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }

  @Override
  public void accepted(String keyId) {
    lines.add("accepted " + keyId);
  }

  @Override
  public void rejected(Rejection reason, String keyId) {
    lines.add("rejected " + reason + " " + keyId);
  }

  @Override
  public void issued(int headerBytes) {
    lines.add("issued");
  }

  @Override
  public void tokenDropped() {
    lines.add("expired");
  }

  @Override
  public void invalidated(String sessionId, Instant expiresAt) {
    lines.add("invalidated");
  }

  @Override
  public void expired(String sessionId) {
    lines.add("ended by time");
  }

  @Override
  public void renewed(String oldId, String newId, Instant expiresAt) {
    lines.add("renewed");
  }

  @Override
  public void attributeDropped(String name, IllegalArgumentException cause) {
    lines.add("dropped " + name);
  }

  @Override
  public void attributeUnreadable(String name, AttributeException cause) {
    lines.add("unreadable " + name);
  }

  @Override
  public void lateChange(String change, String cause) {
    lines.add("late " + change + " after " + cause);
  }

  @Override
  public void notWritten(RuntimeException cause) {
    lines.add("not written " + cause.getClass().getSimpleName());
  }
}
