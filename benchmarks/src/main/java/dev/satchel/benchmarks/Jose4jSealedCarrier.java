package dev.satchel.benchmarks;

import java.security.Key;
import java.time.InstantSource;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.lang.JoseException;

/** jose4j, JWE: keys and constraints are reused, there is nothing else to reuse. */
final class Jose4jSealedCarrier extends ClaimsCarrier {
  private static final AlgorithmConstraints DIRECT =
      new AlgorithmConstraints(
          AlgorithmConstraints.ConstraintType.PERMIT, KeyManagementAlgorithmIdentifiers.DIRECT);
  private static final AlgorithmConstraints A256GCM =
      new AlgorithmConstraints(
          AlgorithmConstraints.ConstraintType.PERMIT,
          ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);

  private final boolean compressed;
  private final Key key = new SecretKeySpec(Keys.secret(), "AES");
  private final Map<String, Key> keys = Map.of(Keys.ID, key);

  Jose4jSealedCarrier(Profile profile, InstantSource clock) {
    super(clock);
    this.compressed = profile.compressed();
  }

  @Override
  public String encode(ClaimsSession session) {
    JsonWebEncryption jwe = new JsonWebEncryption();
    jwe.setAlgorithmHeaderValue(KeyManagementAlgorithmIdentifiers.DIRECT);
    jwe.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);
    jwe.setKeyIdHeaderValue(Keys.ID);
    jwe.setHeader("typ", Keys.TYPE);
    if (compressed) {
      jwe.enableDefaultCompression();
    }
    jwe.setKey(key);
    jwe.setPlaintext(json(session));
    try {
      return jwe.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public ClaimsSession decode(String token) {
    try {
      JsonWebEncryption jwe = new JsonWebEncryption();
      jwe.setAlgorithmConstraints(DIRECT);
      jwe.setContentEncryptionAlgorithmConstraints(A256GCM);
      jwe.setCompactSerialization(token);
      Key found = keys.get(jwe.getKeyIdHeaderValue());
      require(found != null && Keys.TYPE.equals(jwe.getHeader("typ")));
      jwe.setKey(found);
      return session(jwe.getPlaintextBytes());
    } catch (JoseException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
