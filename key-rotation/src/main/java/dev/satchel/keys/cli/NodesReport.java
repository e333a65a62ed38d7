package dev.satchel.keys.cli;

import dev.satchel.keys.KeyRingAlarm;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.NodeReport;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** A ring's status, and behind it what nodes say of themselves. */
final class NodesReport {
  private NodesReport() {}

  static void print(KeyRingStatus status, List<NodeReport> nodes, boolean json, PrintStream out) {
    if (json) {
      ObjectNode node = StatusReport.json(status);
      var list = node.putArray("nodes");
      nodes.forEach(each -> add(list.addObject(), each));
      StatusReport.print(node, out);
      return;
    }
    StatusReport.print(status, false, out);
    out.println();
    int width = nodes.stream().mapToInt(node -> node.node().length()).max().orElse(4);
    String row = "%-" + Math.max(4, width) + "s  %7s  %-20s  %-6s  %-20s  %s%n";
    out.printf(Locale.ROOT, row, "NODE", "EPOCH", "SINCE", "ROLE", "REPORTED", "STATE");
    for (NodeReport each : nodes) {
      NodeReport.State state = each.state().orElse(null);
      out.printf(
          Locale.ROOT,
          row,
          each.node(),
          state == null ? "-" : Long.toString(state.epoch()),
          state == null ? "-" : StatusReport.seconds(state.since()),
          state == null ? "-" : state.role().name().toLowerCase(Locale.ROOT),
          StatusReport.seconds(each.reportedAt()),
          text(each, status));
    }
    nodes.stream()
        .flatMap(each -> each.state().stream())
        .flatMap(state -> state.alarms().stream())
        .distinct()
        .sorted()
        .forEach(alarm -> out.println(System.lineSeparator() + alarm + ": " + alarm.advice()));
  }

  private static String text(NodeReport each, KeyRingStatus status) {
    String silent = each.silent() ? "silent, " : "";
    if (each.state().isEmpty()) {
      return silent + "report cannot be read";
    }
    NodeReport.State state = each.state().get();
    String text =
        silent
            + (state.stale() ? "stale, " : "")
            + (state.epoch() < status.epoch() ? "behind, " : "")
            + state.alarms().stream()
                .map(alarm -> alarm.name() + ", ")
                .sorted()
                .collect(Collectors.joining());
    return text.isEmpty() ? "ok" : text.substring(0, text.length() - 2);
  }

  private static void add(ObjectNode entry, NodeReport each) {
    entry.put("node", each.node());
    entry.put("reportedAt", each.reportedAt().toString());
    entry.put("silent", each.silent());
    entry.put("readable", each.state().isPresent());
    if (each.state().isPresent()) {
      NodeReport.State state = each.state().get();
      entry.put("epoch", state.epoch());
      entry.put("since", state.since().toString());
      entry.put("role", state.role().name());
      entry.put("stale", state.stale());
      var alarms = entry.putArray("alarms");
      state.alarms().stream().map(KeyRingAlarm::name).sorted().forEach(alarms::add);
    }
  }
}
