package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.VectorFolder.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Reading one JWK: strict, and silent about its content. */
class JwkTest {
  private static final String OCT = TestKeys.key(TokenAlgorithm.A256GCM).toSecretJwk();
  private static final String EC = TestKeys.key(TokenAlgorithm.ES256).toSecretJwk();
  private static final String OKP = TestKeys.key(TokenAlgorithm.ED25519).toSecretJwk();
  private static final String NESTED = TestKeys.key(TokenAlgorithm.ED25519_A256GCM).toSecretJwk();

  private static String member(String jwk, String name) {
    return jwk.replaceFirst(".*\"" + name + "\":\"([^\"]*)\".*", "$1");
  }

  private static String with(String jwk, String name, String value) {
    return jwk.replace(member(jwk, name), value);
  }

  private static String without(String jwk, String name) {
    return jwk.replaceFirst("\"" + name + "\":\"[^\"]*\",?", "").replace(",}", "}");
  }

  static Stream<Arguments> refused() {
    String otherEc = TestKeys.key("test-2", TokenAlgorithm.ES256).toSecretJwk();
    String otherOkp = TestKeys.key("test-2", TokenAlgorithm.ED25519).toSecretJwk();
    List<Arguments> all = new ArrayList<>();
    for (String text :
        List.of("", " ", "null", "[]", "1", "\"x\"", "{", "{}", "not JSON", "[" + OCT + "]")) {
      all.add(Arguments.of("text " + text.replace(OCT, "JWK"), text));
    }
    all.add(Arguments.of("set", "{\"keys\":[" + OCT + "]}"));
    all.add(Arguments.of("set and key", OCT.replaceFirst("\\{", "{\"keys\":[],")));
    all.add(Arguments.of("two keys", OCT + OCT));
    all.add(Arguments.of("text behind", OCT + " x"));
    all.add(Arguments.of("byte order mark", "\ufeff" + OCT));
    all.add(Arguments.of("long", OCT.replaceFirst("\\{", "{\"x\":\"" + "x".repeat(4096) + "\",")));
    all.add(Arguments.of("k twice", OCT.replaceFirst("\\{", "{\"k\":\"AA\",")));
    all.add(Arguments.of("alg twice", OCT.replaceFirst("\\{", "{\"alg\":\"HS256\",")));
    all.add(Arguments.of("comment", OCT.replaceFirst("\\{", "{/*x*/")));
    all.add(Arguments.of("kid missing", without(OCT, "kid")));
    all.add(Arguments.of("kid number", OCT.replace("\"test-1\"", "1")));
    all.add(Arguments.of("kid long", with(OCT, "kid", "a".repeat(12))));
    all.add(Arguments.of("alg missing", without(OCT, "alg")));
    all.add(Arguments.of("alg unknown", with(OCT, "alg", "A128GCM")));
    all.add(Arguments.of("alg none", with(OCT, "alg", "none")));
    all.add(Arguments.of("alg of a pair", with(OCT, "alg", "ES256")));
    all.add(Arguments.of("alg of another length", with(OCT, "alg", "A256CBC-HS512")));
    all.add(Arguments.of("kty missing", without(OCT, "kty")));
    all.add(Arguments.of("kty RSA", with(OCT, "kty", "RSA")));
    all.add(Arguments.of("kty EC", with(OCT, "kty", "EC")));
    all.add(Arguments.of("use sig", with(OCT, "use", "sig")));
    all.add(Arguments.of("use other", with(OCT, "use", "x")));
    all.add(Arguments.of("use number", OCT.replace("\"use\":\"enc\"", "\"use\":1")));
    all.add(Arguments.of("nested with use", NESTED.replaceFirst("\\{", "{\"use\":\"enc\",")));
    all.add(Arguments.of("k missing", without(OCT, "k")));
    all.add(Arguments.of("k empty", with(OCT, "k", "")));
    all.add(Arguments.of("k padded", with(OCT, "k", member(OCT, "k") + "=")));
    all.add(Arguments.of("k with space", with(OCT, "k", member(OCT, "k") + " ")));
    all.add(Arguments.of("k base64", with(OCT, "k", "+/" + member(OCT, "k").substring(2))));
    all.add(Arguments.of("k short", with(OCT, "k", Base64Url.encode(new byte[16]))));
    all.add(Arguments.of("nested without k", without(NESTED, "k")));
    for (String jwk : List.of(EC, OKP)) {
      String name = jwk.equals(EC) ? "EC " : "OKP ";
      String other = jwk.equals(EC) ? otherEc : otherOkp;
      all.add(Arguments.of(name + "use enc", with(jwk, "use", "enc")));
      all.add(Arguments.of(name + "crv missing", without(jwk, "crv")));
      all.add(Arguments.of(name + "crv other", with(jwk, "crv", "P-384")));
      all.add(Arguments.of(name + "crv X25519", with(jwk, "crv", "X25519")));
      all.add(Arguments.of(name + "x missing", without(jwk, "x")));
      all.add(Arguments.of(name + "x of another", with(jwk, "x", member(other, "x"))));
      all.add(Arguments.of(name + "d of another", with(jwk, "d", member(other, "d"))));
      all.add(Arguments.of(name + "d zero", with(jwk, "d", Base64Url.encode(new byte[32]))));
      all.add(Arguments.of(name + "d short", with(jwk, "d", "AAAA")));
      all.add(Arguments.of(name + "x short", with(jwk, "x", "AAAA")));
      all.add(Arguments.of(name + "x long", with(jwk, "x", member(jwk, "x") + "AAAA")));
      all.add(Arguments.of(name + "x with zeros", with(jwk, "x", "AAAA" + member(jwk, "x"))));
      all.add(Arguments.of(name + "d with zeros", with(jwk, "d", "AAAA" + member(jwk, "d"))));
      all.add(Arguments.of(name + "x number", jwk.replaceFirst("\"x\":\"[^\"]*\"", "\"x\":1")));
    }
    all.add(Arguments.of("EC y of another", with(EC, "y", member(otherEc, "y"))));
    all.add(Arguments.of("EC public off curve", without(with(EC, "y", member(otherEc, "y")), "d")));
    all.add(Arguments.of("EC y missing", without(EC, "y")));
    all.add(Arguments.of("EC d is the order", with(EC, "d", order())));
    return all.stream();
  }

  private static String order() {
    return Base64Url.encode(
        java.util.HexFormat.of()
            .parseHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void jwk_thatIsWrong_isRefusedWithoutItsContent(String name, String jwk) {
    assertThatThrownBy(() -> SessionKey.fromJwk(jwk))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .isNotBlank()
        .doesNotContain(
            member(OCT, "k"), member(EC, "d"), member(OKP, "d"), member(EC, "x"), "AAAA");
  }

  @Test
  void controls_areRead() {
    for (String jwk : List.of(OCT, EC, OKP, NESTED)) {
      assertThat(SessionKey.fromJwk(jwk).toSecretJwk()).isEqualTo(jwk);
      assertThat(SessionKey.fromJwk(" " + jwk + "\n").id()).isEqualTo(TestKeys.ID);
      String more = jwk.replaceFirst("\\{", "{\"exp\":1,\"x5c\":[\"x\"],");
      assertThat(SessionKey.fromJwk(more).id()).isEqualTo(TestKeys.ID);
      assertThat(SessionKey.fromJwk(without(jwk, "use")).id()).isEqualTo(TestKeys.ID);
    }
  }

  /**
   * Points of order 1, 2, 4 and 8, and their other encodings: they verify signatures of anything.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      })
  void ed25519PublicKey_ofSmallOrder_isRefused(String hex) {
    String x = Base64Url.encode(java.util.HexFormat.of().parseHex(hex));
    String jwk = without(with(OKP, "x", x), "d");
    assertThatThrownBy(() -> SessionKey.fromJwk(jwk)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ed25519PublicKey_thatIsNoPoint_isRefusedWhenReadAndNotAtTheFirstToken() {
    int refused = 0;
    for (int i = 2; i < 40; i++) {
      byte[] bytes = new byte[32];
      bytes[0] = (byte) i;
      String jwk = without(with(OKP, "x", Base64Url.encode(bytes)), "d");
      SessionKey key;
      try {
        key = SessionKey.fromJwk(jwk);
      } catch (IllegalArgumentException e) {
        refused++;
        continue;
      }
      TokenCodec codec = TestKeys.codec(KeyRing.builder().accepting(key).build()).build();
      TokenCodec writer = TestKeys.codec(TestKeys.key(TokenAlgorithm.ED25519)).build();
      assertThat(TestKeys.reject(codec, writer.encode(writer.create())))
          .isEqualTo(Rejection.UNAUTHENTIC);
    }
    assertThat(refused).isBetween(10, 30); // every other y has no x
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"verify\"]",
        "[\"sign\"]",
        "[]",
        "\"encrypt\"",
        "[\"deriveKey\"]",
        "{}",
        "null",
        "[1]",
        "[\"encrypt\",\"sign\"]",
        "[[\"encrypt\"]]",
        "[\"encrypt sign\"]"
      })
  void keyOps_thatDoNotFit_areRefused(String operations) {
    String jwk = OCT.replaceFirst("\\{", "{\"key_ops\":" + operations + ",");
    assertThatThrownBy(() -> SessionKey.fromJwk(jwk)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keyOps_thatFit_areTaken() {
    for (String operations : List.of("[\"encrypt\"]", "[\"decrypt\",\"encrypt\"]")) {
      String jwk = OCT.replaceFirst("\\{", "{\"key_ops\":" + operations + ",");
      assertThat(SessionKey.fromJwk(jwk).id()).isEqualTo(TestKeys.ID);
    }
  }

  @Test
  void keysOfWycheproof_areOursOnlyIfWhole() {
    // Sets, RSA, weak and mismatched keys: none may be taken for one of ours.
    JsonMapper json = new JsonMapper();
    int tried = 0;
    for (Case test : VectorFolder.wycheproof("json_web_key")) {
      for (String member : List.of("private", "public")) {
        if (test.group().get(member) instanceof Map<?, ?> jwk) {
          String text = json.writeValueAsString(jwk);
          assertThatThrownBy(() -> SessionKey.fromJwk(text))
              .as("%s", test)
              .isInstanceOf(IllegalArgumentException.class);
          tried++;
        }
      }
    }
    assertThat(tried).isGreaterThan(10);
  }
}
