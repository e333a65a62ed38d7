package dev.satchel.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random bytes for one key that depend on its ring and id too. Processes restored from one snapshot
 * draw the same numbers; without this, two of them could publish one key under two ids, and
 * revoking one would leave the other. Of one id there is one key, whoever makes it.
 */
final class HedgedRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;
  private static final String HMAC = "HmacSHA256";
  private static final int FRESH_LENGTH = 32;

  private final transient SecureRandom random;
  private final transient Mac mac;
  private final byte[] purpose;

  HedgedRandom(SecureRandom random, byte[] lineageKey, String keyId) {
    this.random = random;
    this.purpose = ("satchel key\0" + keyId).getBytes(StandardCharsets.US_ASCII);
    try {
      mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(lineageKey, HMAC));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  @Override
  public void nextBytes(byte[] bytes) {
    byte[] fresh = new byte[FRESH_LENGTH];
    random.nextBytes(fresh);
    ByteBuffer out = ByteBuffer.wrap(bytes);
    for (int block = 0; out.hasRemaining(); block++) {
      mac.update(fresh);
      mac.update(purpose);
      byte[] next = mac.doFinal(ByteBuffer.allocate(Integer.BYTES).putInt(block).array());
      out.put(next, 0, Math.min(next.length, out.remaining()));
      Arrays.fill(next, (byte) 0);
    }
    Arrays.fill(fresh, (byte) 0);
  }
}
