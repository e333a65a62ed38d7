package dev.satchel.keys;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Key ids of one lineage: 20 bits of the epoch that published the key, 12 random bits, and a tag of
 * 16 bits over both under a key that only holders of the ring have. 48 bits are 8 base64url
 * characters, paid for twice per request.
 *
 * <p>The tag tells a forged id from an unknown one without any I/O (N6). One forgery in 65,536
 * passes and costs a share of one rate-limited read, nothing else: the id authenticates nothing,
 * the token does.
 */
final class KeyId {
  /** The last epoch that fits the 20 bits: at a rotation every 10 minutes, 19 years. */
  static final long MAX_EPOCH = (1 << 20) - 1;

  private static final int LENGTH = 8;
  private static final int RANDOM_BITS = 12;
  private static final int TAG_BITS = 16;
  private static final String HMAC = "HmacSHA256";
  private static final byte[] PURPOSE = {'s', 'a', 't', 'c', 'h', 'e', 'l', ' ', 'k', 'i', 'd', 0};

  private final Mac prototype;

  KeyId(byte[] lineageKey) {
    try {
      prototype = Mac.getInstance(HMAC);
      prototype.init(new SecretKeySpec(lineageKey, HMAC));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  String mint(long epoch, SecureRandom random) {
    if (epoch < 1 || epoch > MAX_EPOCH) {
      throw new KeyRingException(
          KeyRingException.Reason.POLICY,
          "epoch is "
              + epoch
              + ", allowed is 1 to "
              + MAX_EPOCH
              + "; start a new ring with `satchel-keys init` in another place and move over");
    }
    long untagged = epoch << RANDOM_BITS | random.nextInt(1 << RANDOM_BITS);
    byte[] id = ByteBuffer.allocate(8).putLong(untagged << TAG_BITS | tag(untagged)).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOfRange(id, 2, 8));
  }

  /**
   * The epoch of an id that this lineage minted; empty for a forged or foreign one. Never throws.
   */
  OptionalLong epoch(String id) {
    long bits = bits(id);
    // One comparison of two integers: constant time.
    return bits >= 0 && tag(bits >>> TAG_BITS) == (bits & 0xffff)
        ? claimedEpoch(id)
        : OptionalLong.empty();
  }

  /**
   * The epoch that an id says it is of, for those without the lineage key, to whom it may be
   * forged; empty for what has not the form of an id. Never throws.
   */
  static OptionalLong claimedEpoch(String id) {
    long bits = bits(id);
    return bits < 0 ? OptionalLong.empty() : OptionalLong.of(bits >>> TAG_BITS >>> RANDOM_BITS);
  }

  /** All 48; negative for what has not the form of an id. */
  private static long bits(String id) {
    if (id.length() != LENGTH) {
      return -1;
    }
    long bits = 0;
    for (int i = 0; i < LENGTH; i++) {
      int value = value(id.charAt(i));
      if (value < 0) {
        return -1;
      }
      bits = bits << 6 | value;
    }
    return bits;
  }

  private long tag(long untagged) {
    Mac mac = mac();
    mac.update(PURPOSE);
    byte[] tag = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(untagged).array());
    return (tag[0] & 0xffL) << 8 | tag[1] & 0xffL;
  }

  /** Cloned rather than shared: a Mac has state, and a lock has no place on the request path. */
  private Mac mac() {
    try {
      return (Mac) prototype.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the provider's " + HMAC + " cannot be cloned", e);
    }
  }

  private static int value(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '-' ? 62 : c == '_' ? 63 : -1;
  }
}
