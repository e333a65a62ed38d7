package dev.satchel.benchmarks;

import org.openjdk.jmh.annotations.Param;

/** Signed tokens: JWS, {@code HS256} and {@code ES256}. */
public class SignedBenchmark extends CodecBenchmark {
  /** How tokens are protected. */
  @Param({"HS256", "ES256"})
  Profile profile;

  /** Who does it. */
  @Param({"SATCHEL", "NIMBUS", "JOSE4J", "JJWT", "JAVA_JWT", "FLOOR"})
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
