package dev.satchel.keys;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id (RFC 9106) from a passphrase to a key encryption key. Its parameters travel in the
 * header of the sealed ring; they are bounded here, since a header is read before it is
 * authenticated. The only class that uses Bouncy Castle, loaded for passphrases only.
 */
record PassphraseStretching(int memoryKib, int iterations, int lanes, byte[] salt) {
  private static final String NAME = "argon2id";

  /** RFC 9106 §4, second recommended option. */
  private static final int MEMORY_KIB = 64 * 1024;

  private static final int ITERATIONS = 3;
  private static final int LANES = 4;
  private static final int SALT_LENGTH = 16;

  /** Four times our own cost: what a hostile header may make a node spend. */
  private static final int MAX_MEMORY_KIB = 256 * 1024;

  private static final int MAX_ITERATIONS = 12;
  private static final int MAX_LANES = 16;
  private static final int KEY_LENGTH = 32;

  static PassphraseStretching fresh(SecureRandom random) {
    byte[] salt = new byte[SALT_LENGTH];
    random.nextBytes(salt);
    return new PassphraseStretching(MEMORY_KIB, ITERATIONS, LANES, salt);
  }

  /**
   * @throws IllegalArgumentException if it is not our kind or out of bounds
   */
  static PassphraseStretching fromHeader(Object header) {
    if (!(header instanceof Map<?, ?> members) || !NAME.equals(members.get("name"))) {
      throw new IllegalArgumentException("kdf is not " + NAME);
    }
    byte[] salt;
    try {
      salt = Base64.getUrlDecoder().decode(String.valueOf(members.get("salt")));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("kdf salt is not base64url");
    }
    if (salt.length != SALT_LENGTH) {
      throw new IllegalArgumentException("kdf salt has not " + SALT_LENGTH + " bytes");
    }
    int lanes = bounded(members, "p", 1, MAX_LANES);
    return new PassphraseStretching(
        bounded(members, "m", 8 * lanes, MAX_MEMORY_KIB), // RFC 9106 §3.1: at least 8p
        bounded(members, "t", 1, MAX_ITERATIONS),
        lanes,
        salt);
  }

  /** Whether a search for the passphrase would be cheaper than under what we choose ourselves. */
  boolean isCheaperThanOurs() {
    return memoryKib < MEMORY_KIB || iterations < ITERATIONS;
  }

  Map<String, Object> toHeader() {
    var header = new LinkedHashMap<String, Object>();
    header.put("name", NAME);
    header.put("m", memoryKib);
    header.put("t", iterations);
    header.put("p", lanes);
    header.put("salt", Base64.getUrlEncoder().withoutPadding().encodeToString(salt));
    return header;
  }

  byte[] stretch(byte[] passphrase) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(iterations)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] key = new byte[KEY_LENGTH];
    generator.generateBytes(passphrase, key);
    return key;
  }

  private static int bounded(Map<?, ?> members, String name, int min, int max) {
    if (members.get(name) instanceof Number number
        && number.longValue() >= min
        && number.longValue() <= max) {
      return number.intValue();
    }
    throw new IllegalArgumentException("kdf " + name + " is not " + min + " to " + max);
  }
}
