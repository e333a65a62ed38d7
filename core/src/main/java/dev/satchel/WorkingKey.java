package dev.satchel;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What one ring key becomes in one context and hour (FORMAT.md §3): derived secrets, its format and
 * its two headers, and the spare ciphers and MACs that hold its secrets. Thread-safe: secrets are
 * derived when first needed, always to the same bytes, so a header that no token of ours bears
 * costs no cryptography. An hour of its own gives each derived key its own budget of 2^32 random
 * IVs (RFC 7518 §8.4).
 */
final class WorkingKey {
  private static final String VERSION = "satchel/1";
  private static final String PURPOSE = "session";
  private static final int SECONDS_PER_HOUR = 3600;
  private static final int IV_SECRET_LENGTH = 32; // the hash's length (RFC 2104 §3)
  private static final int HOUR_RADIX = 36; // four characters until the year 2161

  private final SessionKey key;
  private final long hour;
  private final String kid;
  private final TokenFormat format;
  private final String info;
  private volatile @Nullable SecretKeySpec secret;
  private volatile @Nullable SecretKeySpec ivSecret;
  private final Spares<Cipher> opening = new Spares<>();
  private final Spares<Cipher> sealing = new Spares<>();
  private final Spares<Mac> signing = new Spares<>();
  private final Spares<Mac> hedging = new Spares<>();
  private final PinnedHeader plainHeader;
  private final PinnedHeader compressedHeader;

  private WorkingKey(SessionKey key, long hourNumber, TokenContext context) {
    this.key = key;
    this.hour = hourNumber;
    String hour = hasHour(key) ? Long.toString(hourNumber, HOUR_RADIX) : "";
    TokenAlgorithm algorithm = key.algorithm();
    this.kid = hour.isEmpty() ? key.id() : key.id() + "." + hour;
    this.format = TokenFormat.of(algorithm);
    this.info = String.join("\n", VERSION, PURPOSE, algorithm.label(), context.toString(), hour);
    this.plainHeader = PinnedHeader.of(this, false);
    this.compressedHeader = PinnedHeader.of(this, true);
  }

  static WorkingKey at(SessionKey key, long hour, TokenContext context) {
    return new WorkingKey(key, hour, context);
  }

  /** Symmetric keys only: whoever verifies a signature finds the key in a JWKS by its plain id. */
  static boolean hasHour(SessionKey key) {
    return key.hasSecret();
  }

  boolean isAt(SessionKey otherKey, long otherHour) {
    return key == otherKey && (hour == otherHour || !hasHour(key));
  }

  static long hourOf(Instant instant) {
    return Math.floorDiv(instant.getEpochSecond(), SECONDS_PER_HOUR);
  }

  static long hourOf(long millis) {
    return Math.floorDiv(millis, 1000L * SECONDS_PER_HOUR);
  }

  /**
   * The hour that a kid's suffix says, or -1; whether it is spelled canonically shows when the
   * header is compared.
   */
  static long parseHour(String text) {
    return text.isEmpty() || text.length() > 6 ? -1 : Long.parseLong(text, HOUR_RADIX);
  }

  SessionKey key() {
    return key;
  }

  /** Hours since 1970; of no meaning where the kid has none. */
  long hour() {
    return hour;
  }

  String kid() {
    return kid;
  }

  TokenFormat format() {
    return format;
  }

  PinnedHeader header(boolean compressed) {
    return compressed ? compressedHeader : plainHeader;
  }

  SecretKeySpec secret() {
    SecretKeySpec known = secret;
    if (known == null) {
      TokenAlgorithm algorithm = key.algorithm();
      String use = algorithm == TokenAlgorithm.HS256 ? "HmacSHA256" : "AES";
      known = derive(info, algorithm.secretLength(), use);
      secret = known;
    }
    return known;
  }

  /** For writers alone: what hedges the IV. */
  SecretKeySpec ivSecret() {
    SecretKeySpec known = ivSecret;
    if (known == null) {
      known = derive(info + "\niv", IV_SECRET_LENGTH, "HmacSHA256");
      ivSecret = known;
    }
    return known;
  }

  /** Ciphers that have opened tokens with {@link #secret()}, and are spare. */
  Spares<Cipher> opening() {
    return opening;
  }

  /** Ciphers that have sealed tokens with {@link #secret()}, and are spare. */
  Spares<Cipher> sealing() {
    return sealing;
  }

  /** HMAC under {@link #secret()}. */
  byte[] mac(byte[] text, int length) {
    Mac mac = signing.take();
    if (mac == null) {
      mac = KeyDerivation.mac(secret());
    }
    mac.update(text, 0, length);
    byte[] result = mac.doFinal(); // which sets it back to what it was before the text
    signing.give(mac);
    return result;
  }

  /** HMAC under {@link #ivSecret()} of these texts, one behind the other. */
  byte[] ivMac(byte[] fresh, byte[] purpose, byte[] additionalData, byte[] plaintext) {
    Mac mac = hedging.take();
    if (mac == null) {
      mac = KeyDerivation.mac(ivSecret());
    }
    mac.update(fresh);
    mac.update(purpose);
    mac.update(additionalData);
    byte[] result = mac.doFinal(plaintext);
    hedging.give(mac);
    return result;
  }

  private SecretKeySpec derive(String derivationInfo, int length, String use) {
    byte[] bytes =
        KeyDerivation.hkdfSha256(
            key.secret(), new byte[0], derivationInfo.getBytes(StandardCharsets.UTF_8), length);
    return new SecretKeySpec(bytes, use);
  }
}
