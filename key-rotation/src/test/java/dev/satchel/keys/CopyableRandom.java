package dev.satchel.keys;

import java.security.SecureRandom;

/**
 * SplitMix64 under the name of something better: its whole state can be copied, as a snapshot of a
 * machine does.
 */
final class CopyableRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /** Of bytes alone: however often a copy has rolled dice, its next key is the same. */
  private long bytesState;

  CopyableRandom(long seed) {
    this(seed, ~seed);
  }

  private CopyableRandom(long state, long bytesState) {
    this.state = state;
    this.bytesState = bytesState;
  }

  CopyableRandom copy() {
    return new CopyableRandom(state, bytesState);
  }

  @Override
  public long nextLong() {
    // Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (OOPSLA 2014), figure 17.
    state += GAMMA;
    return mix(state);
  }

  private static long mix(long seed) {
    long z = seed;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  @Override
  public void nextBytes(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytesState += GAMMA;
      bytes[i] = (byte) mix(bytesState);
    }
  }

  @Override
  public int nextInt() {
    return (int) nextLong();
  }

  @Override
  public int nextInt(int bound) {
    return (int) Math.floorMod(nextLong(), (long) bound);
  }

  @Override
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }
}
