package dev.satchel;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Objects;

/** A signature or MAC of RFC 7518 §3 or RFC 8037, on the JDK's providers. */
sealed interface SignatureScheme {

  /** Bytes of every signature. */
  int length();

  byte[] sign(WorkingKey key, byte[] input, SecureRandom random);

  /**
   * @param length bytes of the input, from the array's beginning
   */
  boolean verify(WorkingKey key, byte[] input, int length, byte[] signature);

  default boolean verify(WorkingKey key, byte[] input, byte[] signature) {
    return verify(key, input, input.length, signature);
  }

  static SignatureScheme of(TokenAlgorithm algorithm) {
    return switch (algorithm) {
      case HS256 -> new Hs256();
      case ES256 ->
          new Asymmetric("SHA256withECDSAinP1363Format", true); // RFC 7518 §3.4: R ‖ S, not DER
      case ED25519 -> new Asymmetric("Ed25519", false);
      default ->
          throw new IllegalArgumentException(algorithm.label() + " is no signature algorithm");
    };
  }

  /** RFC 7518 §3.2. */
  final class Hs256 implements SignatureScheme {
    @Override
    public int length() {
      return 32;
    }

    @Override
    public byte[] sign(WorkingKey key, byte[] input, SecureRandom random) {
      return key.mac(input, input.length);
    }

    @Override
    public boolean verify(WorkingKey key, byte[] input, int length, byte[] signature) {
      return MessageDigest.isEqual(key.mac(input, length), signature);
    }
  }

  /** ES256 and Ed25519: both have signatures of 64 bytes. */
  final class Asymmetric implements SignatureScheme {
    private static final int LENGTH = 64;

    /** FIPS 186-4 D.1.2.3: the order of P-256. */
    private static final BigInteger P256_ORDER =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private final String name;
    private final boolean isEcdsa;

    Asymmetric(String name, boolean isEcdsa) {
      this.name = name;
      this.isEcdsa = isEcdsa;
    }

    @Override
    public int length() {
      return LENGTH;
    }

    @Override
    public byte[] sign(WorkingKey key, byte[] input, SecureRandom random) {
      PrivateKey privateKey =
          Objects.requireNonNull(key.key().privateKey(), "a ring issues only with private keys");
      try {
        Signature signature = Signature.getInstance(name);
        signature.initSign(privateKey, new HedgedRandom(random, privateKey, input));
        signature.update(input);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK cannot sign with " + name, e);
      }
    }

    @Override
    public boolean verify(WorkingKey key, byte[] input, int length, byte[] signature) {
      if (isEcdsa && !(isInRange(signature, 0) && isInRange(signature, LENGTH / 2))) {
        return false; // CVE-2022-21449: some JDKs took r = s = 0 for a signature of anything
      }
      try {
        Signature verifier = Signature.getInstance(name);
        verifier.initVerify(key.key().publicKey());
        verifier.update(input, 0, length);
        return verifier.verify(signature);
      } catch (SignatureException e) {
        return false; // not a signature at all, such as S ≥ L
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK cannot verify " + name, e);
      }
    }

    /** Half of an ECDSA signature lies between 1 and the order of the curve (SEC 1 §4.1.4). */
    private static boolean isInRange(byte[] signature, int from) {
      BigInteger half = new BigInteger(1, signature, from, LENGTH / 2);
      return half.signum() > 0 && half.compareTo(P256_ORDER) < 0;
    }
  }
}
