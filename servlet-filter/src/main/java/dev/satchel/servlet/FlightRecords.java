package dev.satchel.servlet;

import dev.satchel.Rejection;
import java.time.Instant;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * The filter's events for the JDK's flight recorder. Loaded only where the JDK has one. What a
 * request can cause is off until a recording asks for it by name: whoever sends bogus tokens must
 * not wash all else out of a recording that always runs. No token, no id of a session, no attribute
 * and no byte that a client chose.
 */
final class FlightRecords implements SessionEvents {

  @Override
  public void created(String sessionId) {
    new Created().commit();
  }

  @Override
  public void rejected(Rejection reason, @Nullable String keyId) {
    var event = new TokenRejected();
    if (event.shouldCommit()) {
      event.reason = reason.name();
      event.keyId = keyId;
      event.commit();
    }
  }

  @Override
  public void issued(int headerBytes) {
    var event = new TokenIssued();
    if (event.shouldCommit()) {
      event.headerBytes = headerBytes;
      event.commit();
    }
  }

  @Override
  public void invalidated(String sessionId, Instant expiresAt) {
    new Invalidated().commit();
  }

  @Override
  public void notWritten(RuntimeException cause) {
    var event = new NotWritten();
    if (event.shouldCommit()) {
      event.cause = cause.getClass().getName();
      event.commit();
    }
  }

  /** As {@link SessionEvents#created} has it. */
  @Name("dev.satchel.SessionCreated")
  @Label("Session Created")
  @Description("The application made a new session")
  @Category({"Satchel", "Session"})
  @Enabled(false)
  static final class Created extends Event {}

  /** As {@link SessionEvents#invalidated} has it. */
  @Name("dev.satchel.SessionInvalidated")
  @Label("Session Invalidated")
  @Description("A session was invalidated")
  @Category({"Satchel", "Session"})
  @Enabled(false)
  static final class Invalidated extends Event {}

  /** As {@link SessionEvents#rejected} has it. */
  @Name("dev.satchel.TokenRejected")
  @Label("Token Rejected")
  @Description("A client's token was not accepted")
  @Category({"Satchel", "Session"})
  @Enabled(false)
  @StackTrace(false)
  static final class TokenRejected extends Event {
    @Label("Reason")
    @Description("A constant of dev.satchel.Rejection")
    String reason = "";

    @Label("Key Id")
    @Description("The key that the token named, if this node holds it")
    @Nullable String keyId;
  }

  /** As {@link SessionEvents#issued} has it. */
  @Name("dev.satchel.TokenIssued")
  @Label("Token Issued")
  @Description("A token was written to a response")
  @Category({"Satchel", "Session"})
  @Enabled(false)
  @StackTrace(false)
  static final class TokenIssued extends Event {
    @Label("Header Bytes")
    @Description("Length of the lines that carry it")
    @DataAmount(DataAmount.BYTES)
    int headerBytes;
  }

  /**
   * As {@link SessionEvents#notWritten} has it; on, since it is the application's or the ring's.
   */
  @Name("dev.satchel.SessionNotWritten")
  @Label("Session Not Written")
  @Description("A session could not be written: too large, or no key to seal it with")
  @Category({"Satchel", "Session"})
  static final class NotWritten extends Event {
    @Label("Cause")
    @Description("The exception's class")
    String cause = "";
  }
}
