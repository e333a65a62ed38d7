package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.VectorFolder.Case;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our primitives, through our own classes, against the vectors of C2SP Wycheproof. */
class WycheproofTest {
  /** Valid signatures that the JDK refuses: x of R exceeds the order, once in 2^128 signatures. */
  private static final Map<TokenAlgorithm, List<Integer>> OVERRIDES =
      Map.of(TokenAlgorithm.ES256, List.of(115, 257), TokenAlgorithm.ED25519, List.of());

  @Test
  void hkdfSha256_ofWycheproof_agrees() {
    List<Case> cases = VectorFolder.wycheproof("hkdf_sha256");
    for (Case test : cases) {
      int size = ((Number) test.test().get("size")).intValue();
      if (test.isValid()) {
        assertThat(
                KeyDerivation.hkdfSha256(test.hex("ikm"), test.hex("salt"), test.hex("info"), size))
            .as("%s", test)
            .isEqualTo(test.hex("okm"));
      } else {
        assertThatThrownBy(
                () ->
                    KeyDerivation.hkdfSha256(
                        test.hex("ikm"), test.hex("salt"), test.hex("info"), size))
            .as("%s", test)
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
    assertThat(cases).hasSizeGreaterThan(80);
  }

  @Test
  void a256Gcm_ofWycheproof_agrees() {
    List<Case> cases =
        VectorFolder.wycheproof("aes_gcm").stream()
            .filter(
                test ->
                    test.number("keySize") == 256
                        && test.number("ivSize") == 96
                        && test.number("tagSize") == 128)
            .toList();
    aead(cases, new ContentEncryption.A256Gcm());
    assertThat(cases).hasSizeGreaterThan(60);
  }

  @Test
  void a256CbcHs512_ofWycheproof_agrees() {
    List<Case> cases = VectorFolder.wycheproof("a256cbc_hs512");
    aead(
        cases.stream().filter(test -> test.hex("iv").length == 16).toList(),
        new ContentEncryption.A256CbcHs512());
    assertThat(cases).hasSizeGreaterThan(80);
  }

  private static void aead(List<Case> cases, ContentEncryption encryption) {
    for (Case test : cases) {
      SecretKeySpec key = new SecretKeySpec(test.hex("key"), "AES");
      byte[] sealed = concat(test.hex("ct"), test.hex("tag"));
      boolean wellFormed =
          test.hex("tag").length == encryption.tagLength()
              && encryption.isCiphertextLength(test.hex("ct").length);
      if (test.isValid()) {
        assertThat(
                encryption.encrypt(
                    encryption.newCipher(), key, test.hex("iv"), test.hex("aad"), test.hex("msg")))
            .as("%s", test)
            .isEqualTo(sealed);
      }
      if (!wellFormed) {
        // Refused by their lengths before any cipher: JweFormat. No session has an empty payload.
        assertThat(test.isValid() && test.hex("msg").length > 0).as("%s", test).isFalse();
        continue;
      }
      byte[] opened;
      try {
        byte[] withIv = concat(sealed, test.hex("iv"));
        opened =
            encryption.decrypt(encryption.newCipher(), key, test.hex("aad"), withIv, sealed.length);
      } catch (RejectedTokenException e) {
        assertThat(e.reason()).isEqualTo(Rejection.UNAUTHENTIC);
        opened = null;
      }
      assertThat(opened).as("%s", test).isEqualTo(test.isValid() ? test.hex("msg") : null);
    }
  }

  @Test
  void aesWrap_ofWycheproof_agrees() throws Exception {
    int tried = 0;
    for (Case test : VectorFolder.wycheproof("aes_wrap")) {
      if (test.number("keySize") != 256) {
        continue;
      }
      SecretKeySpec key = new SecretKeySpec(test.hex("key"), "AES");
      byte[] wrapped = test.hex("ct");
      // Ours is one length: a content key of 32 bytes. Others never reach the cipher.
      boolean ours = wrapped.length == 40;
      byte[] unwrapped;
      try {
        unwrapped = ours ? JweFormat.unwrap(key, wrapped).getEncoded() : null;
      } catch (RejectedTokenException e) {
        unwrapped = null;
      }
      byte[] expected = ours && !test.text("result").equals("invalid") ? test.hex("msg") : null;
      assertThat(unwrapped).as("%s", test).isEqualTo(expected);
      if (expected != null) {
        assertThat(JweFormat.wrap(key, new SecretKeySpec(expected, "AES"))).isEqualTo(wrapped);
        tried++;
      }
    }
    assertThat(tried).isPositive();
  }

  @Test
  void hs256_ofWycheproof_agrees() {
    int tried = 0;
    for (Case test : VectorFolder.wycheproof("hmac_sha256")) {
      if (test.number("keySize") != 256) {
        continue; // ours are derived, and of one length
      }
      SecretKeySpec key = new SecretKeySpec(test.hex("key"), "HmacSHA256");
      byte[] expected = KeyDerivation.mac(key).doFinal(test.hex("msg"));
      byte[] tag = test.hex("tag");
      // A truncated tag is refused by its length (JwsFormat), whatever its bytes.
      boolean accepted =
          tag.length == new SignatureScheme.Hs256().length() && Arrays.equals(expected, tag);
      assertThat(accepted)
          .as("%s", test)
          .isEqualTo(test.isValid() && test.number("tagSize") == 256);
      tried++;
    }
    assertThat(tried).isGreaterThan(80);
  }

  /** The key of RFC 8032 §7.1 and RFC 8037 A.1, which everybody has. */
  private static final String RFC_8037_SAMPLE =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ES256", "ED25519"})
  void signature_ofWycheproof_agrees(TokenAlgorithm algorithm) {
    SignatureScheme scheme = SignatureScheme.of(algorithm);
    String file = algorithm == TokenAlgorithm.ES256 ? "ecdsa_secp256r1_sha256_p1363" : "ed25519";
    Map<String, WorkingKey> keys = new TreeMap<>();
    List<Integer> refusedThoughValid = new ArrayList<>();
    List<Case> cases = VectorFolder.wycheproof(file);
    for (Case test : cases) {
      Map<String, Object> jwk = test.object("publicKeyJwk");
      if (String.valueOf(test.object("publicKey").get("pk")).equals(RFC_8037_SAMPLE)) {
        assertThatThrownBy(() -> verifying(algorithm, test)).hasMessageContaining("sample key");
        continue;
      }
      WorkingKey key =
          keys.computeIfAbsent(
              jwk == null ? test.object("publicKey").toString() : jwk.toString(),
              text -> verifying(algorithm, test));
      byte[] signature = test.hex("sig");
      boolean accepted =
          signature.length == scheme.length() && scheme.verify(key, test.hex("msg"), signature);
      if (test.isValid() && !accepted) {
        refusedThoughValid.add((Integer) test.test().get("tcId"));
      } else {
        assertThat(accepted).as("%s", test).isEqualTo(test.isValid());
      }
    }
    // A newer JDK refuses none of them.
    assertThat(OVERRIDES.get(algorithm)).containsAll(refusedThoughValid);
    assertThat(cases).hasSizeGreaterThan(100);
  }

  private static WorkingKey verifying(TokenAlgorithm algorithm, Case test) {
    String members;
    if (algorithm == TokenAlgorithm.ES256) {
      Map<String, Object> point = test.object("publicKey");
      String uncompressed = (String) point.get("uncompressed");
      byte[] bytes = java.util.HexFormat.of().parseHex(uncompressed);
      members =
          "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""
              + Base64Url.encode(Arrays.copyOfRange(bytes, 1, 33))
              + "\",\"y\":\""
              + Base64Url.encode(Arrays.copyOfRange(bytes, 33, 65));
    } else {
      String hex = (String) test.object("publicKey").get("pk");
      members =
          "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
              + Base64Url.encode(java.util.HexFormat.of().parseHex(hex));
    }
    SessionKey key =
        SessionKey.fromJwk(
            "{" + members + "\",\"kid\":\"w\",\"alg\":\"" + algorithm.label() + "\"}");
    return WorkingKey.at(key, 0, TestKeys.CONTEXT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"json_web_encryption", "json_web_signature", "json_web_crypto", "json_web_key"})
  void token_ofWycheproof_isNeverOurs(String file) {
    // None has a header that we mint, so none is accepted, and none makes us throw.
    int tried = 0;
    for (TokenAlgorithm algorithm : TokenAlgorithm.values()) {
      TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
      for (Case test : VectorFolder.wycheproof(file)) {
        for (String member : List.of("jwe", "jws")) {
          if (test.test().get(member) instanceof String token) {
            assertThat(TestKeys.reject(codec, token)).isNotEqualTo(Rejection.UNVERIFIABLE);
            tried++;
          }
        }
      }
    }
    assertThat(tried).isGreaterThan(100);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
