package dev.satchel.keys;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one node last said of itself. Not authenticated: whoever may write to the store can say it
 * in the node's name.
 *
 * @param node its name
 * @param reportedAt when the store heard it, by the store's clock
 * @param silent whether that is three refresh intervals or more ago
 * @param state what it said; empty if that cannot be read
 */
public record NodeReport(String node, Instant reportedAt, boolean silent, Optional<State> state) {

  /**
   * Those that have the name of a node.
   *
   * @param oldest whoever was heard last before is silent
   */
  static List<NodeReport> all(NodeReports reports, Instant oldest) {
    return reports.all().stream()
        .filter(kept -> NodeName.isAllowed(kept.node()))
        .map(
            kept ->
                new NodeReport(
                    kept.node(),
                    kept.at(),
                    kept.at().isBefore(oldest),
                    State.fromJson(kept.report())))
        .toList();
  }

  /**
   * A node at the moment of its report.
   *
   * @param epoch of the ring it holds
   * @param since when it first held it, by its own clock
   * @param role whether it changes the ring
   * @param stale whether its last successful read is longer ago than the ring's staleness budget
   * @param alarms what else is wrong
   */
  public record State(
      long epoch,
      Instant since,
      RotatingKeySource.Role role,
      boolean stale,
      Set<KeyRingAlarm> alarms) {

    /** Copies the set. */
    public State {
      alarms = Set.copyOf(alarms);
    }

    String toJson() {
      ObjectNode node = RingJson.parse("{}".getBytes(StandardCharsets.UTF_8));
      node.put("epoch", epoch);
      node.put("since", since.toString());
      node.put("role", role.name().toLowerCase(Locale.ROOT));
      node.put("stale", stale);
      ArrayNode names = node.putArray("alarms");
      alarms.stream().map(Enum::name).sorted().forEach(names::add);
      return node.toString();
    }

    /** Anybody may have written it: empty if it is anything but a report of this form. */
    static Optional<State> fromJson(String json) {
      try {
        ObjectNode node = RingJson.parse(json.getBytes(StandardCharsets.UTF_8));
        long epoch = RingJson.integer(node, "epoch");
        boolean hasEpoch = epoch >= 1 && epoch <= KeyId.MAX_EPOCH;
        JsonNode stale = RingJson.required(node, "stale");
        if (!hasEpoch || !stale.isBoolean() || !(node.get("alarms") instanceof ArrayNode names)) {
          return Optional.empty();
        }
        EnumSet<KeyRingAlarm> alarms = EnumSet.noneOf(KeyRingAlarm.class);
        for (JsonNode name : names) {
          alarms.add(KeyRingAlarm.valueOf(name.isString() ? name.stringValue() : ""));
        }
        return Optional.of(
            new State(
                epoch,
                RingJson.instant(node, "since"),
                role(RingJson.string(node, "role")),
                stale.booleanValue(),
                alarms));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    private static RotatingKeySource.Role role(String label) {
      return switch (label) {
        case "reader" -> RotatingKeySource.Role.READER;
        case "writer" -> RotatingKeySource.Role.WRITER;
        default -> throw new IllegalArgumentException("role is not one of reader, writer");
      };
    }
  }
}
