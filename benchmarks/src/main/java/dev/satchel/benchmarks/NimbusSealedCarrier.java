package dev.satchel.benchmarks;

import com.nimbusds.jose.CompressionAlgorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Map;

/** Nimbus JOSE+JWT, JWE: header, encrypter and decrypter are reused. */
final class NimbusSealedCarrier extends ClaimsCarrier {
  private static final JOSEObjectType TYPE = new JOSEObjectType(Keys.TYPE);

  private final JWEHeader header;
  private final JWEEncrypter encrypter;
  private final Map<String, JWEDecrypter> decrypters;

  NimbusSealedCarrier(Profile profile, InstantSource clock) {
    super(clock);
    JWEHeader.Builder builder =
        new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM).keyID(Keys.ID).type(TYPE);
    if (profile.compressed()) {
      builder.compressionAlgorithm(CompressionAlgorithm.DEF);
    }
    this.header = builder.build();
    try {
      this.encrypter = new DirectEncrypter(Keys.secret());
      this.decrypters = Map.of(Keys.ID, new DirectDecrypter(Keys.secret()));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String encode(ClaimsSession session) {
    JWEObject jwe = new JWEObject(header, new Payload(json(session)));
    try {
      jwe.encrypt(encrypter);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return jwe.serialize();
  }

  @Override
  public ClaimsSession decode(String token) {
    try {
      JWEObject jwe = JWEObject.parse(token);
      JWEHeader got = jwe.getHeader();
      JWEDecrypter decrypter = decrypters.get(got.getKeyID());
      require(
          decrypter != null
              && JWEAlgorithm.DIR.equals(got.getAlgorithm())
              && EncryptionMethod.A256GCM.equals(got.getEncryptionMethod())
              && TYPE.equals(got.getType()));
      jwe.decrypt(decrypter);
      return session(jwe.getPayload().toBytes());
    } catch (ParseException | JOSEException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
