package dev.satchel.keys.redis;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStoreProvider;
import java.net.URI;
import java.time.InstantSource;
import java.util.Set;

/** Opens {@code redis://host/0?key=shop:ring}, and {@code rediss:} over TLS. */
public final class RedisKeyRingStoreProvider implements KeyRingStoreProvider {
  /** For the {@link java.util.ServiceLoader}. */
  public RedisKeyRingStoreProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of(RedisLocation.PLAIN, RedisLocation.TLS);
  }

  @Override
  public KeyRingStore open(URI location, InstantSource clock) {
    // Checked first, and without the client: who has a wrong location hears of it either way.
    RedisLocation parsed = RedisLocation.of(location);
    try {
      return new RedisKeyRingStore(parsed);
    } catch (NoClassDefFoundError e) {
      throw new IllegalArgumentException(
          "a ring in Redis needs the client io.lettuce:lettuce-core on the class path", e);
    }
  }
}
