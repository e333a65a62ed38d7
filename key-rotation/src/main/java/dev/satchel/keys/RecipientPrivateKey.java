package dev.satchel.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import javax.crypto.KeyAgreement;

/** The private half of a {@link RecipientKey}. */
final class RecipientPrivateKey {
  private final RecipientKey publicPart;
  private final ECPrivateKey key;

  private RecipientPrivateKey(RecipientKey publicPart, ECPrivateKey key) {
    this.publicPart = publicPart;
    this.key = key;
  }

  /**
   * @throws IllegalArgumentException if it is no private key of our kind, or its halves do not fit
   */
  static RecipientPrivateKey fromJwk(String jwk) {
    ECKey parsed = RecipientKey.parse(jwk);
    if (!parsed.isPrivate()) {
      throw new IllegalArgumentException(
          "a public key, which seals for its owner and opens nothing; the private one is needed");
    }
    try {
      ECPublicKey open = parsed.toECPublicKey();
      ECPrivateKey hidden = parsed.toECPrivateKey();
      requirePair(open, hidden);
      return new RecipientPrivateKey(RecipientKey.of(parsed), hidden);
    } catch (JOSEException | GeneralSecurityException | IllegalStateException e) {
      throw new IllegalArgumentException("not a private key on P-256"); // Causes quote values.
    }
  }

  RecipientKey publicPart() {
    return publicPart;
  }

  ECPrivateKey key() {
    return key;
  }

  /** Sealed for the public half of another key, a ring would be lost: found out before that. */
  private static void requirePair(ECPublicKey open, ECPrivateKey hidden)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(open.getParams());
    KeyPair ephemeral = generator.generateKeyPair();
    byte[] one = agreed(hidden, ephemeral.getPublic());
    byte[] other = agreed(ephemeral.getPrivate(), open);
    if (!MessageDigest.isEqual(one, other)) {
      throw new IllegalArgumentException("a private key whose public part is another key's");
    }
  }

  private static byte[] agreed(PrivateKey hidden, PublicKey open) throws GeneralSecurityException {
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(hidden);
    agreement.doPhase(open, true);
    return agreement.generateSecret();
  }
}
