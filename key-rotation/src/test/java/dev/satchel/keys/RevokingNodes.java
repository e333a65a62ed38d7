package dev.satchel.keys;

import dev.satchel.SessionRevocations;
import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

/** Nodes that share a ring and what was revoked, for tests of that. */
abstract class RevokingNodes {
  final RingFixture ring = new RingFixture();
  final FaultyLog log = new FaultyLog(ring);

  /** Draws on, where each {@link #codec} begins anew. */
  final SeededRandom ids = new SeededRandom(4);

  @BeforeEach
  void found() {
    ring.init();
  }

  RotatingKeySource node() {
    return ring.source(log).revocations().build();
  }

  TokenCodec codec(RotatingKeySource node) {
    return TokenCodec.builder(TokenContext.cookie("shop", "s"), node)
        .clock(ring.time)
        .random(new SeededRandom(3))
        .build();
  }

  TokenCodec drawing(RotatingKeySource node) {
    return TokenCodec.builder(TokenContext.cookie("shop", "s"), node)
        .clock(ring.time)
        .random(ids)
        .build();
  }

  static SessionRevocations revocations(RotatingKeySource node) {
    return node.revocations().orElseThrow();
  }

  void revoke(RotatingKeySource node, SessionState session) {
    revocations(node).revoke(session.id(), codec(node).endOf(session));
  }

  static boolean isRevoked(RotatingKeySource node, SessionState session) {
    return revocations(node).isRevoked(session);
  }

  void pass(Duration time, RotatingKeySource... nodes) {
    ring.time.advance(time);
    for (RotatingKeySource node : nodes) {
      node.tick();
    }
  }

  SessionState renew(RotatingKeySource node, SessionState session) {
    SessionState renewed = drawing(node).renewId(session);
    revocations(node).renewed(session, renewed, codec(node).endOf(session));
    return renewed;
  }
}
