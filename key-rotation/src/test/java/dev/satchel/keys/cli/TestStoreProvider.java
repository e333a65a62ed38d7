package dev.satchel.keys.cli;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStoreProvider;
import dev.satchel.keys.MemoryKeyRingStore;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@code test:NAME}, found as a database's would be: a ring in memory on the caller's clock. */
public final class TestStoreProvider implements KeyRingStoreProvider {
  private static final Map<URI, KeyRingStore> STORES = new ConcurrentHashMap<>();

  @Override
  public Set<String> schemes() {
    return Set.of("test");
  }

  @Override
  public KeyRingStore open(URI location, InstantSource clock) {
    return STORES.computeIfAbsent(location, ignored -> new MemoryKeyRingStore(clock));
  }
}
