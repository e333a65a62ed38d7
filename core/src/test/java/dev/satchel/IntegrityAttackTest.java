package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths, boundaries and forgeries behind a header that is ours. */
class IntegrityAttackTest {
  private static final TokenAlgorithm[] SEALED = {
    TokenAlgorithm.A256GCM,
    TokenAlgorithm.A256CBC_HS512,
    TokenAlgorithm.A256KW,
    TokenAlgorithm.ED25519_A256GCM
  };

  private static TokenCodec codec(TokenAlgorithm algorithm) {
    return TestKeys.codec(TestKeys.key(algorithm)).build();
  }

  private static byte[][] segments(TokenAlgorithm algorithm) {
    TokenCodec codec = codec(algorithm);
    String token = codec.encode(codec.create().withAttribute("user", "alice"));
    return Arrays.stream(token.split("\\.", -1)).map(Base64Url::decode).toArray(byte[][]::new);
  }

  private static Rejection reject(TokenAlgorithm algorithm, byte[]... segments) {
    String token =
        String.join(".", Arrays.stream(segments).map(Base64Url::encode).toArray(String[]::new));
    return TestKeys.reject(codec(algorithm), token);
  }

  private static byte[][] with(byte[][] segments, int index, byte[] replacement) {
    byte[][] changed = segments.clone();
    changed[index] = replacement;
    return changed;
  }

  @Test
  void tag_ofAnotherLength_isMalformed() {
    for (TokenAlgorithm algorithm : SEALED) {
      byte[][] segments = segments(algorithm);
      for (int length : new int[] {0, 1, 4, 8, 12, 15, 17, 31, 33}) {
        assertThat(reject(algorithm, with(segments, 4, Arrays.copyOf(segments[4], length))))
            .as("%s, %d bytes", algorithm, length)
            .isEqualTo(Rejection.MALFORMED);
      }
    }
  }

  @Test
  void tag_ofConstantBytes_isUnauthentic() {
    for (TokenAlgorithm algorithm : SEALED) {
      byte[][] segments = segments(algorithm);
      for (byte value : new byte[] {0, (byte) 0xff}) {
        byte[] tag = new byte[segments[4].length];
        Arrays.fill(tag, value);
        assertThat(reject(algorithm, with(segments, 4, tag))).isEqualTo(Rejection.UNAUTHENTIC);
      }
    }
  }

  @Test
  void boundaryOfCiphertextAndTag_moved_isMalformed() {
    for (TokenAlgorithm algorithm : SEALED) {
      byte[][] segments = segments(algorithm);
      byte[] joined = concat(segments[3], segments[4]);
      for (int by = -16; by <= 16; by++) {
        int boundary = segments[3].length + by;
        if (by == 0 || boundary < 0) {
          continue;
        }
        byte[][] moved =
            with(
                with(segments, 3, Arrays.copyOf(joined, boundary)),
                4,
                Arrays.copyOfRange(joined, boundary, joined.length));
        assertThat(reject(algorithm, moved))
            .as("%s by %d", algorithm, by)
            .isEqualTo(Rejection.MALFORMED);
      }
    }
  }

  @Test
  void iv_ofAnotherLength_isMalformed() {
    for (TokenAlgorithm algorithm : SEALED) {
      byte[][] segments = segments(algorithm);
      for (int length : new int[] {0, 1, 8, 11, 13, 15, 17, 24}) {
        assertThat(reject(algorithm, with(segments, 2, Arrays.copyOf(segments[2], length))))
            .isEqualTo(Rejection.MALFORMED);
      }
      assertThat(reject(algorithm, with(segments, 2, new byte[segments[2].length])))
          .isEqualTo(Rejection.UNAUTHENTIC);
    }
  }

  @Test
  void encryptedKey_whereThereIsNone_isMalformed() {
    for (TokenAlgorithm algorithm : SEALED) {
      if (algorithm == TokenAlgorithm.A256KW) {
        continue;
      }
      byte[][] segments = segments(algorithm);
      for (int length : new int[] {1, 16, 32, 40}) {
        assertThat(reject(algorithm, with(segments, 1, new byte[length])))
            .isEqualTo(Rejection.MALFORMED);
      }
    }
  }

  @Test
  void wrappedKey_ofAnotherLengthOrContent_isRejected() {
    byte[][] segments = segments(TokenAlgorithm.A256KW);
    for (int length : new int[] {0, 8, 16, 24, 32, 39, 41, 48}) {
      assertThat(
              reject(TokenAlgorithm.A256KW, with(segments, 1, Arrays.copyOf(segments[1], length))))
          .isEqualTo(Rejection.MALFORMED);
    }
    assertThat(reject(TokenAlgorithm.A256KW, with(segments, 1, new byte[40])))
        .isEqualTo(Rejection.UNAUTHENTIC);
  }

  @Test
  void ciphertext_emptyOrNoMultipleOfTheBlock_isMalformed() {
    for (TokenAlgorithm algorithm : SEALED) {
      byte[][] segments = segments(algorithm);
      assertThat(reject(algorithm, with(segments, 3, new byte[0]))).isEqualTo(Rejection.MALFORMED);
    }
    byte[][] blocks = segments(TokenAlgorithm.A256CBC_HS512);
    for (int length : new int[] {1, 15, 17, blocks[3].length - 1}) {
      assertThat(
              reject(
                  TokenAlgorithm.A256CBC_HS512, with(blocks, 3, Arrays.copyOf(blocks[3], length))))
          .isEqualTo(Rejection.MALFORMED);
    }
  }

  @Test
  void cbcPadding_wrongUnderARightTag_isUnauthenticLikeAllElse() throws Exception {
    // Authentic, with padding that no encryption makes: nothing tells it from a wrong tag.
    Minter minter = new Minter(TestKeys.key(TokenAlgorithm.A256CBC_HS512));
    byte[] key = minter.workingKey().secret().getEncoded();
    String segment = minter.workingKey().header(false).segment();
    byte[] header = segment.getBytes(StandardCharsets.US_ASCII);
    for (int last : new int[] {0, 17, 255}) {
      byte[] block = new byte[16];
      block[15] = (byte) last;
      byte[] iv = new byte[16];
      var cipher = javax.crypto.Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(
          javax.crypto.Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, 32, 32, "AES"),
          new javax.crypto.spec.IvParameterSpec(iv));
      byte[] ciphertext = cipher.doFinal(block);
      Mac mac = Mac.getInstance("HmacSHA512");
      mac.init(new SecretKeySpec(key, 0, 32, "HmacSHA512"));
      mac.update(header);
      mac.update(iv);
      mac.update(ciphertext);
      mac.update(java.nio.ByteBuffer.allocate(8).putLong(8L * header.length).array());
      byte[] tag = Arrays.copyOf(mac.doFinal(), 32);
      assertThat(
              reject(
                  TokenAlgorithm.A256CBC_HS512,
                  Base64Url.decode(segment),
                  new byte[0],
                  iv,
                  ciphertext,
                  tag))
          .isEqualTo(Rejection.UNAUTHENTIC);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"HS256", "ES256", "ED25519"})
  void signature_ofAnotherLengthOrContent_isRejected(TokenAlgorithm algorithm) {
    byte[][] segments = segments(algorithm);
    int right = segments[2].length;
    for (int length : new int[] {0, 1, 16, 31, 33, 63, 65, 72, 128}) {
      assertThat(reject(algorithm, with(segments, 2, Arrays.copyOf(segments[2], length))))
          .isEqualTo(Rejection.MALFORMED);
    }
    for (byte value : new byte[] {0, 1, (byte) 0xff}) {
      byte[] constant = new byte[right];
      Arrays.fill(constant, value);
      assertThat(reject(algorithm, with(segments, 2, constant))).isEqualTo(Rejection.UNAUTHENTIC);
    }
    for (int half = 0; half < 2; half++) {
      byte[] halfZero = segments[2].clone();
      Arrays.fill(halfZero, half * right / 2, (half + 1) * right / 2, (byte) 0);
      assertThat(reject(algorithm, with(segments, 2, halfZero))).isEqualTo(Rejection.UNAUTHENTIC);
    }
  }

  @Test
  void es256_signatureInDer_isMalformed() throws GeneralSecurityException {
    SessionKey key = TestKeys.key(TokenAlgorithm.ES256);
    byte[][] segments = segments(TokenAlgorithm.ES256);
    Signature der = Signature.getInstance("SHA256withECDSA");
    der.initSign(key.privateKey(), new SeededRandom("der"));
    der.update(
        (Base64Url.encode(segments[0]) + "." + Base64Url.encode(segments[1]))
            .getBytes(StandardCharsets.US_ASCII));
    assertThat(reject(TokenAlgorithm.ES256, with(segments, 2, der.sign())))
        .isEqualTo(Rejection.MALFORMED);
  }

  @Test
  void es256_twinSignature_isTheSameSession() {
    // (r, n − s) verifies too: why revocation goes by session id and never by the token's text.
    BigInteger order =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    byte[][] segments = segments(TokenAlgorithm.ES256);
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(segments[2], 32, 64));
    byte[] twin = order.subtract(s).toByteArray();
    byte[] signature = Arrays.copyOf(segments[2], 64);
    Arrays.fill(signature, 32, 64, (byte) 0);
    int length = Math.min(32, twin.length);
    System.arraycopy(twin, twin.length - length, signature, 64 - length, length);
    String token =
        Base64Url.encode(segments[0])
            + "."
            + Base64Url.encode(segments[1])
            + "."
            + Base64Url.encode(signature);

    SessionState state = TestKeys.accept(codec(TokenAlgorithm.ES256), token).state();

    TokenCodec revoking =
        TestKeys.codec(TestKeys.key(TokenAlgorithm.ES256))
            .revocationCheck(session -> session.id().equals(state.id()))
            .build();
    assertThat(TestKeys.reject(revoking, token)).isEqualTo(Rejection.REVOKED);
  }

  @Test
  void ed25519_scalarPlusOrder_isUnauthentic() {
    BigInteger order =
        BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    byte[][] segments = segments(TokenAlgorithm.ED25519);
    byte[] bigEndian = new byte[32];
    for (int i = 0; i < 32; i++) {
      bigEndian[i] = segments[2][63 - i];
    }
    byte[] malleated = new BigInteger(1, bigEndian).add(order).toByteArray();
    byte[] signature = Arrays.copyOf(segments[2], 64);
    for (int i = 0; i < 32; i++) {
      int at = malleated.length - 1 - i;
      signature[32 + i] = at < 0 ? 0 : malleated[at];
    }
    assertThat(reject(TokenAlgorithm.ED25519, with(segments, 2, signature)))
        .isEqualTo(Rejection.UNAUTHENTIC);
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw ring key", "first byte", "31 bytes", "zeros", "public key"})
  void hs256_macUnderAnotherKey_isUnauthentic(String which) throws GeneralSecurityException {
    SessionKey key = TestKeys.key(TokenAlgorithm.HS256);
    byte[] derived = new Minter(key).workingKey().secret().getEncoded();
    byte[] wrong =
        switch (which) {
          case "raw ring key" -> key.secret();
          case "first byte" -> Arrays.copyOf(derived, 1);
          case "31 bytes" -> Arrays.copyOf(derived, 31);
          case "zeros" -> new byte[32];
          default -> TestKeys.key(TokenAlgorithm.ES256).publicKey().getEncoded();
        };
    byte[][] segments = segments(TokenAlgorithm.HS256);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(wrong, "HmacSHA256"));
    byte[] forged =
        mac.doFinal(
            (Base64Url.encode(segments[0]) + "." + Base64Url.encode(segments[1]))
                .getBytes(StandardCharsets.US_ASCII));
    assertThat(reject(TokenAlgorithm.HS256, with(segments, 2, forged)))
        .isEqualTo(Rejection.UNAUTHENTIC);
  }

  @Test
  void nested_aroundAnythingButOurSignedToken_isRejected() {
    SessionKey key = TestKeys.key(TokenAlgorithm.ED25519_A256GCM);
    Minter minter = new Minter(key);
    TokenCodec codec = codec(TokenAlgorithm.ED25519_A256GCM);
    String claims = minter.claims("{}");
    byte[] payload = claims.getBytes(StandardCharsets.UTF_8);
    String good = new String(minter.signed(payload), StandardCharsets.US_ASCII);
    String[] parts = good.split("\\.", -1);
    String none = Base64Url.encode("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII));
    String foreign =
        new String(
            new Minter(TestKeys.key("test-2", TokenAlgorithm.ED25519_A256GCM)).signed(payload),
            StandardCharsets.US_ASCII);
    String foreignSignature =
        parts[0] + "." + parts[1] + foreign.substring(foreign.lastIndexOf('.'));

    TestKeys.accept(codec, minter.tokenAround(good));
    assertThat(TestKeys.reject(codec, minter.tokenAround(claims)))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
    assertThat(TestKeys.reject(codec, minter.tokenAround(none + "." + parts[1] + ".")))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
    assertThat(TestKeys.reject(codec, minter.tokenAround(foreign)))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
    assertThat(TestKeys.reject(codec, minter.tokenAround(foreignSignature)))
        .isEqualTo(Rejection.UNAUTHENTIC);
    assertThat(TestKeys.reject(codec, minter.tokenAround(parts[0] + "." + parts[1] + ".")))
        .isEqualTo(Rejection.MALFORMED);
    assertThat(TestKeys.reject(codec, minter.tokenAround(parts[0] + "." + parts[1])))
        .isEqualTo(Rejection.MALFORMED);
    assertThat(TestKeys.reject(codec, minter.tokenAround(good + " ")))
        .isEqualTo(Rejection.MALFORMED);
    assertThat(TestKeys.reject(codec, minter.tokenAround(good + "\u00ff")))
        .isEqualTo(Rejection.MALFORMED);
    assertThat(TestKeys.reject(codec, minter.tokenAround(minter.tokenAround(good))))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
  }

  @Test
  void sealed_aroundASignedToken_isUnreadable() {
    SessionKey key = TestKeys.key(TokenAlgorithm.A256GCM);
    TokenCodec signer = codec(TokenAlgorithm.HS256);
    String token = new Minter(key).token(signer.encode(signer.create()));
    assertThat(TestKeys.reject(codec(TokenAlgorithm.A256GCM), token))
        .isEqualTo(Rejection.UNREADABLE);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
