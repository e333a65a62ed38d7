package dev.satchel.benchmarks;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** One reused cipher, and for compression one reused deflater over the whole text. */
final class SealedFloor extends Floor {
  private static final int IV_LENGTH = 12;
  private static final int TAG_LENGTH = 16;

  private final boolean compressed;
  private final SecretKeySpec key = new SecretKeySpec(Keys.secret(), "AES");
  private final byte[] additionalData;
  private final Cipher cipher;
  private final SecureRandom random = new SecureRandom();
  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final Inflater inflater = new Inflater(true);
  private final byte[] buffer = new byte[64 * 1024];

  SealedFloor(Profile profile, InstantSource clock) {
    super(profile, clock);
    this.compressed = profile.compressed();
    this.additionalData = ascii(header.substring(0, header.length() - 1));
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String encode(byte[] session) {
    byte[] iv = new byte[IV_LENGTH];
    random.nextBytes(iv);
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, iv, compressed ? deflate(session) : session);
    int tagStart = sealed.length - TAG_LENGTH;
    return header
        + "."
        + ENCODER.encodeToString(iv)
        + "."
        + ENCODER.encodeToString(Arrays.copyOf(sealed, tagStart))
        + "."
        + ENCODER.encodeToString(Arrays.copyOfRange(sealed, tagStart, sealed.length));
  }

  @Override
  public byte[] decode(String token) {
    requireHeader(token);
    int ivStart = header.length() + 1; // behind the empty encrypted key
    int ivEnd = token.indexOf('.', ivStart);
    int tagStart = token.lastIndexOf('.');
    byte[] iv = decode(token, ivStart, ivEnd);
    byte[] ciphertext = decode(token, ivEnd + 1, tagStart);
    byte[] tag = decode(token, tagStart + 1, token.length());
    byte[] sealed = Arrays.copyOf(ciphertext, ciphertext.length + tag.length);
    System.arraycopy(tag, 0, sealed, ciphertext.length, tag.length);
    byte[] opened = crypt(Cipher.DECRYPT_MODE, iv, sealed);
    return compressed ? inflate(opened) : opened;
  }

  private byte[] crypt(int mode, byte[] iv, byte[] text) {
    try {
      cipher.init(mode, key, new GCMParameterSpec(8 * TAG_LENGTH, iv));
      cipher.updateAAD(additionalData);
      return cipher.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private byte[] deflate(byte[] text) {
    deflater.reset();
    deflater.setInput(text);
    deflater.finish();
    return Arrays.copyOf(buffer, deflater.deflate(buffer));
  }

  private byte[] inflate(byte[] text) {
    inflater.reset();
    inflater.setInput(text);
    try {
      return Arrays.copyOf(buffer, inflater.inflate(buffer));
    } catch (DataFormatException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
