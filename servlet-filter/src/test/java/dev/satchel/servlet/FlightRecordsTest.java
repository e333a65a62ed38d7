package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JDK's flight recorder gets, read back from a recording. */
class FlightRecordsTest {
  private static final String BOGUS = "bogus-bytes-of-a-client";

  @TempDir Path directory;

  /** A session made, changed and invalidated, one too large for its cookie, and a bogus token. */
  private List<RecordedEvent> recorded(List<String> seen, String... asked) throws Exception {
    StatelessSessionFilter filter =
        StatelessSessionFilter.builder("shop", TestKeys.source()).build();
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording();
        TestApp app = TestApp.start(Container.TOMCAT_11, filter).withSetAndGet()) {
      app.on("/id", (q, r) -> r.getWriter().print(q.getSession().getId()))
          .on("/end", (q, r) -> q.getSession().invalidate())
          .on("/large", (q, r) -> q.getSession().setAttribute("b", noise()));
      for (String name : asked) {
        recording.enable(name);
      }
      recording.start();
      Client client = app.client();
      client.get("/set");
      seen.add(client.get("/id").body());
      client.get("/large");
      client.get("/end");
      app.client().get("/get", "Cookie: __Host-Http-shop=" + BOGUS);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
    events.removeIf(event -> !event.getEventType().getName().startsWith("dev.satchel."));
    // The recorder has a buffer for each thread, one after the other.
    events.sort(Comparator.comparing(RecordedEvent::getStartTime));
    Files.delete(file);
    return events;
  }

  /** 8 KB that nothing compresses. */
  private static String noise() {
    StringBuilder text = new StringBuilder();
    new java.util.Random(1)
        .ints(8_192, '!', '~')
        .forEach(character -> text.append((char) character));
    return text.toString();
  }

  @Test
  @DisplayName("asked for by name: what a request caused, and no token, id or byte of a client")
  void asked() throws Exception {
    List<String> secrets = new ArrayList<>(List.of(BOGUS));
    List<RecordedEvent> events =
        recorded(
            secrets,
            "dev.satchel.SessionCreated",
            "dev.satchel.SessionInvalidated",
            "dev.satchel.TokenRejected",
            "dev.satchel.TokenIssued");
    assertThat(events)
        .extracting(event -> event.getEventType().getName().substring("dev.satchel.".length()))
        .containsExactly(
            "SessionCreated",
            "TokenIssued",
            "SessionNotWritten",
            "SessionInvalidated",
            "TokenRejected");
    assertThat(events.get(1).getInt("headerBytes")).isBetween(100, 1_000);
    assertThat(events.get(2).getString("cause")).isEqualTo("dev.satchel.SessionTooLargeException");
    assertThat(events.get(4).getString("reason")).isEqualTo("MALFORMED");
    assertThat(events.get(4).getString("keyId")).isNull();
    assertThat(secrets).hasSize(2).allSatisfy(secret -> assertThat(secret).hasSizeGreaterThan(15));
    assertThat(events.toString()).doesNotContain(secrets);
  }

  @Test
  @DisplayName("not asked for: a client cannot fill a recording that always runs")
  void notAsked() throws Exception {
    assertThat(recorded(new ArrayList<>()))
        .extracting(event -> event.getEventType().getName())
        .containsExactly("dev.satchel.SessionNotWritten");
  }
}
