package dev.satchel.benchmarks;

import dev.satchel.Decoded;
import dev.satchel.RevocationCheck;
import dev.satchel.SessionRevocations;
import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.MemoryKeyRingStore;
import dev.satchel.keys.RotatingKeySource;
import dev.satchel.keys.RotationPolicy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a request pays for revocations: asking whether its session is revoked, beside opening its
 * token without and with that question. Another session each time, so that nothing is in a cache
 * because it was asked before.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class RevocationBenchmark {
  private static final int ASKED = 1 << 12;

  /** Sessions that are revoked, by id; and as many subjects. */
  @Param({"0", "1000000"})
  int revoked;

  private SessionRevocations revocations;
  private TokenCodec without;
  private TokenCodec with;
  private final SessionState[] anonymous = new SessionState[ASKED];
  private final SessionState[] signedIn = new SessionState[ASKED];
  private final String[] tokens = new String[ASKED];
  private int next;

  @Setup
  public void prepare() {
    var source =
        RotatingKeySource.builder(
                new MemoryKeyRingStore(InstantSource.system()),
                KeyEncryptionKey.insecurePlaintext())
            .bootstrap("shop", RotationPolicy.defaults())
            .revocations()
            .build();
    source.close(); // no thread that writes a million entries meanwhile
    revocations = source.revocations().orElseThrow();
    with = TokenCodec.builder(TokenContext.cookie("shop", "s"), source).build();
    without =
        TokenCodec.builder(TokenContext.cookie("shop", "s"), source)
            .revocationCheck(RevocationCheck.none())
            .build();
    for (int i = 0; i < ASKED; i++) {
      anonymous[i] = with.create();
      signedIn[i] = with.create().withSubject("customer-" + i);
      tokens[i] = with.encode(signedIn[i]);
    }
    var random = new SplittableRandom(1);
    byte[] id = new byte[16];
    Instant until = Instant.now().plusSeconds(8 * 3600);
    for (int i = 0; i < revoked; i++) {
      random.nextBytes(id);
      revocations.revoke(Base64.getUrlEncoder().withoutPadding().encodeToString(id), until);
      // Later than the sessions asked for: the worst case, in which the subject is hashed.
      revocations.revokeSubject("somebody-" + i, Instant.now().plusSeconds(60));
    }
  }

  private int next() {
    next = next + 1 & ASKED - 1;
    return next;
  }

  @Benchmark
  public boolean askAnonymous() {
    return revocations.isRevoked(anonymous[next()]);
  }

  @Benchmark
  public boolean askSignedIn() {
    return revocations.isRevoked(signedIn[next()]);
  }

  @Benchmark
  public Decoded decodeWithout() {
    return without.decode(tokens[next()]);
  }

  @Benchmark
  public Decoded decodeWith() {
    return with.decode(tokens[next()]);
  }
}
