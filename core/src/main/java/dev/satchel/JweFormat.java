package dev.satchel;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Compact JWE (RFC 7516 §7.1): {@code header.encryptedKey.iv.ciphertext.tag}, with {@code dir} or
 * {@code A256KW}.
 */
final class JweFormat implements TokenFormat {
  private static final int CONTENT_KEY_LENGTH = 32; // A256GCM
  private static final int MIN_RANDOM_LENGTH = 16; // more than an IV of 96 bits can tell apart
  private static final int WRAPPED_KEY_LENGTH = 40; // RFC 3394: eight bytes more
  private static final byte[] NO_KEY = {};
  private static final byte[] IV = {'i', 'v'}; // FORMAT.md §3
  private static final byte[] CONTENT_KEY = {'c', 'e', 'k'};

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
    byte[] wrapped = NO_KEY;
    if (wrapsKey) {
      contentKey =
          new SecretKeySpec(
              hedged(random, header, CONTENT_KEY, plaintext, CONTENT_KEY_LENGTH), "AES");
      wrapped = wrap(header.key().secret(), contentKey);
    }
    byte[] iv = hedged(random, header, IV, plaintext, encryption.ivLength());
    byte[] sealed = encrypt(header, contentKey, iv, plaintext);
    int tagStart = sealed.length - encryption.tagLength();
    byte[] first = header.additionalData();
    byte[] token =
        new byte
            [first.length
                + 4
                + Base64Url.encodedLength(wrapped.length)
                + Base64Url.encodedLength(iv.length)
                + Base64Url.encodedLength(tagStart)
                + Base64Url.encodedLength(encryption.tagLength())];
    System.arraycopy(first, 0, token, 0, first.length);
    int at = first.length;
    token[at++] = '.';
    at = wrapsKey ? Base64Url.encode(wrapped, 0, wrapped.length, token, at) : at;
    token[at++] = '.';
    at = Base64Url.encode(iv, 0, iv.length, token, at);
    token[at++] = '.';
    at = Base64Url.encode(sealed, 0, tagStart, token, at);
    token[at++] = '.';
    Base64Url.encode(sealed, tagStart, sealed.length, token, at);
    return new String(token, StandardCharsets.ISO_8859_1);
  }

  private byte[] encrypt(
      PinnedHeader header, SecretKeySpec contentKey, byte[] iv, byte[] plaintext) {
    byte[] additionalData = header.additionalData();
    if (wrapsKey) {
      // A key of this token alone: no cipher that knows it is kept.
      return encryption.encrypt(contentKey, iv, additionalData, plaintext);
    }
    Spares<Cipher> spares = header.key().sealing();
    Cipher cipher = spares.take();
    if (cipher == null) {
      cipher = encryption.newCipher();
    }
    byte[] sealed = encryption.encrypt(cipher, contentKey, iv, additionalData, plaintext);
    spares.give(cipher);
    return sealed;
  }

  /**
   * Random bytes that depend on the plaintext too: a process restored twice from one snapshot draws
   * the same numbers, and must still not use an IV for two plaintexts.
   *
   * @param purpose keeps the public IV apart from the content key, should the generator be stuck
   */
  private static byte[] hedged(
      SecureRandom random, PinnedHeader header, byte[] purpose, byte[] plaintext, int length) {
    byte[] fresh = new byte[Math.max(MIN_RANDOM_LENGTH, length)];
    random.nextBytes(fresh);
    byte[] mac = header.key().ivMac(fresh, purpose, header.additionalData(), plaintext);
    return Arrays.copyOf(mac, length);
  }

  @Override
  public byte[] open(String token, PinnedHeader header, Segments segments)
      throws RejectedTokenException {
    int first = header.segment().length();
    byte[] wrapped = wrapsKey ? new byte[WRAPPED_KEY_LENGTH] : NO_KEY;
    // All segments but the ciphertext are of one length; what has a dot too many has it there,
    // outside its alphabet.
    int second = first + 1 + Base64Url.encodedLength(wrapped.length);
    int third = second + 1 + Base64Url.encodedLength(encryption.ivLength());
    int fourth = token.length() - 1 - Base64Url.encodedLength(encryption.tagLength());
    if (fourth <= third
        || token.charAt(second) != '.'
        || token.charAt(third) != '.'
        || token.charAt(fourth) != '.') {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    segments.load(token);
    segments.decode(first + 1, second, wrapped, 0, wrapped.length);
    // The lengths are checked here since the cipher sees ciphertext and tag as one: a boundary
    // moved by a byte would pass it.
    byte[] sealed =
        segments.room(
            Base64Url.decodedLength(fourth - third)
                + encryption.tagLength()
                + encryption.ivLength());
    int ciphertext = segments.decode(third + 1, fourth, sealed);
    if (!encryption.isCiphertextLength(ciphertext)) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    int length = ciphertext + encryption.tagLength();
    segments.decode(fourth + 1, token.length(), sealed, ciphertext, encryption.tagLength());
    segments.decode(second + 1, third, sealed, length, encryption.ivLength());
    if (wrapsKey) {
      SecretKeySpec contentKey = unwrap(header.key().secret(), wrapped);
      return encryption.decrypt(
          encryption.newCipher(), contentKey, header.additionalData(), sealed, length);
    }
    Spares<Cipher> spares = header.key().opening();
    Cipher cipher = spares.take();
    if (cipher == null) {
      cipher = encryption.newCipher();
    }
    byte[] payload =
        encryption.decrypt(
            cipher,
            header.key().secret(),
            header.additionalData(),
            sealed,
            length,
            segments.ivPlace());
    spares.give(cipher); // not one that threw
    return payload;
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
      return new SecretKeySpec(
          cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY).getEncoded(), "AES");
    } catch (GeneralSecurityException e) {
      throw new RejectedTokenException(Rejection.UNAUTHENTIC);
    }
  }
}
