package dev.satchel.keys;

import java.time.InstantSource;

class MemoryRevocationLogTest implements RevocationLogContract {
  private final RevocationLog log = new MemoryRevocationLog(InstantSource.system());

  @Override
  public RevocationLog revocations() {
    return log;
  }
}
