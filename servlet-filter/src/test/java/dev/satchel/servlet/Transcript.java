package dev.satchel.servlet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What happened as a script was played, one line each. Thread-safe. */
final class Transcript {
  private final List<String> lines = new ArrayList<>();
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final Set<String> ended = new LinkedHashSet<>();
  private final Set<String> refused = new LinkedHashSet<>();
  private final Set<KnownDifference> compensated = new LinkedHashSet<>();
  private boolean stopped;

  synchronized void add(String line) {
    lines.add(line);
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** Stands for a session's id: the same for the same, whatever its bytes are. */
  synchronized String id(String id) {
    return id == null
        ? "null"
        : "S" + ids.computeIfAbsent(withoutNode(id), unknown -> ids.size() + 1);
  }

  synchronized void ended(String id) {
    ended.add(withoutNode(id));
  }

  synchronized boolean isEnded(String id) {
    return ended.contains(withoutNode(id));
  }

  /** Jetty's cookie has the name of the node behind the id. */
  private static String withoutNode(String id) {
    return id.split("\\.", 2)[0];
  }

  /** Notes that the filter refused a change as too late. */
  synchronized void refused(String key) {
    refused.add(key);
  }

  synchronized Set<String> refused() {
    return Set.copyOf(refused);
  }

  /** Notes that the container's session was given what it does not do by itself. */
  synchronized void compensated(KnownDifference difference) {
    compensated.add(difference);
  }

  synchronized Set<KnownDifference> compensated() {
    return Set.copyOf(compensated);
  }

  /** Nothing more can be compared. */
  synchronized void stop() {
    stopped = true;
  }

  synchronized boolean isStopped() {
    return stopped;
  }

  @Override
  public String toString() {
    return String.join("\n", lines());
  }
}
