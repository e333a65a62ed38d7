package dev.satchel.keys;

import java.time.InstantSource;

class MemoryKeyRingStoreTest implements KeyRingStoreContract {
  private final KeyRingStore store = new MemoryKeyRingStore(InstantSource.system());

  @Override
  public KeyRingStore store() {
    return store;
  }
}
