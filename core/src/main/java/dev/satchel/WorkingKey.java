package dev.satchel;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What one ring key becomes in one context and hour (FORMAT.md §3): derived secrets, its format and
 * its two headers. Immutable, thread-safe. An hour of its own gives each derived key its own budget
 * of 2^32 random IVs (RFC 7518 §8.4).
 */
final class WorkingKey {
  private static final String VERSION = "satchel/1";
  private static final String PURPOSE = "session";
  private static final int SECONDS_PER_HOUR = 3600;
  private static final int HOUR_RADIX = 36; // four characters until the year 2161

  private final SessionKey key;
  private final String kid;
  private final TokenFormat format;
  private final @Nullable SecretKeySpec secret;
  private final @Nullable SecretKeySpec ivSecret;
  private final PinnedHeader plainHeader;
  private final PinnedHeader compressedHeader;

  private WorkingKey(SessionKey key, String hour, TokenContext context) {
    this.key = key;
    TokenAlgorithm algorithm = key.algorithm();
    this.kid = hour.isEmpty() ? key.id() : key.id() + "." + hour;
    this.format = TokenFormat.of(algorithm);
    if (key.hasSecret()) {
      String info =
          String.join("\n", VERSION, PURPOSE, algorithm.label(), context.toString(), hour);
      byte[] derived = derive(key, info, algorithm.secretLength());
      this.secret =
          new SecretKeySpec(derived, algorithm == TokenAlgorithm.HS256 ? "HmacSHA256" : "AES");
      this.ivSecret = new SecretKeySpec(derive(key, info + "\niv", 32), "HmacSHA256");
    } else {
      this.secret = null;
      this.ivSecret = null;
    }
    this.plainHeader = PinnedHeader.of(this, false);
    this.compressedHeader = PinnedHeader.of(this, true);
  }

  static WorkingKey at(SessionKey key, long hour, TokenContext context) {
    return new WorkingKey(key, hasHour(key) ? Long.toString(hour, HOUR_RADIX) : "", context);
  }

  /** Symmetric keys only: whoever verifies a signature finds the key in a JWKS by its plain id. */
  static boolean hasHour(SessionKey key) {
    return key.hasSecret();
  }

  boolean isAt(SessionKey otherKey, long hour) {
    return key == otherKey
        && (!hasHour(key) || kid.endsWith("." + Long.toString(hour, HOUR_RADIX)));
  }

  static long hourOf(Instant instant) {
    return Math.floorDiv(instant.getEpochSecond(), SECONDS_PER_HOUR);
  }

  /**
   * The hour that a kid's suffix says, or -1; whether it is spelled canonically shows when the
   * header is compared.
   */
  static long parseHour(String text) {
    return text.isEmpty() || text.length() > 6 ? -1 : Long.parseLong(text, HOUR_RADIX);
  }

  private static byte[] derive(SessionKey key, String info, int length) {
    return KeyDerivation.hkdfSha256(
        key.secret(), new byte[0], info.getBytes(StandardCharsets.UTF_8), length);
  }

  SessionKey key() {
    return key;
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
    return java.util.Objects.requireNonNull(secret, "asymmetric key has no derived secret");
  }

  SecretKeySpec ivSecret() {
    return java.util.Objects.requireNonNull(ivSecret, "asymmetric key has no derived secret");
  }
}
