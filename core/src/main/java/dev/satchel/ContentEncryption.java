package dev.satchel;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * An authenticated content encryption of RFC 7518 §5, on the JDK's ciphers in one-shot calls.
 * Stateless; ciphers come from whoever keeps them.
 */
sealed interface ContentEncryption {

  int ivLength();

  int tagLength();

  /** Whether a ciphertext can have this length. */
  boolean isCiphertextLength(int length);

  /** A cipher for either direction, of any key; for one thread at a time. */
  Cipher newCipher();

  /** Ciphertext followed by the tag. A cipher is not used again after an exception. */
  byte[] encrypt(
      Cipher cipher, SecretKeySpec key, byte[] iv, byte[] additionalData, byte[] plaintext);

  /**
   * The plaintext. A cipher is not used again after an exception.
   *
   * @param sealed ciphertext, tag, IV
   * @param length bytes of ciphertext and tag
   * @param place to be used by this thread alone
   */
  byte[] decrypt(
      Cipher cipher,
      SecretKeySpec key,
      byte[] additionalData,
      byte[] sealed,
      int length,
      IvPlace place)
      throws RejectedTokenException;

  /** The same with a place of its own. */
  default byte[] decrypt(
      Cipher cipher, SecretKeySpec key, byte[] additionalData, byte[] sealed, int length)
      throws RejectedTokenException {
    return decrypt(cipher, key, additionalData, sealed, length, new IvPlace());
  }

  /** {@link #encrypt} with a cipher of its own. */
  default byte[] encrypt(SecretKeySpec key, byte[] iv, byte[] additionalData, byte[] plaintext) {
    return encrypt(newCipher(), key, iv, additionalData, plaintext);
  }

  private static Cipher newCipher(String transformation) {
    try {
      return Cipher.getInstance(transformation);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks " + transformation, e);
    }
  }

  /**
   * GCM's parameters, with the IV taken from where it lies: one object for many tokens, where the
   * JDK's class would copy every IV once more. For one thread at a time.
   */
  final class IvPlace extends GCMParameterSpec {
    private byte[] sealed = new byte[A256Gcm.IV_LENGTH];
    private int from;

    IvPlace() {
      super(8 * A256Gcm.TAG_LENGTH, new byte[A256Gcm.IV_LENGTH]);
    }

    private IvPlace at(byte[] bytes, int index) {
      sealed = bytes;
      from = index;
      return this;
    }

    /** A new array each time, as the JDK's class says. */
    @Override
    public byte[] getIV() {
      return Arrays.copyOfRange(sealed, from, from + A256Gcm.IV_LENGTH);
    }
  }

  /** RFC 7518 §5.3: IV of exactly 96 bits, tag of exactly 128. */
  final class A256Gcm implements ContentEncryption {
    static final int IV_LENGTH = 12;
    static final int TAG_LENGTH = 16;

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
    public Cipher newCipher() {
      return ContentEncryption.newCipher("AES/GCM/NoPadding");
    }

    @Override
    public byte[] encrypt(
        Cipher cipher, SecretKeySpec key, byte[] iv, byte[] additionalData, byte[] plaintext) {
      try {
        GCMParameterSpec parameters = new GCMParameterSpec(8 * TAG_LENGTH, iv);
        Cipher ready = cipher;
        try {
          ready.init(Cipher.ENCRYPT_MODE, key, parameters);
        } catch (InvalidAlgorithmParameterException e) {
          // The JDK refuses the IV that this cipher had last. Only a generator that is stuck gives
          // it again, and only for the same plaintext (FORMAT.md §3): it is the same token again.
          ready = newCipher();
          ready.init(Cipher.ENCRYPT_MODE, key, parameters);
        }
        ready.updateAAD(additionalData);
        return ready.doFinal(plaintext);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK cannot encrypt with AES-256-GCM", e);
      }
    }

    @Override
    public byte[] decrypt(
        Cipher cipher,
        SecretKeySpec key,
        byte[] additionalData,
        byte[] sealed,
        int length,
        IvPlace place)
        throws RejectedTokenException {
      try {
        cipher.init(Cipher.DECRYPT_MODE, key, place.at(sealed, length));
        cipher.updateAAD(additionalData);
        return cipher.doFinal(sealed, 0, length);
      } catch (AEADBadTagException e) {
        throw new RejectedTokenException(Rejection.UNAUTHENTIC);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK cannot decrypt with AES-256-GCM", e);
      }
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
    public Cipher newCipher() {
      return ContentEncryption.newCipher("AES/CBC/PKCS5Padding");
    }

    @Override
    public byte[] encrypt(
        Cipher cipher, SecretKeySpec key, byte[] iv, byte[] additionalData, byte[] plaintext) {
      try {
        cipher.init(Cipher.ENCRYPT_MODE, secondHalf(key), new IvParameterSpec(iv));
        byte[] ciphertext = cipher.doFinal(plaintext);
        byte[] tag = tag(key, iv, additionalData, ciphertext, ciphertext.length);
        byte[] sealed = Arrays.copyOf(ciphertext, ciphertext.length + TAG_LENGTH);
        System.arraycopy(tag, 0, sealed, ciphertext.length, TAG_LENGTH);
        return sealed;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK cannot encrypt with AES-256-CBC", e);
      }
    }

    @Override
    public byte[] decrypt(
        Cipher cipher,
        SecretKeySpec key,
        byte[] additionalData,
        byte[] sealed,
        int length,
        IvPlace place)
        throws RejectedTokenException {
      int end = length - TAG_LENGTH;
      byte[] iv = Arrays.copyOfRange(sealed, length, length + BLOCK);
      byte[] expected = tag(key, iv, additionalData, sealed, end);
      if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(sealed, end, length))) {
        throw new RejectedTokenException(Rejection.UNAUTHENTIC);
      }
      try {
        cipher.init(Cipher.DECRYPT_MODE, secondHalf(key), new IvParameterSpec(iv));
        return cipher.doFinal(sealed, 0, end);
      } catch (GeneralSecurityException e) {
        // Only whoever holds the MAC key gets here, and even he learns nothing from the padding.
        throw new RejectedTokenException(Rejection.UNAUTHENTIC);
      }
    }

    private static SecretKeySpec secondHalf(SecretKeySpec key) {
      return new SecretKeySpec(key.getEncoded(), HALF_KEY, HALF_KEY, "AES");
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
