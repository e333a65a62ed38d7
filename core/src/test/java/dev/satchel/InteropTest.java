package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Other JOSE libraries open our tokens once they have the working key, and mint tokens we take. */
class InteropTest {
  private static final AlgorithmConstraints ANY = AlgorithmConstraints.NO_CONSTRAINTS;

  private static TokenCodec codec(TokenAlgorithm algorithm) {
    return TestKeys.codec(TestKeys.key(algorithm))
        .policy(SessionPolicy.defaults().withCompressionThreshold(0))
        .build();
  }

  private static String mint(TokenAlgorithm algorithm, String text) {
    TokenCodec codec = codec(algorithm);
    return codec.encode(codec.create().withSubject("zoë").withAttribute("text", text));
  }

  private static SecretKeySpec secret(TokenAlgorithm algorithm) {
    return new Minter(TestKeys.key(algorithm)).workingKey().secret();
  }

  /** What a library without our reader sees: claims by their registered names. */
  private static void assertClaims(String payload) {
    assertClaims(payload, "\"iat\":1768473000,\"sub\":\"zoë\"");
  }

  /** What is signed for everybody says all of it. */
  private static void assertAllClaims(String payload) {
    assertClaims(
        payload, "\"iat\":1768473000,\"exp\":1768501800,\"la\":0,\"mi\":1800,\"sub\":\"zoë\"");
  }

  private static void assertClaims(String payload, String times) {
    assertThat(payload).startsWith("{\"jti\":\"").contains(times).contains("\"a\":{\"text\":\"");
  }

  @ParameterizedTest
  @CsvSource({
    "A256GCM, 1",
    "A256GCM, 1000",
    "A256CBC_HS512, 1",
    "A256CBC_HS512, 1000",
    "A256KW, 1",
    "A256KW, 1000"
  })
  void sealedToken_openedByNimbusAndJose4j_hasOurClaims(TokenAlgorithm algorithm, int size)
      throws Exception {
    String token = mint(algorithm, "x".repeat(size));
    SecretKeySpec key = secret(algorithm);

    JWEObject nimbus = JWEObject.parse(token);
    nimbus.decrypt(
        algorithm == TokenAlgorithm.A256KW ? new AESDecrypter(key) : new DirectDecrypter(key));

    assertClaims(nimbus.getPayload().toString());
    assertThat(nimbus.getHeader().getType()).isNull();
    assertThat(nimbus.getHeader().getCompressionAlgorithm() != null).isEqualTo(size == 1000);
    assertClaims(openedByJose4j(token, key));
  }

  private static String openedByJose4j(String token, Key key) throws Exception {
    JsonWebEncryption jwe = new JsonWebEncryption();
    jwe.setAlgorithmConstraints(ANY);
    jwe.setContentEncryptionAlgorithmConstraints(ANY);
    jwe.setCompactSerialization(token);
    jwe.setKey(key);
    return jwe.getPlaintextString();
  }

  @Test
  void hs256Token_verifiedByNimbusAndJose4j_hasOurClaims() throws Exception {
    String token = mint(TokenAlgorithm.HS256, "x");
    SecretKeySpec key = secret(TokenAlgorithm.HS256);
    JWSObject nimbus = JWSObject.parse(token);
    assertThat(nimbus.verify(new MACVerifier(key))).isTrue();
    assertClaims(nimbus.getPayload().toString());
    assertClaims(verifiedByJose4j(token, key));
  }

  @Test
  void es256Token_verifiedByNimbusAndJose4j_hasOurClaims() throws Exception {
    String token = mint(TokenAlgorithm.ES256, "x");
    ECPublicKey key = (ECPublicKey) TestKeys.key(TokenAlgorithm.ES256).publicKey();
    JWSObject nimbus = JWSObject.parse(token);
    assertThat(nimbus.verify(new ECDSAVerifier(key))).isTrue();
    assertAllClaims(nimbus.getPayload().toString());
    assertAllClaims(verifiedByJose4j(token, key));
  }

  @Test
  void ed25519Token_verifiedByTheJdkAlone_hasOurClaims() throws Exception {
    // Nimbus verifies Ed25519 with Tink only, and jose4j 0.9.7 knows it as EdDSA, not by the
    // fully specified name of RFC 9864. The signature itself is what both would check.
    String token = mint(TokenAlgorithm.ED25519, "x");
    Signature jdk = Signature.getInstance("Ed25519");
    jdk.initVerify(TestKeys.key(TokenAlgorithm.ED25519).publicKey());
    int dot = token.lastIndexOf('.');
    jdk.update(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
    assertThat(jdk.verify(Base64Url.decode(token.substring(dot + 1)))).isTrue();
    assertAllClaims(text(Base64Url.decode(token.split("\\.", -1)[1])));
  }

  @Test
  void nestedToken_openedByNimbusAndJose4j_holdsOurSignedToken() throws Exception {
    String token = mint(TokenAlgorithm.ED25519_A256GCM, "x");
    SecretKeySpec key = secret(TokenAlgorithm.ED25519_A256GCM);
    JWEObject nimbus = JWEObject.parse(token);
    nimbus.decrypt(new DirectDecrypter(key));
    assertThat(nimbus.getHeader().getContentType()).isEqualTo("JWT");
    String inner = nimbus.getPayload().toString();
    assertThat(openedByJose4j(token, key)).isEqualTo(inner);
    assertAllClaims(text(Base64Url.decode(inner.split("\\.", -1)[1])));
  }

  private static String verifiedByJose4j(String token, Key key) throws Exception {
    JsonWebSignature jws = new JsonWebSignature();
    jws.setAlgorithmConstraints(ANY);
    jws.setCompactSerialization(token);
    jws.setKey(key);
    assertThat(jws.verifySignature()).isTrue();
    return jws.getPayload();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A token made by jose4j with these header members in this order. */
  private static String byJose4j(TokenAlgorithm algorithm, String... header) throws Exception {
    SessionKey key = TestKeys.key(algorithm);
    Minter minter = new Minter(key);
    JsonWebStructure structure =
        algorithm.isConfidential() ? new JsonWebEncryption() : new JsonWebSignature();
    structure.setAlgorithmConstraints(ANY);
    if (structure instanceof JsonWebEncryption jwe) {
      jwe.setContentEncryptionAlgorithmConstraints(
          new AlgorithmConstraints(ConstraintType.BLOCK, "none"));
    }
    structure.setPayload(minter.claims("{\"by\":\"jose4j\"}"));
    for (String member : header) {
      int colon = member.indexOf(':');
      structure.setHeader(member.substring(0, colon), member.substring(colon + 1));
    }
    structure.setKey(key.hasSecret() ? minter.workingKey().secret() : key.privateKey());
    return structure.getCompactSerialization();
  }

  private static String[] header(TokenAlgorithm algorithm, String... more) {
    String kid = new Minter(TestKeys.key(algorithm)).workingKey().kid();
    java.util.List<String> members = new java.util.ArrayList<>();
    switch (algorithm) {
      case A256GCM -> java.util.Collections.addAll(members, "alg:dir", "enc:A256GCM");
      case A256CBC_HS512 -> java.util.Collections.addAll(members, "alg:dir", "enc:A256CBC-HS512");
      case A256KW -> java.util.Collections.addAll(members, "alg:A256KW", "enc:A256GCM");
      default -> members.add("alg:" + algorithm.label());
    }
    members.add("kid:" + kid);
    if (algorithm == TokenAlgorithm.ES256) {
      members.add("typ:s+jwt");
    }
    java.util.Collections.addAll(members, more);
    return members.toArray(new String[0]);
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "A256CBC_HS512", "A256KW", "HS256", "ES256"})
  void tokenByJose4j_mintedToTheProfile_isAccepted(TokenAlgorithm algorithm) throws Exception {
    String token = byJose4j(algorithm, header(algorithm));
    assertThat(TestKeys.accept(codec(algorithm), token).state().attribute("by"))
        .isEqualTo("jose4j");
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "A256CBC_HS512", "A256KW", "HS256", "ES256"})
  void tokenByJose4j_withAnotherHeader_isRefused(TokenAlgorithm algorithm) throws Exception {
    String[] right = header(algorithm);
    String[] reversed = right.clone();
    java.util.Collections.reverse(java.util.Arrays.asList(reversed));
    assertThat(TestKeys.reject(codec(algorithm), byJose4j(algorithm, reversed)))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
    assertThat(TestKeys.reject(codec(algorithm), byJose4j(algorithm, header(algorithm, "x:y"))))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
    assertThat(TestKeys.reject(codec(algorithm), byJose4j(algorithm, header(algorithm, "cty:JWT"))))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "A256CBC_HS512", "A256KW"})
  void tokenByNimbus_underOurHeaderOrItsOwn_isAcceptedOrRefused(TokenAlgorithm algorithm)
      throws Exception {
    Minter minter = new Minter(TestKeys.key(algorithm));
    JWEHeader ours = JWEHeader.parse(new Base64URL(minter.workingKey().header(false).segment()));
    JWEHeader built =
        new JWEHeader.Builder(ours.getAlgorithm(), ours.getEncryptionMethod())
            .keyID(ours.getKeyID())
            .type(ours.getType())
            .build();
    JWEObject accepted = byNimbus(algorithm, ours);
    JWEObject refused = byNimbus(algorithm, built);

    assertThat(built.toJSONObject()).isEqualTo(ours.toJSONObject());
    assertThat(TestKeys.accept(codec(algorithm), accepted.serialize()).state().attribute("by"))
        .isEqualTo("nimbus");
    assertThat(TestKeys.reject(codec(algorithm), refused.serialize()))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
  }

  private static JWEObject byNimbus(TokenAlgorithm algorithm, JWEHeader header) throws Exception {
    Minter minter = new Minter(TestKeys.key(algorithm));
    JWEObject jwe =
        new JWEObject(header, new com.nimbusds.jose.Payload(minter.claims("{\"by\":\"nimbus\"}")));
    SecretKeySpec key = secret(algorithm);
    jwe.encrypt(
        algorithm == TokenAlgorithm.A256KW ? new AESEncrypter(key) : new DirectEncrypter(key));
    return jwe;
  }
}
