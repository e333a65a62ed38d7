package dev.satchel.keys;

import java.time.InstantSource;

/**
 * Keeps a ring where neither the flight recorder's module nor an optional library is there; {@link
 * BareJdkTest} starts it in such a process.
 */
final class BareJdk {
  private BareJdk() {}

  public static void main(String[] args) {
    for (String absent : args) {
      try {
        Class.forName(absent);
        System.out.println("there is " + absent);
      } catch (ClassNotFoundException e) {
        System.out.println("absent");
      }
    }
    KeyRingStore store = new MemoryKeyRingStore(InstantSource.system());
    try (RotatingKeySource source =
        RotatingKeySource.builder(store, RingFixture.secretKek(1))
            .bootstrap("shop", RotationPolicy.defaults())
            .build()) {
      source.refresh();
      System.out.println(source.absent("AAAAAAAA"));
      System.out.println(source.health().status());
    }
  }
}
