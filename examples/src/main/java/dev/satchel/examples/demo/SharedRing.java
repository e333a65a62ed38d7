package dev.satchel.examples.demo;

import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.RotatingKeySource;
import dev.satchel.keys.RotationPolicy;
import dev.satchel.keys.file.FileKeyRingStore;
import java.time.Duration;
import java.time.InstantSource;

/** The ring in the directory: how it is made, opened by a node, and rotated. */
final class SharedRing {
  /** Also the application's id: part of the cookie's name. */
  static final String NAME = "shop";

  /** A token outlives no session. */
  static final Duration MAX_TOKEN_LIFETIME = Duration.ofHours(8);

  /**
   * The timing of the ring. Production takes {@link RotationPolicy#defaults()}: a lead of 24 hours,
   * so that a node may be cut off for nearly as long and still know every key that anybody signs
   * with. Here nobody wants to wait, and both nodes have one disk and one clock; so a node may be
   * cut off for two seconds, and a key signs three seconds after it was published. The rule is the
   * same.
   */
  private static final RotationPolicy POLICY =
      new RotationPolicy(
          TokenAlgorithm.A256GCM,
          Duration.ofHours(1), // period
          Duration.ofSeconds(3), // lead, at least the next four with skew counted twice
          MAX_TOKEN_LIFETIME,
          Duration.ofSeconds(2), // staleAfter
          Duration.ofMillis(50), // propagation
          Duration.ofMillis(200), // clockSkew
          Duration.ofMillis(500), // commitTimeout
          Duration.ofMillis(200), // refreshInterval
          Duration.ofMillis(100), // probeInterval
          Duration.ofHours(24)); // signingLimit

  private final RingDirectory directory;
  private final InstantSource clock;
  private final KeyEncryptionKey kek;
  private final KeyCustodian custodian;

  private SharedRing(RingDirectory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
    this.kek = KeyEncryptionKey.of("file:" + directory.kek(), name -> null);
    this.custodian = new KeyCustodian(new FileKeyRingStore(directory.ring()), kek, clock);
  }

  /** Makes the ring, with its first key. */
  static SharedRing create(RingDirectory directory, InstantSource clock) {
    SharedRing ring = new SharedRing(directory, clock);
    ring.custodian.creation(NAME, POLICY).commit();
    return ring;
  }

  /** A node's own view of the ring. Both nodes may publish the next key when it is due. */
  RotatingKeySource open() {
    return RotatingKeySource.builder(new FileKeyRingStore(directory.ring()), kek)
        .ring(NAME)
        .role(RotatingKeySource.Role.WRITER)
        .clock(clock)
        .build();
  }

  /**
   * The ordinary rotation, lead time and all. The emergency rotation would skip the lead, at the
   * price of a few 503s where a token under the new key meets a node that has not read the ring
   * yet; it is for keys that have leaked.
   */
  void rotate() {
    try {
      custodian.rotation().commit();
    } catch (KeyRingException e) {
      // Pressed twice, or on both nodes at once: the new key is on its way already.
      if (e.reason() != KeyRingException.Reason.POLICY
          && e.reason() != KeyRingException.Reason.CONFLICT) {
        throw e;
      }
    }
  }
}
