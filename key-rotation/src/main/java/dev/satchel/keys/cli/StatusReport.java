package dev.satchel.keys.cli;

import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.KeyRingStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A ring's status as a table, or as JSON whose members only ever grow. */
final class StatusReport {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private StatusReport() {}

  static void print(KeyRingStatus status, boolean json, PrintStream out) {
    if (json) {
      print(json(status), out);
    } else {
      text(status, out);
    }
  }

  static void print(ObjectNode node, PrintStream out) {
    out.println(MAPPER.writeValueAsString(node));
  }

  private static void text(KeyRingStatus status, PrintStream out) {
    out.println("ring      " + status.ring());
    out.println("lineage   " + status.lineage());
    out.println("epoch     " + status.epoch());
    out.println("at        " + seconds(status.at()));
    out.println("policy    " + policy(status));
    out.println("sealed    " + text(status.sealedUnder()));
    out.println();
    String row = "%-8s  %-15s  %-15s  %-20s  %s%n";
    out.printf(Locale.ROOT, row, "KEY", "ALGORITHM", "PHASE", "SIGNS FROM", "VERIFIES UNTIL");
    for (KeyRingStatus.Key key : status.keys()) {
      boolean gone = key.algorithm().isEmpty();
      out.printf(
          Locale.ROOT,
          row,
          key.id(),
          key.algorithm().map(TokenAlgorithm::label).orElse("-"),
          key.phase().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          gone ? "-" : seconds(key.activateAt()),
          gone ? "gone" : seconds(key.verifyUntil()));
    }
    out.println();
    out.println("next      " + status.nextChange().map(at -> relative(at, status)).orElse("-"));
    out.println(
        "rotation  "
            + status.rotationDueAt().map(at -> "due " + relative(at, status)).orElse("-")
            + (status.isRotationOverdue() ? "  OVERDUE: is there a writer?" : ""));
  }

  private static String policy(KeyRingStatus status) {
    return "period "
        + DurationText.of(status.policy().period())
        + ", lead "
        + DurationText.of(status.policy().lead())
        + ", tokens live "
        + DurationText.of(status.policy().maxTokenLifetime())
        + ", new keys "
        + status.policy().algorithm().label();
  }

  /** What a ring is sealed under, in a few words. */
  static String text(KeyRingStatus.SealedUnder sealed) {
    int recipients = sealed.recipients().size();
    return sealed.kind()
        + sealed.keyId().map(id -> ", key " + id).orElse("")
        + (sealed.version().isPresent() ? ", version " + sealed.version().getAsLong() : "")
        + (recipients > 1 ? ", one of " + recipients + " recipients" : "");
  }

  private static String relative(Instant at, KeyRingStatus status) {
    Duration until = Duration.between(status.at(), at);
    return seconds(at)
        + (until.isNegative()
            ? " (" + DurationText.of(until) + ")"
            : " (in " + DurationText.of(until) + ")");
  }

  static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static ObjectNode json(KeyRingStatus status) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("ring", status.ring());
    node.put("lineage", status.lineage());
    node.put("epoch", status.epoch());
    node.put("at", status.at().toString());
    node.put("algorithm", status.policy().algorithm().label());
    node.put("period", status.policy().period().toString());
    node.put("lead", status.policy().lead().toString());
    node.put("maxTokenLifetime", status.policy().maxTokenLifetime().toString());
    ObjectNode sealed = node.putObject("sealedUnder");
    sealed.put("kind", status.sealedUnder().kind());
    status.sealedUnder().keyId().ifPresent(id -> sealed.put("kid", id));
    status.sealedUnder().version().ifPresent(version -> sealed.put("version", version));
    if (!status.sealedUnder().recipients().isEmpty()) {
      var recipients = sealed.putArray("recipients");
      status.sealedUnder().recipients().forEach(recipients::add);
    }
    put(node, "nextChange", status.nextChange());
    put(node, "rotationDueAt", status.rotationDueAt());
    node.put("rotationOverdue", status.isRotationOverdue());
    var keys = node.putArray("keys");
    for (KeyRingStatus.Key key : status.keys()) {
      ObjectNode entry = keys.addObject();
      entry.put("kid", key.id());
      entry.put("phase", key.phase().name());
      entry.put("origin", key.origin());
      entry.put("epoch", key.epoch());
      if (key.algorithm().isPresent()) {
        entry.put("alg", key.algorithm().get().label());
        entry.put("published", key.publishedAt().toString());
        entry.put("activate", key.activateAt().toString());
        entry.put("deactivate", key.deactivateAt().toString());
        entry.put("verifyUntil", key.verifyUntil().toString());
        entry.put("notAfter", key.notAfter().toString());
        entry.put("canIssue", key.canIssue());
      } else {
        entry.put("goneAt", key.deactivateAt().toString());
      }
    }
    return node;
  }

  private static void put(ObjectNode node, String name, Optional<Instant> instant) {
    if (instant.isPresent()) {
      node.put(name, instant.get().toString());
    } else {
      node.putNull(name);
    }
  }
}
