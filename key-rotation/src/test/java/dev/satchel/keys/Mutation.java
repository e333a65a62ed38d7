package dev.satchel.keys;

import dev.satchel.keys.KeyRingStore.Commit;
import dev.satchel.keys.KeyRingStore.Stored;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a protocol is broken on purpose, to see that the simulation would notice. Each is the mistake
 * of a product in the field (PROTOCOL.md §0, §e).
 */
enum Mutation {
  /** As built. */
  NONE,

  /** The store takes whatever comes last (ASP.NET Data Protection, PROTOCOL.md (e) 1). */
  NO_COMPARE_AND_SET {
    @Override
    Commit compareAndSet(
        ClusterSimulation world, SimulatedNode node, long expected, byte[] document) {
      world.store().append(document);
      return Commit.COMMITTED;
    }
  },

  /** A new key signs the moment it is published (Dex, Vault transit; PROTOCOL.md (e) 12). */
  NO_LEAD_TIME {
    @Override
    Commit compareAndSet(
        ClusterSimulation world, SimulatedNode node, long expected, byte[] document) {
      String json = new String(document, StandardCharsets.UTF_8);
      String changed =
          DATES
              .matcher(json)
              .replaceAll("\"published\":\"$1\",\"activate\":\"$1\"")
              .replace("\"origin\":\"scheduled\"", "\"origin\":\"forced\"");
      return super.compareAndSet(world, node, expected, changed.getBytes(StandardCharsets.UTF_8));
    }
  },

  /** A key signs when the wall clock says so, whether the others have it or not. */
  NO_HOLD {
    @Override
    Commit compareAndSet(
        ClusterSimulation world, SimulatedNode node, long expected, byte[] document) {
      String json = new String(document, StandardCharsets.UTF_8);
      String changed = json.replace("\"origin\":\"scheduled\"", "\"origin\":\"forced\"");
      return super.compareAndSet(world, node, expected, changed.getBytes(StandardCharsets.UTF_8));
    }
  },

  /** What cannot be read is taken for nothing (dotnet/aspnetcore #21096, PROTOCOL.md (e) 21). */
  UNREADABLE_MEANS_EMPTY {
    @Override
    Optional<Stored> read(ClusterSimulation world, Optional<Stored> found) {
      return world.store().isGarbage() ? Optional.empty() : found;
    }

    @Override
    Commit compareAndSet(
        ClusterSimulation world, SimulatedNode node, long expected, byte[] document) {
      if (world.store().isGarbage() && expected == KeyRingStore.ABSENT) {
        world.store().garbage(false);
        world.store().append(document);
        return Commit.COMMITTED;
      }
      return super.compareAndSet(world, node, expected, document);
    }
  };

  private static final Pattern DATES =
      Pattern.compile("\"published\":\"([^\"]*)\",\"activate\":\"[^\"]*\"");

  Optional<Stored> read(ClusterSimulation world, Optional<Stored> found) {
    return found;
  }

  Commit compareAndSet(
      ClusterSimulation world, SimulatedNode node, long expected, byte[] document) {
    return world.storeOf(node).compareAndSet(expected, document);
  }
}
