package dev.satchel.keys;

import java.util.List;
import java.util.Optional;

/**
 * What an import comes to; made by {@link KeyCustodian#importing}.
 *
 * @param change not yet committed; empty if there is nothing to do
 * @param added ids of keys that the ring would verify with
 * @param present ids of keys that it has already
 * @param refused ids of keys that were revoked in this ring, and never come back
 * @param ended ids of keys of which no token can be alive
 * @param revoked ids of keys that were revoked where they come from, and so are here
 */
public record RingImport(
    Optional<RingChange> change,
    List<String> added,
    List<String> present,
    List<String> refused,
    List<String> ended,
    List<String> revoked) {

  /** Copies the lists. */
  public RingImport {
    added = List.copyOf(added);
    present = List.copyOf(present);
    refused = List.copyOf(refused);
    ended = List.copyOf(ended);
    revoked = List.copyOf(revoked);
  }
}
