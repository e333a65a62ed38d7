package dev.satchel;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** An authenticated content encryption of RFC 7518 §5, on the JDK's ciphers in one-shot calls. */
sealed interface ContentEncryption {

  int ivLength();

  int tagLength();

  /** Whether a ciphertext can have this length. */
  boolean isCiphertextLength(int length);

  /** Ciphertext followed by the tag. */
  byte[] encrypt(SecretKeySpec key, byte[] iv, byte[] additionalData, byte[] plaintext);

  /**
   * The plaintext.
   *
   * @param sealed ciphertext followed by the tag
   */
  byte[] decrypt(SecretKeySpec key, byte[] iv, byte[] additionalData, byte[] sealed)
      throws RejectedTokenException;

  /** RFC 7518 §5.3: IV of exactly 96 bits, tag of exactly 128. */
  final class A256Gcm implements ContentEncryption {
    private static final int IV_LENGTH = 12;
    private static final int TAG_LENGTH = 16;

    @Override
    public int ivLength() {
      return IV_LENGTH;
    }

    @Override
    public int tagLength() {
      return TAG_LENGTH;
    }

    @Override
    public boolean isCiphertextLength(int length) {
      return length > 0;
    }

    @Override
    public byte[] encrypt(SecretKeySpec key, byte[] iv, byte[] additionalData, byte[] plaintext) {
      try {
        return cipher(Cipher.ENCRYPT_MODE, key, iv, additionalData).doFinal(plaintext);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK cannot encrypt with AES-256-GCM", e);
      }
    }

    @Override
    public byte[] decrypt(SecretKeySpec key, byte[] iv, byte[] additionalData, byte[] sealed)
        throws RejectedTokenException {
      try {
        return cipher(Cipher.DECRYPT_MODE, key, iv, additionalData).doFinal(sealed);
      } catch (AEADBadTagException e) {
        throw new RejectedTokenException(Rejection.UNAUTHENTIC);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK cannot decrypt with AES-256-GCM", e);
      }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] iv, byte[] additionalData)
        throws GeneralSecurityException {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(8 * TAG_LENGTH, iv));
      cipher.updateAAD(additionalData);
      return cipher;
    }
  }

  /**
   * RFC 7518 §5.2.5: the first half of the key is for the MAC, the second for the cipher; the MAC
   * is checked first.
   */
  final class A256CbcHs512 implements ContentEncryption {
    private static final int BLOCK = 16;
    private static final int HALF_KEY = 32;
    private static final int TAG_LENGTH = 32;

    @Override
    public int ivLength() {
      return BLOCK;
    }

    @Override
    public int tagLength() {
      return TAG_LENGTH;
    }

    @Override
    public boolean isCiphertextLength(int length) {
      return length > 0 && length % BLOCK == 0;
    }

    @Override
    public byte[] encrypt(SecretKeySpec key, byte[] iv, byte[] additionalData, byte[] plaintext) {
      try {
        byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, key, iv).doFinal(plaintext);
        byte[] tag = tag(key, iv, additionalData, ciphertext, ciphertext.length);
        byte[] sealed = Arrays.copyOf(ciphertext, ciphertext.length + TAG_LENGTH);
        System.arraycopy(tag, 0, sealed, ciphertext.length, TAG_LENGTH);
        return sealed;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK cannot encrypt with AES-256-CBC", e);
      }
    }

    @Override
    public byte[] decrypt(SecretKeySpec key, byte[] iv, byte[] additionalData, byte[] sealed)
        throws RejectedTokenException {
      int length = sealed.length - TAG_LENGTH;
      byte[] expected = tag(key, iv, additionalData, sealed, length);
      if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(sealed, length, sealed.length))) {
        throw new RejectedTokenException(Rejection.UNAUTHENTIC);
      }
      try {
        return cipher(Cipher.DECRYPT_MODE, key, iv).doFinal(sealed, 0, length);
      } catch (GeneralSecurityException e) {
        // Only whoever holds the MAC key gets here, and even he learns nothing from the padding.
        throw new RejectedTokenException(Rejection.UNAUTHENTIC);
      }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] iv)
        throws GeneralSecurityException {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      byte[] halves = key.getEncoded();
      cipher.init(
          mode, new SecretKeySpec(halves, HALF_KEY, HALF_KEY, "AES"), new IvParameterSpec(iv));
      return cipher;
    }

    private static byte[] tag(
        SecretKeySpec key, byte[] iv, byte[] additionalData, byte[] ciphertext, int length) {
      Mac mac = KeyDerivation.mac(new SecretKeySpec(key.getEncoded(), 0, HALF_KEY, "HmacSHA512"));
      mac.update(additionalData);
      mac.update(iv);
      mac.update(ciphertext, 0, length);
      mac.update(ByteBuffer.allocate(Long.BYTES).putLong(8L * additionalData.length).array());
      return Arrays.copyOf(mac.doFinal(), TAG_LENGTH);
    }
  }
}
