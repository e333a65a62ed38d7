package dev.satchel;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Compact JWE (RFC 7516 §7.1): {@code header.encryptedKey.iv.ciphertext.tag}, with {@code dir} or
 * {@code A256KW}.
 */
final class JweFormat implements TokenFormat {
  private static final int CONTENT_KEY_LENGTH = 32; // A256GCM
  private static final int WRAPPED_KEY_LENGTH = 40; // RFC 3394: eight bytes more
  private static final int RANDOM_LENGTH = 32;

  private final ContentEncryption encryption;
  private final boolean wrapsKey;

  JweFormat(ContentEncryption encryption, boolean wrapsKey) {
    this.encryption = encryption;
    this.wrapsKey = wrapsKey;
  }

  @Override
  public String seal(Payload payload, WorkingKey key, SecureRandom random) {
    return seal(payload.bytes(), key.header(payload.compressed()), random);
  }

  String seal(byte[] plaintext, PinnedHeader header, SecureRandom random) {
    SecretKeySpec contentKey = header.key().secret();
    String wrapped = "";
    if (wrapsKey) {
      contentKey =
          new SecretKeySpec(hedged(random, header, "cek", plaintext, CONTENT_KEY_LENGTH), "AES");
      wrapped = Base64Url.encode(wrap(header.key().secret(), contentKey));
    }
    byte[] iv = hedged(random, header, "iv", plaintext, encryption.ivLength());
    byte[] sealed = encryption.encrypt(contentKey, iv, header.additionalData(), plaintext);
    int tagStart = sealed.length - encryption.tagLength();
    return header.segment()
        + "."
        + wrapped
        + "."
        + Base64Url.encode(iv)
        + "."
        + Base64Url.encode(Arrays.copyOf(sealed, tagStart))
        + "."
        + Base64Url.encode(Arrays.copyOfRange(sealed, tagStart, sealed.length));
  }

  /**
   * Random bytes that depend on the plaintext too: a process restored twice from one snapshot draws
   * the same numbers, and must still not use an IV for two plaintexts.
   *
   * @param purpose keeps the public IV apart from the content key, should the generator be stuck
   */
  private static byte[] hedged(
      SecureRandom random, PinnedHeader header, String purpose, byte[] plaintext, int length) {
    byte[] fresh = new byte[RANDOM_LENGTH];
    random.nextBytes(fresh);
    Mac mac = KeyDerivation.mac(header.key().ivSecret());
    mac.update(fresh);
    mac.update(purpose.getBytes(StandardCharsets.US_ASCII));
    mac.update(header.additionalData());
    return Arrays.copyOf(mac.doFinal(plaintext), length);
  }

  @Override
  public byte[] open(String token, PinnedHeader header) throws RejectedTokenException {
    // The lengths are checked here since the cipher sees ciphertext and tag as one: a boundary
    // moved by a byte would pass it.
    int[] dots = dots(token, header.segment().length());
    byte[] wrapped = segment(token, dots[0], dots[1], wrapsKey ? WRAPPED_KEY_LENGTH : 0);
    byte[] iv = segment(token, dots[1], dots[2], encryption.ivLength());
    byte[] tag = segment(token, dots[3], token.length(), encryption.tagLength());
    byte[] ciphertext = Base64Url.decode(token, dots[2] + 1, dots[3]);
    if (ciphertext == null || !encryption.isCiphertextLength(ciphertext.length)) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    byte[] sealed = Arrays.copyOf(ciphertext, ciphertext.length + tag.length);
    System.arraycopy(tag, 0, sealed, ciphertext.length, tag.length);
    SecretKeySpec contentKey =
        wrapsKey ? unwrap(header.key().secret(), wrapped) : header.key().secret();
    return encryption.decrypt(contentKey, iv, header.additionalData(), sealed);
  }

  /** The positions of exactly four dots. */
  private static int[] dots(String token, int first) throws RejectedTokenException {
    int[] dots = new int[4];
    dots[0] = first;
    for (int i = 1; i < dots.length; i++) {
      dots[i] = token.indexOf('.', dots[i - 1] + 1);
      if (dots[i] < 0) {
        throw new RejectedTokenException(Rejection.MALFORMED);
      }
    }
    // A fifth dot lies in the last segment and is not in its alphabet.
    return dots;
  }

  private static byte[] segment(String token, int dot, int end, int length)
      throws RejectedTokenException {
    byte[] bytes = Base64Url.decode(token, dot + 1, end);
    if (bytes == null || bytes.length != length) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    return bytes;
  }

  static byte[] wrap(SecretKeySpec key, SecretKeySpec contentKey) {
    try {
      Cipher cipher = Cipher.getInstance("AESWrap"); // RFC 3394
      cipher.init(Cipher.WRAP_MODE, key);
      return cipher.wrap(contentKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot wrap keys with AES", e);
    }
  }

  static SecretKeySpec unwrap(SecretKeySpec key, byte[] wrapped) throws RejectedTokenException {
    try {
      Cipher cipher = Cipher.getInstance("AESWrap");
      cipher.init(Cipher.UNWRAP_MODE, key);
      return (SecretKeySpec) cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY);
    } catch (GeneralSecurityException e) {
      throw new RejectedTokenException(Rejection.UNAUTHENTIC);
    }
  }
}
