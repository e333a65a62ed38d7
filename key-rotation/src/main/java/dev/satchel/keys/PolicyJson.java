package dev.satchel.keys;

import dev.satchel.TokenAlgorithm;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** The {@code policy} member of a ring: durations in ISO 8601, by the names of the record. */
final class PolicyJson {
  private static final Map<String, Function<RotationPolicy, Duration>> DURATIONS = durations();

  static final Set<String> MEMBERS =
      Set.of(
          "alg",
          "period",
          "lead",
          "maxTokenLifetime",
          "staleAfter",
          "propagation",
          "clockSkew",
          "commitTimeout",
          "refreshInterval",
          "probeInterval",
          "signingLimit");

  private PolicyJson() {}

  private static Map<String, Function<RotationPolicy, Duration>> durations() {
    var durations = new LinkedHashMap<String, Function<RotationPolicy, Duration>>();
    durations.put("period", RotationPolicy::period);
    durations.put("lead", RotationPolicy::lead);
    durations.put("maxTokenLifetime", RotationPolicy::maxTokenLifetime);
    durations.put("staleAfter", RotationPolicy::staleAfter);
    durations.put("propagation", RotationPolicy::propagation);
    durations.put("clockSkew", RotationPolicy::clockSkew);
    durations.put("commitTimeout", RotationPolicy::commitTimeout);
    durations.put("refreshInterval", RotationPolicy::refreshInterval);
    durations.put("probeInterval", RotationPolicy::probeInterval);
    durations.put("signingLimit", RotationPolicy::signingLimit);
    return durations;
  }

  static void write(ObjectNode node, RotationPolicy policy) {
    node.put("alg", policy.algorithm().label());
    DURATIONS.forEach((name, value) -> node.put(name, value.apply(policy).toString()));
  }

  static RotationPolicy read(ObjectNode node) {
    return new RotationPolicy(
        TokenAlgorithm.of(RingJson.string(node, "alg")),
        RingJson.duration(node, "period"),
        RingJson.duration(node, "lead"),
        RingJson.duration(node, "maxTokenLifetime"),
        RingJson.duration(node, "staleAfter"),
        RingJson.duration(node, "propagation"),
        RingJson.duration(node, "clockSkew"),
        RingJson.duration(node, "commitTimeout"),
        RingJson.duration(node, "refreshInterval"),
        RingJson.duration(node, "probeInterval"),
        RingJson.duration(node, "signingLimit"));
  }
}
