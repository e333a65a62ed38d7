package dev.satchel.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The name of a ring's history, for whoever must not take another for it. It is made from the
 * lineage key: a document with this name was made by somebody who knows that key, which is sealed
 * with the ring. Where anybody may seal a ring, since only public keys are needed for it, this is
 * what tells a forged one.
 */
final class Lineage {
  private static final String HMAC = "HmacSHA256";
  private static final byte[] PURPOSE = "satchel lineage".getBytes(StandardCharsets.US_ASCII);

  /** 128 bits: nobody finds another key with the same name. */
  private static final int BYTES = 16;

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{21}[AQgw]");

  private Lineage() {}

  /** The first 128 bits of HMAC-SHA256 of a fixed text under the key, in base64url. */
  static String of(byte[] lineageKey) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(lineageKey, HMAC));
      byte[] name = Arrays.copyOf(mac.doFinal(PURPOSE), BYTES);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(name);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  /**
   * @throws IllegalArgumentException if it cannot be one
   */
  static String require(String lineage) {
    if (!FORM.matcher(lineage).matches()) {
      throw new IllegalArgumentException(
          "lineage has "
              + lineage.length()
              + " characters, allowed are the 22 of base64url that `satchel-keys status` shows");
    }
    return lineage;
  }
}
