package dev.satchel.benchmarks;

import org.openjdk.jmh.annotations.Param;

/** Encrypted tokens: JWE, {@code dir} with {@code A256GCM}. */
public class SealedBenchmark extends CodecBenchmark {
  /** How tokens are protected. */
  @Param({"A256GCM", "A256GCM_DEF"})
  Profile profile;

  /** Who does it. */
  @Param({"SATCHEL", "NIMBUS", "JOSE4J", "JJWT", "FLOOR"})
  Library library;

  @Override
  Library library() {
    return library;
  }

  @Override
  Profile profile() {
    return profile;
  }
}
