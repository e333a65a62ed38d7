package dev.satchel;

import java.security.AlgorithmParameters;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;

/**
 * A JCA provider in front of the JDK's that counts what is opened with AES: decryptions, and
 * unwrapped keys. Closing it takes it away again.
 */
final class CountingProvider extends Provider implements AutoCloseable {
  private static final long serialVersionUID = 1L;
  private static final String DELEGATE = "SunJCE";

  // A provider makes its services by reflection, so the counters are found through statics.
  private static final AtomicInteger DECRYPTIONS = new AtomicInteger();
  private static final AtomicInteger UNWRAPS = new AtomicInteger();

  CountingProvider() {
    super("Counting", "1", "counts decryptions");
    put("Cipher.AES/GCM/NoPadding", Gcm.class.getName());
    put("Cipher.AES/CBC/PKCS5Padding", Cbc.class.getName());
    put("Cipher.AESWrap", Wrap.class.getName());
    DECRYPTIONS.set(0);
    UNWRAPS.set(0);
    Security.insertProviderAt(this, 1);
  }

  int decryptions() {
    return DECRYPTIONS.get();
  }

  int unwraps() {
    return UNWRAPS.get();
  }

  @Override
  public void close() {
    Security.removeProvider(getName());
  }

  /** AES-GCM. */
  public static final class Gcm extends Counting {
    public Gcm() throws Exception {
      super("AES/GCM/NoPadding");
    }
  }

  /** AES-CBC. */
  public static final class Cbc extends Counting {
    public Cbc() throws Exception {
      super("AES/CBC/PKCS5Padding");
    }
  }

  /** AES key wrap. */
  public static final class Wrap extends Counting {
    public Wrap() throws Exception {
      super("AESWrap");
    }
  }

  /** The JDK's cipher, counted. */
  abstract static class Counting extends CipherSpi {
    private final Cipher cipher;
    private int mode;

    Counting(String name) throws Exception {
      cipher = Cipher.getInstance(name, DELEGATE);
    }

    @Override
    protected void engineInit(int opmode, Key key, SecureRandom random) throws InvalidKeyException {
      mode = opmode;
      cipher.init(opmode, key, random);
    }

    @Override
    protected void engineInit(
        int opmode, Key key, AlgorithmParameterSpec params, SecureRandom random)
        throws InvalidKeyException, java.security.InvalidAlgorithmParameterException {
      mode = opmode;
      cipher.init(opmode, key, params, random);
    }

    @Override
    protected void engineInit(int opmode, Key key, AlgorithmParameters params, SecureRandom random)
        throws InvalidKeyException, java.security.InvalidAlgorithmParameterException {
      mode = opmode;
      cipher.init(opmode, key, params, random);
    }

    @Override
    protected void engineUpdateAAD(byte[] input, int offset, int length) {
      cipher.updateAAD(input, offset, length);
    }

    @Override
    protected byte[] engineDoFinal(byte[] input, int offset, int length)
        throws javax.crypto.IllegalBlockSizeException, javax.crypto.BadPaddingException {
      if (mode == Cipher.DECRYPT_MODE) {
        DECRYPTIONS.incrementAndGet();
      }
      return cipher.doFinal(input, offset, length);
    }

    @Override
    protected byte[] engineWrap(Key key)
        throws javax.crypto.IllegalBlockSizeException, InvalidKeyException {
      return cipher.wrap(key);
    }

    @Override
    protected Key engineUnwrap(byte[] wrapped, String algorithm, int type)
        throws InvalidKeyException, NoSuchAlgorithmException {
      UNWRAPS.incrementAndGet();
      return cipher.unwrap(wrapped, algorithm, type);
    }

    // Streaming is never used: a cipher that hands out plaintext before its tag is checked.

    @Override
    protected byte[] engineUpdate(byte[] input, int offset, int length) {
      throw new UnsupportedOperationException("streaming");
    }

    @Override
    protected int engineUpdate(byte[] in, int offset, int length, byte[] out, int outOffset) {
      throw new UnsupportedOperationException("streaming");
    }

    @Override
    protected int engineDoFinal(byte[] in, int offset, int length, byte[] out, int outOffset) {
      throw new UnsupportedOperationException("streaming");
    }

    @Override
    protected void engineSetMode(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected void engineSetPadding(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected int engineGetBlockSize() {
      return cipher.getBlockSize();
    }

    @Override
    protected int engineGetOutputSize(int inputLength) {
      return cipher.getOutputSize(inputLength);
    }

    @Override
    protected byte[] engineGetIV() {
      return cipher.getIV();
    }

    @Override
    protected AlgorithmParameters engineGetParameters() {
      return cipher.getParameters();
    }
  }
}
