package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Headers that we do not mint, on tokens that are authentic under them: an attacker cannot get
 * further than this, and does not get here.
 */
class HeaderAttackTest {
  private static final String KID_ABSENT = "KID-ABSENT";

  /** Members that replace or join those of the pinned header, by what they try. */
  private static Map<String, String> headers(String pinned) {
    String kid = pinned.replaceFirst(".*\"kid\":\"([^\"]*)\".*", "$1");
    String id = kid.replaceFirst("\\..*", "");
    String alg = pinned.replaceFirst(".*\"alg\":\"([^\"]*)\".*", "$1");
    Map<String, String> all = new LinkedHashMap<>();
    for (String value :
        List.of(
            "null",
            "1",
            "[]",
            "{}",
            "\"none\"",
            "\"None\"",
            "\"NONE\"",
            "\"noNE\"",
            "\"HS256\"",
            "\"HS512\"",
            "\"RS256\"",
            "\"RSA1_5\"",
            "\"RSA-OAEP\"",
            "\"RSA-OAEP-256\"",
            "\"A128KW\"",
            "\"A256GCMKW\"",
            "\"ECDH-ES\"",
            "\"PBES2-HS256+A128KW\"",
            "\"EdDSA\"",
            "\"ES256K\"",
            "\"DIR\"",
            "\"dir \"",
            "\"ML-DSA-44\"")) {
      if (!value.equals('"' + alg + '"')) {
        all.put("alg " + value, pinned.replace("\"alg\":\"" + alg + "\"", "\"alg\":" + value));
      }
    }
    all.put("alg missing", pinned.replace("\"alg\":\"" + alg + "\",", ""));
    all.put("alg twice, ours last", pinned.replaceFirst("\\{", "{\"alg\":\"none\","));
    all.put("alg twice, ours first", pinned.replace("\"kid\"", "\"alg\":\"none\",\"kid\""));
    all.put("alg of ours twice", pinned.replaceFirst("\\{", "{\"alg\":\"" + alg + "\","));
    all.put("kid twice", pinned.replace("\"kid\"", "\"kid\":\"" + kid + "\",\"kid\""));
    // Where the key is derived there is no typ, not even ours.
    boolean hasType = pinned.contains("\"typ\":\"s+jwt\"");
    String typed = hasType ? pinned : pinned.replaceFirst("}$", ",\"typ\":\"s+jwt\"}");
    if (!hasType) {
      all.put("typ", typed);
    }
    all.put("typ twice", typed.replace("\"typ\"", "\"typ\":\"JWT\",\"typ\""));
    for (String enc :
        List.of("A128GCM", "A192GCM", "A128CBC-HS256", "XC20P", "A128CBC+HS256", "none", "")) {
      all.put(
          "enc " + enc,
          pinned.contains("\"enc\"")
              ? pinned.replaceFirst("\"enc\":\"[^\"]*\"", "\"enc\":\"" + enc + "\"")
              : pinned.replace(",\"kid\"", ",\"enc\":\"" + enc + "\",\"kid\""));
    }
    for (String zip : List.of("\"def\"", "\"GZIP\"", "null", "[]", "\"DEF \"", "\"\"")) {
      all.put("zip " + zip, pinned.replaceFirst("}$", ",\"zip\":" + zip + "}"));
    }
    for (String crit :
        List.of("[]", "[\"exp\"]", "[\"zip\"]", "[\"b64\"]", "\"exp\"", "null", "[\"x\"]")) {
      all.put("crit " + crit, pinned.replace("\"kid\"", "\"crit\":" + crit + ",\"kid\""));
    }
    for (String member :
        List.of(
            "\"jku\":\"http://127.0.0.1:9/jwks\"",
            "\"jku\":\"file:///etc/passwd\"",
            "\"x5u\":\"ldap://127.0.0.1:9/x\"",
            "\"x5c\":[\"MIIB\"]",
            "\"x5t\":\"AAAA\"",
            "\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}",
            "\"b64\":false",
            "\"p2c\":2147483647",
            "\"p2s\":\"AA\"",
            "\"epk\":{}",
            "\"iv\":\"AAAAAAAAAAAAAAAA\"",
            "\"exp\":1",
            "\"\":0",
            "\"cty\":\"jwt\"",
            "\"x\":\"y\"")) {
      all.put("member " + member, pinned.replaceFirst("}$", "," + member + "}"));
      all.put("first member " + member, pinned.replaceFirst("\\{", "{" + member + ","));
    }
    for (String typ :
        List.of("JWT", "at+jwt", "dbsc+jwt", "S+JWT", "application/s+jwt", "s+jwt ", "csrf+jwt")) {
      all.put("typ " + typ, typed.replace("\"s+jwt\"", '"' + typ + '"'));
    }
    if (hasType) {
      all.put("typ missing", pinned.replace(",\"typ\":\"s+jwt\"", ""));
    }
    for (String other :
        List.of(
            "null",
            "1",
            "\"\"",
            "[]",
            "\"../../dev/null\"",
            "\"/proc/self/environ\"",
            "\"' OR 1=1--\"",
            "\"*)(uid=*\"",
            "\"${jndi:ldap://x}\"",
            "\"\\u0000\"")) {
      all.put("kid " + other, pinned.replace('"' + kid + '"', other));
    }
    for (String hour : List.of("-1", "+5", "0", "zzzzzzz", "1".repeat(30), "")) {
      all.put("kid hour '" + hour + "'", pinned.replace(kid, id + "." + hour));
    }
    if (kid.contains(".")) {
      all.put(
          "kid hour in capitals",
          pinned.replace(
              kid, id + "." + kid.substring(id.length() + 1).toUpperCase(java.util.Locale.ROOT)));
      all.put(
          "kid hour with leading zero",
          pinned.replace(kid, id + ".0" + kid.substring(id.length() + 1)));
      all.put("kid without hour", pinned.replace(kid, id));
    } else {
      all.put("kid with hour", pinned.replace(kid, id + ".a"));
    }
    all.put(KID_ABSENT + " in capitals", pinned.replace(id, "TEST-1"));
    all.put(KID_ABSENT + " longer", pinned.replace(id, "test-11"));
    all.put("kid with escape", pinned.replace(id, "test\\u002d1"));
    all.put("kid missing", pinned.replace(",\"kid\":\"" + kid + "\"", ""));
    all.put("white space", pinned.replace(":", ": "));
    all.put("white space behind", pinned + " ");
    all.put("other order", pinned.replaceFirst("\\{(\"alg\":\"[^\"]*\"),(.*)}", "{$2,$1}"));
    all.put("escaped name", pinned.replace("\"alg\"", "\"\\u0061lg\""));
    all.put("two objects", pinned + pinned);
    for (String json : List.of("[]", "\"x\"", "1", "null", "{}", "not JSON", "[" + pinned + "]")) {
      all.put("header is " + json, json);
    }
    return all;
  }

  static Stream<Arguments> all() {
    List<Arguments> all = new ArrayList<>();
    for (TokenAlgorithm algorithm : TokenAlgorithm.values()) {
      Minter minter = new Minter(TestKeys.key(algorithm));
      headers(minter.header())
          .forEach((name, header) -> all.add(Arguments.of(algorithm, name, header)));
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("all")
  void header_thatWeDoNotMint_isRefused(TokenAlgorithm algorithm, String name, String header) {
    SessionKey key = TestKeys.key(algorithm);
    Minter minter = new Minter(key);
    assertThat(header).as("the attack changes the header").isNotEqualTo(minter.header());

    String token = minter.tokenWithHeader(header);

    Rejection reason = TestKeys.reject(TestKeys.codec(key).build(), token);
    if (token.indexOf('.') > 200) {
      assertThat(reason).isEqualTo(Rejection.MALFORMED); // longer than any of ours: not looked at
    } else if (name.startsWith(KID_ABSENT)) {
      assertThat(reason).isEqualTo(Rejection.UNKNOWN_KEY);
    } else if (name.equals("kid hour '0'") && key.hasSecret()) {
      assertThat(reason).isEqualTo(Rejection.EXPIRED); // 1970
    } else {
      assertThat(reason).isEqualTo(Rejection.UNEXPECTED_HEADER);
    }
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void header_thatWeMint_isAccepted(TokenAlgorithm algorithm) {
    // The control: the tokens above are refused for their headers and for nothing else.
    SessionKey key = TestKeys.key(algorithm);
    Minter minter = new Minter(key);
    TestKeys.accept(TestKeys.codec(key).build(), minter.tokenWithHeader(minter.header()));
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void header_inAnotherEncoding_isRefused(TokenAlgorithm algorithm) {
    SessionKey key = TestKeys.key(algorithm);
    Minter minter = new Minter(key);
    TokenCodec codec = TestKeys.codec(key).build();
    String header = minter.header();
    List<byte[]> encodings = new ArrayList<>();
    for (String charset : List.of("UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32")) {
      encodings.add(header.getBytes(Charset.forName(charset)));
    }
    encodings.add(("\ufeff" + header).getBytes(StandardCharsets.UTF_8));
    encodings.add(header.replace("\"alg\"", "\"al\u00fc\"").getBytes(StandardCharsets.ISO_8859_1));
    encodings.add(overlong(header));
    for (byte[] bytes : encodings) {
      assertThat(TestKeys.reject(codec, minter.tokenWithHeader(bytes)))
          .isIn(Rejection.UNEXPECTED_HEADER, Rejection.MALFORMED);
    }
  }

  /** The letter "a" of alg in two bytes. */
  private static byte[] overlong(String header) {
    String text = header.replaceFirst("alg", "\u00c1\u00a1lg");
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"HS256", "ES256", "ED25519", "ED25519_A256GCM"})
  void zip_whereItHasNoPlace_isRefused(TokenAlgorithm algorithm) {
    SessionKey key = TestKeys.key(algorithm);
    Minter minter = new Minter(key);
    assertThat(
            TestKeys.reject(
                TestKeys.codec(key).build(), minter.tokenWithHeader(minter.header(true))))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "A256CBC_HS512", "A256KW"})
  void cty_onATokenThatIsNotNested_isRefused(TokenAlgorithm algorithm) {
    SessionKey key = TestKeys.key(algorithm);
    Minter minter = new Minter(key);
    String header = minter.header().replace(",\"enc\"", ",\"cty\":\"JWT\",\"enc\"");
    assertThat(TestKeys.reject(TestKeys.codec(key).build(), minter.tokenWithHeader(header)))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
  }
}
