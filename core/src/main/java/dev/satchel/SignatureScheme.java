package dev.satchel;

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

  boolean verify(WorkingKey key, byte[] input, byte[] signature);

  static SignatureScheme of(TokenAlgorithm algorithm) {
    return switch (algorithm) {
      case HS256 -> new Hs256();
      case ES256 -> new Asymmetric("SHA256withECDSAinP1363Format"); // RFC 7518 §3.4: R ‖ S, not DER
      case ED25519 -> new Asymmetric("Ed25519");
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
      return KeyDerivation.mac(key.secret()).doFinal(input);
    }

    @Override
    public boolean verify(WorkingKey key, byte[] input, byte[] signature) {
      return MessageDigest.isEqual(KeyDerivation.mac(key.secret()).doFinal(input), signature);
    }
  }

  /** ES256 and Ed25519: both have signatures of 64 bytes. */
  final class Asymmetric implements SignatureScheme {
    private static final int LENGTH = 64;

    private final String name;

    Asymmetric(String name) {
      this.name = name;
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
    public boolean verify(WorkingKey key, byte[] input, byte[] signature) {
      if (isZero(signature, 0) || isZero(signature, LENGTH / 2)) {
        return false; // CVE-2022-21449: some JDKs took r = s = 0 for a signature of anything
      }
      try {
        Signature verifier = Signature.getInstance(name);
        verifier.initVerify(key.key().publicKey());
        verifier.update(input);
        return verifier.verify(signature);
      } catch (SignatureException e) {
        return false; // not a signature at all, such as S ≥ L
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK cannot verify " + name, e);
      }
    }

    private static boolean isZero(byte[] signature, int from) {
      int any = 0;
      for (int i = from; i < from + LENGTH / 2; i++) {
        any |= signature[i];
      }
      return any == 0;
    }
  }
}
