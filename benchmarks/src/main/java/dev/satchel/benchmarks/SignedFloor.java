package dev.satchel.benchmarks;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.InstantSource;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** One reused MAC, or one reused signer and verifier. */
final class SignedFloor extends Floor {
  private final @Nullable Mac mac;
  private final @Nullable Signature signer;
  private final @Nullable Signature verifier;

  SignedFloor(Profile profile, InstantSource clock) {
    super(profile, clock);
    try {
      if (profile == Profile.HS256) {
        mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Keys.secret(), "HmacSHA256"));
        signer = null;
        verifier = null;
      } else {
        String name = profile == Profile.ES256 ? "SHA256withECDSAinP1363Format" : "Ed25519";
        mac = null;
        signer = Signature.getInstance(name);
        signer.initSign(Keys.pair(profile).getPrivate());
        verifier = Signature.getInstance(name);
        verifier.initVerify(Keys.pair(profile).getPublic());
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String encode(byte[] session) {
    String input = header + ENCODER.encodeToString(session);
    return input + "." + ENCODER.encodeToString(sign(ascii(input)));
  }

  @Override
  public byte[] decode(String token) {
    requireHeader(token);
    int dot = token.lastIndexOf('.');
    byte[] payload = decode(token, header.length(), dot);
    if (!verify(ascii(token.substring(0, dot)), decode(token, dot + 1, token.length()))) {
      throw new IllegalArgumentException("signature refused");
    }
    return payload;
  }

  private byte[] sign(byte[] input) {
    try {
      if (mac != null) {
        return mac.doFinal(input);
      }
      if (signer != null) {
        signer.update(input);
        return signer.sign();
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("neither MAC nor signature");
  }

  private boolean verify(byte[] input, byte[] signature) {
    try {
      if (verifier != null) {
        verifier.update(input);
        return verifier.verify(signature);
      }
      return MessageDigest.isEqual(sign(input), signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
