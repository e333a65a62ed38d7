package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.Decoded;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A ring under one key moves to another while three nodes serve, one of them a writer: each is
 * restarted with both keys, the ring is rewrapped, each is restarted with the new key alone. No
 * token is refused at any moment, and rotation goes on.
 */
class MovedRingTest {
  private static final TokenContext CONTEXT = TokenContext.cookie("shop", "__Host-Http-shop");
  private static final int NODES = 3;

  private final RingFixture ring = new RingFixture();
  private final KeyEncryptionKey passphrase =
      KeyEncryptionKey.passphrase("correct horse battery".toCharArray());
  private final KeyEncryptionKey otherPassphrase =
      KeyEncryptionKey.passphrase("staple correct horse".toCharArray());
  private final KeyEncryptionKey ec =
      KeyEncryptionKey.ofPrivateJwk(RecipientKey.generateJwk(new SeededRandom(11)));
  private final RotatingKeySource[] nodes = new RotatingKeySource[NODES];
  private final List<String> tokens = new ArrayList<>();
  private String lineage = "";
  private int refused;

  @Test
  void passphraseToEcAndBack_noTokenRefused() {
    found(passphrase);
    move(passphrase, ec);
    assertThat(custodian(ec).recipients()).hasSize(1);
    move(ec, passphrase);
    assertThat(custodian(passphrase).recipients()).isEmpty();
    assertThat(refused).isZero();
    assertThat(custodian(passphrase).status().keys()).hasSizeGreaterThan(2);
  }

  @Test
  void betweenPassphrasesAndKeys_noTokenRefused() {
    found(passphrase);
    move(passphrase, otherPassphrase);
    move(otherPassphrase, ring.kek);
    assertThat(custodian(ring.kek).status().sealedUnder().kind()).isEqualTo("A256KW");
    assertThat(refused).isZero();
  }

  /** The order matters: this is what the steps are for. */
  @Test
  void rewrappedTooEarly_nodesKeepWhatTheyHaveButDoNotStart() {
    found(passphrase);
    custodian(passphrase).rewrap(ec).orElseThrow().commit();
    pass(Duration.ofHours(12));
    assertThat(refused).isZero();
    for (RotatingKeySource node : nodes) {
      assertThat(node.health().alarms()).contains(KeyRingAlarm.UNREADABLE);
    }
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> start(0, passphrase))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("no private key is configured");
    // Mended by giving the key, not by going back.
    for (int i = 0; i < NODES; i++) {
      start(i, passphrase.also(ec));
    }
    pass(Duration.ofHours(1));
    assertThat(nodes[0].health().alarms()).isEmpty();
    assertThat(refused).isZero();
  }

  private void found(KeyEncryptionKey key) {
    lineage =
        new KeyCustodian(ring.store, key, null, ring.time, new SeededRandom(4))
            .creation("shop", RotationPolicy.defaults())
            .commit()
            .lineage();
    for (int i = 0; i < NODES; i++) {
      start(i, key);
    }
    pass(Duration.ofDays(1));
  }

  private void move(KeyEncryptionKey from, KeyEncryptionKey to) {
    for (int i = 0; i < NODES; i++) {
      start(i, from.also(to));
      pass(Duration.ofHours(1));
    }
    pass(Duration.ofDays(3));
    custodian(from).rewrap(to).orElseThrow().commit();
    pass(Duration.ofDays(4));
    for (int i = 0; i < NODES; i++) {
      start(i, to);
      pass(Duration.ofHours(1));
      assertThat(nodes[i].health().alarms()).isEmpty();
    }
  }

  private void start(int i, KeyEncryptionKey key) {
    RotatingKeySource before = nodes[i];
    nodes[i] =
        RotatingKeySource.builder(ring.store, key)
            .lineage(lineage)
            .role(i == 0 ? RotatingKeySource.Role.WRITER : RotatingKeySource.Role.READER)
            .clock(ring.time)
            .monotonicClock(ring.time.monotonic())
            .random(new SeededRandom(5 + i))
            .withoutThread()
            .build();
    if (before != null) {
      before.close();
    }
  }

  /** Each hour every node signs, and within an idle session's time every node is asked. */
  private void pass(Duration duration) {
    for (long hour = 0; hour < duration.toHours(); hour++) {
      ring.pass(Duration.ofMinutes(50), nodes);
      tokens.clear();
      for (RotatingKeySource node : nodes) {
        TokenCodec codec = codec(node);
        tokens.add(codec.encode(codec.create()));
      }
      ring.pass(Duration.ofMinutes(10), nodes);
      for (RotatingKeySource node : nodes) {
        TokenCodec codec = codec(node);
        for (String token : tokens) {
          refused += codec.decode(token) instanceof Decoded.Accepted ? 0 : 1;
        }
      }
    }
  }

  private TokenCodec codec(RotatingKeySource node) {
    return TokenCodec.builder(CONTEXT, node).clock(ring.time).build();
  }

  private KeyCustodian custodian(KeyEncryptionKey key) {
    return new KeyCustodian(ring.store, key, lineage, ring.time);
  }
}
