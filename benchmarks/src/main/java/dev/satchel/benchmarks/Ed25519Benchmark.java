package dev.satchel.benchmarks;

import org.openjdk.jmh.annotations.Param;

/** Signed tokens: JWS, {@code Ed25519}, which java-jwt does not have. */
public class Ed25519Benchmark extends CodecBenchmark {
  /** Who does it. */
  @Param({"SATCHEL", "NIMBUS", "JOSE4J", "JJWT", "FLOOR"})
  Library library;

  @Override
  Library library() {
    return library;
  }

  @Override
  Profile profile() {
    return Profile.ED25519;
  }
}
