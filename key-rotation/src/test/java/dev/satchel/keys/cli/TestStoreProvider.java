package dev.satchel.keys.cli;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStoreProvider;
import dev.satchel.keys.MemoryKeyRingStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/** {@code test:NAME}, found as a database's would be: a ring in memory on the caller's clock. */
public final class TestStoreProvider implements KeyRingStoreProvider {
  /** Locations that were opened and not closed since. */
  static final ConcurrentLinkedDeque<URI> OPEN = new ConcurrentLinkedDeque<>();

  private static final Map<URI, KeyRingStore> STORES = new ConcurrentHashMap<>();

  @Override
  public Set<String> schemes() {
    return Set.of("test");
  }

  @Override
  public KeyRingStore open(URI location, InstantSource clock) {
    KeyRingStore store = STORES.computeIfAbsent(location, ignored -> new MemoryKeyRingStore(clock));
    OPEN.add(location);
    return (KeyRingStore)
        Proxy.newProxyInstance(
            TestStoreProvider.class.getClassLoader(),
            new Class<?>[] {KeyRingStore.class},
            (self, method, arguments) -> {
              if (method.getName().equals("close")) {
                OPEN.removeFirstOccurrence(location);
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
