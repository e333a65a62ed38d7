package dev.satchel.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which keys of elsewhere a ring takes in, and for how long. A pure function. Nothing here can make
 * a key sign, or bring one back that has a tombstone.
 */
final class ImportRule {
  /** As a policy's signing limit: beyond it, somebody mistook the unit. */
  private static final Duration MAX_SIGNS_FOR = Duration.ofDays(730);

  /** As a policy's longest life of a token, with its margins. */
  private static final Duration MAX_RETENTION = Duration.ofDays(402);

  private final RingDocument document;
  private final @Nullable Duration signsFor;
  private final Instant now;
  private final List<RingKey> further = new ArrayList<>();
  private final List<String> present = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();

  /**
   * @param signsFor how much longer the keys are signed with elsewhere; null for what their dates
   *     say, or a lead where they have none
   */
  ImportRule(RingDocument document, @Nullable Duration signsFor, Instant now) {
    if (signsFor != null && (signsFor.isNegative() || signsFor.compareTo(MAX_SIGNS_FOR) > 0)) {
      throw new IllegalArgumentException(
          "keys sign elsewhere for " + signsFor + ", allowed is PT0S to " + MAX_SIGNS_FOR);
    }
    this.document = document;
    this.signsFor = signsFor;
    this.now = now;
  }

  /**
   * @param change from the keys to add and the ids to bury to what can be committed
   */
  RingImport apply(ForeignKeys foreign, Function<ImportRule.Found, RingChange> change) {
    if (foreign.lineage().equals(Optional.of(document.lineage()))) {
      throw policy("the keys are of this very ring; what a store has lost, a writer puts back");
    }
    foreign.keys().forEach(this::sort);
    Set<String> revoked = new HashSet<>();
    for (String id : foreign.revoked()) {
      boolean ours = document.key(id).map(key -> !key.isImported()).orElse(false);
      if (!ours && document.tombstone(id).isEmpty()) {
        revoked.add(id); // Unknown ids too: an older export must not bring them in.
      }
    }
    boolean nothing = further.isEmpty() && revoked.isEmpty();
    return new RingImport(
        nothing ? Optional.empty() : Optional.of(change.apply(new Found(further, revoked))),
        further.stream().map(RingKey::id).toList(),
        present,
        refused,
        ended,
        revoked.stream().sorted().toList());
  }

  private void sort(ForeignKeys.Foreign foreign) {
    String id = foreign.material().id();
    Tombstone tombstone = document.tombstone(id).orElse(null);
    if (tombstone != null) {
      (tombstone.why() == Tombstone.Why.REVOKED ? refused : ended).add(id);
      return;
    }
    for (RingKey key : document.keys()) {
      boolean sameMaterial = key.material().hasSameMaterial(foreign.material());
      if (sameMaterial && key.id().equals(id)) {
        present.add(id);
        return;
      }
      if (sameMaterial) {
        throw policy("key " + id + " is there already, under the id " + key.id());
      }
      if (key.id().equals(id)) {
        throw policy(
            "another key has the id " + id + " here, and a token names its key by id alone");
      }
    }
    Instant until = verifyUntil(foreign);
    if (until.isAfter(now.plusMillis(1))) {
      further.add(RingKey.imported(foreign.material(), document.epoch() + 1, now, until));
    } else {
      ended.add(id);
    }
  }

  private Instant verifyUntil(ForeignKeys.Foreign foreign) {
    RotationPolicy policy = document.policy();
    Duration retention = foreign.retention() == null ? policy.retention() : foreign.retention();
    if (retention.compareTo(MAX_RETENTION) > 0) {
      throw policy(
          "key "
              + foreign.material().id()
              + " verifies for "
              + retention
              + " after its last signature, allowed is "
              + MAX_RETENTION);
    }
    Instant dated = foreign.verifyUntil();
    if (signsFor == null) {
      return dated == null
          ? now.plus(policy.lead()).plus(retention)
          : earlier(dated, longest(retention));
    }
    Instant told = now.plus(signsFor).plus(retention);
    return dated == null ? told : earlier(dated, told);
  }

  private Instant longest(Duration retention) {
    return now.plus(MAX_SIGNS_FOR).plus(retention);
  }

  private static Instant earlier(Instant a, Instant b) {
    return b.isBefore(a) ? b : a;
  }

  private KeyRingException policy(String what) {
    return new KeyRingException(
        KeyRingException.Reason.POLICY, "ring " + document.name() + ": " + what);
  }

  /** What there is to do. */
  record Found(List<RingKey> further, Set<String> revoked) {}
}
