package dev.satchel.keys;

import dev.satchel.keys.redis.RedisKeyRingStore;

/** Breaks the rule that nobody needs the store in Redis, whose client may not be there. */
public interface RedisCanary {
  RedisKeyRingStore store();
}
