package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Content of authentic tokens: what a key shared with other software could bring. */
class PayloadAttackTest {
  private static final String TIMES = "\"iat\":1768473000,\"exp\":1768501800,\"la\":0,\"mi\":1800";
  private static final String ID = "\"jti\":\"" + Minter.SESSION_ID + "\"";

  private final SessionKey key = TestKeys.key(TokenAlgorithm.A256GCM);
  private final TokenCodec codec = TestKeys.codec(key).build();
  private final Minter minter = new Minter(key);

  private static Map<String, String> unreadable() {
    String good = "{" + ID + "," + TIMES + ",\"a\":{}}";
    Map<String, String> cases = new LinkedHashMap<>();
    for (String root :
        List.of("[]", "1", "\"x\"", "null", "true", " ", "{", "{}", "[" + good + "]")) {
      cases.put("root " + root, root);
    }
    cases.put("space in front", " " + good);
    cases.put("byte order mark in front", "\ufeff" + good);
    cases.put("space behind the brace", "{ " + good.substring(1));
    cases.put("two objects", good + good);
    cases.put("object and letter", good + "x");
    cases.put("object and NUL", good + "\u0000");
    cases.put("comment", good.replace("\"a\":{}", "/* x */\"a\":{}"));
    cases.put("line comment", good + "\n// x");
    cases.put("single quotes", good.replace("\"a\":{}", "'a':{}"));
    cases.put("name without quotes", good.replace("\"a\":{}", "a:{}"));
    cases.put("trailing comma", good.replace("\"a\":{}", "\"a\":{},"));
    cases.put("trailing comma in attributes", good.replace("\"a\":{}", "\"a\":{\"x\":1,}"));
    cases.put("control character", good.replace("\"a\":{}", "\"a\":{\"x\":\"\u0001\"}"));
    cases.put("control character in a name", good.replace("\"a\":{}", "\"a\":{\"\u0001\":1}"));
    cases.put("bad escape", good.replace("\"a\":{}", "\"a\":{\"x\":\"\\x41\"}"));
    cases.put("NaN", good.replace("\"a\":{}", "\"a\":{\"x\":NaN}"));
    cases.put("leading zero", good.replace("\"a\":{}", "\"a\":{\"x\":01}"));
    cases.put("leading plus", good.replace("\"a\":{}", "\"a\":{\"x\":+1}"));
    cases.put("number of 65 characters", good.replace("{}}", "{\"x\":" + "1".repeat(65) + "}}"));
    cases.put("number of 10000 digits", good.replace("{}}", "{\"x\":" + "1".repeat(10_000) + "}}"));
    cases.put("attribute twice", good.replace("\"a\":{}", "\"a\":{\"x\":1,\"x\":2}"));
    cases.put(
        "attribute twice, escaped", good.replace("\"a\":{}", "\"a\":{\"x\":1,\"\\u0078\":2}"));
    for (String claim : List.of("jti", "iat", "a")) {
      cases.put(
          claim + " missing",
          good.replaceFirst("\"" + claim + "\":(\\{}|\"[^\"]*\"|\\d+),?", "").replace(",}", "}"));
      cases.put(
          claim + " in capitals",
          good.replace('"' + claim + '"', '"' + claim.toUpperCase(java.util.Locale.ROOT) + '"'));
      cases.put(claim + " and a space", good.replace('"' + claim + '"', '"' + claim + " \""));
      cases.put(claim + " behind NUL", good.replace('"' + claim + '"', "\"\\u0000" + claim + '"'));
    }
    for (String claim : List.of("jti", "iat", "exp", "la", "mi", "a")) {
      cases.put(
          claim + " null",
          good.replaceFirst("\"" + claim + "\":(\\{}|\"[^\"]*\"|\\d+)", "\"" + claim + "\":null"));
      cases.put(
          claim + " array",
          good.replaceFirst("\"" + claim + "\":(\\{}|\"[^\"]*\"|\\d+)", "\"" + claim + "\":[]"));
      cases.put(
          claim + " twice",
          good.replaceFirst("(\"" + claim + "\":(\\{}|\"[^\"]*\"|\\d+))", "$1,$1"));
      cases.put(
          claim + " true",
          good.replaceFirst("\"" + claim + "\":(\\{}|\"[^\"]*\"|\\d+)", "\"" + claim + "\":true"));
    }
    for (String claim : List.of("iat", "exp", "la", "mi")) {
      for (String number :
          List.of(
              "-1",
              "-0",
              "1e9",
              "1E400",
              "1.5",
              "1.5e3",
              "\"1768473000\"",
              "9223372036854775807",
              "9300000000000000000",
              "1000000000000000000",
              "18446744073709551616000",
              "17684730000000",
              "{}")) {
        cases.put(
            claim + " " + number,
            good.replaceFirst("\"" + claim + "\":\\d+", "\"" + claim + "\":" + number));
      }
    }
    for (String id :
        List.of(
            "",
            "A",
            "A".repeat(21),
            "A".repeat(23),
            "A".repeat(21) + "B",
            "A".repeat(21) + "=",
            "A".repeat(21) + "+",
            "\u00e9".repeat(22),
            "A".repeat(21) + "\\u0000")) {
      cases.put("jti '" + id + "'", good.replace(Minter.SESSION_ID, id));
    }
    String since = "\"sub\":\"x\",\"auth_time\":1768473000,\"a\"";
    cases.put("auth_time without sub", good.replace("\"a\"", "\"auth_time\":1768473000,\"a\""));
    cases.put("auth_time twice", good.replace("\"a\"", "\"auth_time\":1768473000," + since));
    cases.put(
        "auth_time twice, escaped",
        good.replace("\"a\"", "\"auth\\u005ftime\":1768473000," + since));
    for (String number :
        List.of(
            "1768472999.999",
            "1768473000.001",
            "1768473000.1",
            "1768473000.0001",
            "17684730000000",
            "9223372036854775807",
            "18446744073709551616000",
            "0",
            "-1",
            "1768473e3",
            "\"1768473000\"",
            "null",
            "[]",
            "{}",
            "true")) {
      cases.put("auth_time " + number, good.replace("\"a\"", since.replace("1768473000", number)));
    }
    cases.put("sub number", good.replace("\"a\"", "\"sub\":1,\"a\""));
    cases.put("sub null", good.replace("\"a\"", "\"sub\":null,\"a\""));
    cases.put("aud array", good.replace("\"a\"", "\"aud\":[\"shop\"],\"a\""));
    cases.put("depth 33 in an attribute", good.replace("{}}", "{\"x\":" + nested(33) + "}}"));
    cases.put("depth 1001 in an attribute", good.replace("{}}", "{\"x\":" + nested(1001) + "}}"));
    cases.put(
        "depth 5000 in another claim", good.replace("\"a\"", "\"x\":" + nested(5000) + ",\"a\""));
    cases.put("5000 arrays not closed", good.replace("{}}", "{\"x\":" + "[".repeat(5000)));
    return cases;
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  static Stream<Arguments> all() {
    return unreadable().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  /** Looked at when somebody reads it: the session does not fall with one attribute. */
  @Test
  void attribute_withANameTwiceOrNoUtf8_isUnreadableAndTheSessionIsNot() {
    for (String value : List.of("{\"y\":1,\"y\":1}", "{\"#\":1,\"#\":1}", "[{\"y\":1,\"y\":1}]")) {
      String payload = "{" + ID + "," + TIMES + ",\"a\":{\"x\":" + value + ",\"z\":1}}";
      SessionState state = TestKeys.accept(codec, minter.token(payload)).state();
      assertThatThrownBy(() -> state.attribute("x")).isInstanceOf(AttributeException.class);
      assertThat(state.attribute("z")).isEqualTo(1);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void payload_thatNoWriterWrites_isUnreadable(String name, String payload) {
    assertThat(TestKeys.reject(codec, minter.token(payload))).isEqualTo(Rejection.UNREADABLE);
  }

  @Test
  void control_thePayloadTheyAreMadeOf_isAccepted() {
    TestKeys.accept(codec, minter.token("{" + ID + "," + TIMES + ",\"a\":{}}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
  void payload_inAnotherEncoding_isUnreadable(String charset) {
    byte[] payload = minter.claims("{}").getBytes(Charset.forName(charset));
    assertThat(TestKeys.reject(codec, minter.token(payload))).isEqualTo(Rejection.UNREADABLE);
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ES256", "ED25519", "ED25519_A256GCM"})
  void audience_thatIsNotTheContext_isWrongContext(TokenAlgorithm algorithm) {
    SessionKey asymmetric = TestKeys.key(algorithm);
    Minter other = new Minter(asymmetric);
    TokenCodec reader = TestKeys.codec(asymmetric).build();
    String good = other.claims("{}");
    String audience = "\"aud\":\"" + TestKeys.CONTEXT + "\"";
    TestKeys.accept(reader, other.token(good));
    for (String wrong :
        List.of(
            good.replace(audience + ",", ""),
            good.replace("shop/cookie", "Shop/cookie"),
            good.replace(audience, "\"aud\":\"\""))) {
      assertThat(TestKeys.reject(reader, other.token(wrong))).isEqualTo(Rejection.WRONG_CONTEXT);
    }
    assertThat(
            TestKeys.reject(reader, other.token(good.replace(audience, audience + "," + audience))))
        .isEqualTo(Rejection.UNREADABLE);
  }

  @Test
  void depthOf32_inAnAttribute_isAccepted() {
    SessionState state =
        TestKeys.accept(codec, minter.tokenOf("{\"x\":" + nested(32) + "}")).state();
    assertThat(state.attribute("x")).isInstanceOf(List.class);
  }

  @Test
  void claims_ofALaterRelease_areIgnored() {
    String payload =
        minter.claims("{\"x\":1}").replace("\"a\":", "\"v\":2,\"n\":{\"x\":[1]},\"Exp\":0,\"a\":");
    assertThat(TestKeys.accept(codec, minter.token(payload)).state().attribute("x")).isEqualTo(1);
  }

  @Test
  void times_thatGoWithoutSaying_areTheUsualOnes() {
    String fewest = "{" + ID + ",\"iat\":1768473000.250,\"a\":{}}";
    MutableClock clock = new MutableClock(TestKeys.NOW.plusMillis(250));
    TokenCodec reader = TestKeys.codec(KeySource.of(KeyRing.of(key)), clock).build();
    SessionState state = TestKeys.accept(reader, minter.token(fewest)).state();

    assertThat(state.createdAt()).isEqualTo(TestKeys.NOW.plusMillis(250));
    assertThat(state.lastAccessedAt()).isEqualTo(state.createdAt());
    assertThat(state.expiresAt()).isEqualTo(TestKeys.NOW.plusSeconds(8 * 3600));
    assertThat(state.maxInactiveInterval()).hasMinutes(30);
    clock.advance(java.time.Duration.ofMinutes(30));
    assertThat(TestKeys.reject(reader, minter.token(fewest))).isEqualTo(Rejection.IDLE);
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ES256", "ED25519", "ED25519_A256GCM"})
  void times_ofWhatIsSignedForEverybody_areSaid(TokenAlgorithm algorithm) {
    SessionKey signing = TestKeys.key(algorithm);
    TokenCodec reader = TestKeys.codec(signing).build();
    Minter signer = new Minter(signing);
    TestKeys.accept(reader, signer.token(signer.claims(ID + "," + TIMES, "{}")));
    for (String claim : List.of("exp", "la", "mi")) {
      String times = TIMES.replaceFirst("\"" + claim + "\":\\d+,?", "").replaceFirst(",$", "");
      String token = signer.token(signer.claims(ID + "," + times, "{}"));
      assertThat(TestKeys.reject(reader, token)).as(claim).isEqualTo(Rejection.UNREADABLE);
    }
  }

  @Test
  void times_outOfAnyRange_areAValueAndNoException() {
    for (String times :
        List.of(
            "\"iat\":99999999999,\"exp\":99999999999,\"la\":9999999999999,\"mi\":9999999999",
            "\"iat\":0,\"exp\":99999999999,\"la\":9999999999999,\"mi\":9999999999",
            "\"iat\":0,\"exp\":0,\"la\":0,\"mi\":0",
            "\"iat\":1768473000,\"exp\":0,\"la\":0,\"mi\":0",
            "\"iat\":1768473000.999,\"exp\":1768501800.999,\"la\":0,\"mi\":1")) {
      Decoded decoded = codec.decode(minter.token(minter.claims(ID + "," + times, "{}")));
      assertThat(decoded.toString()).as(times).doesNotContain("UNVERIFIABLE");
    }
  }

  @Test
  void lifetimeLongerThanThePolicy_isCutEvenIfAuthentic() {
    String far = ID + ",\"iat\":1768473000,\"exp\":99999999999,\"la\":0,\"mi\":0";
    MutableClock clock = new MutableClock(TestKeys.NOW.plusSeconds(8 * 3600 + 59));
    TokenCodec reader = TestKeys.codec(KeySource.of(KeyRing.of(key)), clock).build();
    String token = minter.token(minter.claims(far, "{}"));
    TestKeys.accept(reader, token);
    clock.advance(java.time.Duration.ofSeconds(1));
    assertThat(TestKeys.reject(reader, token)).isEqualTo(Rejection.EXPIRED);
  }

  @Test
  void subjects_equalOnlyAfterNormalisation_areDifferent() {
    String composed = subject("\u00e9");
    String decomposed = subject("e\u0301");
    assertThat(composed).isNotEqualTo(decomposed);
    assertThat(subject("ADMIN")).isNotEqualTo(subject("admin"));
  }

  private String subject(String subject) {
    return TestKeys.accept(codec, codec.encode(codec.create().withSubject(subject)))
        .state()
        .subject()
        .orElseThrow();
  }

  @Test
  void attributes_withAnyWhiteSpaceAround_areCutOutExactly() {
    String spaced =
        "{ \"i\" : 1 , \"f\":\t-1.5e3\n,\"s\" : \"x\\\"y\" ,\r\"o\" : { \"k\" : [ 1 , 2 ] } , \"b\" :true,"
            + "\"n\"  :  null , \"l\": [ ] , \"u\":\"\u20ac\ud83d\ude00\" }";
    SessionState state = TestKeys.accept(codec, minter.tokenOf(spaced)).state();
    assertThat(state.attribute("i")).isEqualTo(1);
    assertThat(state.attribute("f")).isEqualTo(-1500.0);
    assertThat(state.attribute("s")).isEqualTo("x\"y");
    assertThat(state.attribute("o")).isEqualTo(Map.of("k", List.of(1, 2)));
    assertThat(state.attribute("b")).isEqualTo(true);
    assertThatThrownBy(() -> state.attribute("n")).isInstanceOf(AttributeException.class);
    assertThat(state.attribute("l")).isEqualTo(List.of());
    assertThat(state.attribute("u")).isEqualTo("\u20ac\ud83d\ude00");
    for (String name : state.attributeNames()) {
      JsonSlice slice = state.attributes().get(name);
      String text =
          new String(slice.buffer(), slice.offset(), slice.length(), StandardCharsets.UTF_8);
      assertThat(text).as(name).isEqualTo(text.strip()).doesNotEndWith(",");
    }
  }

  @Test
  void untouchedAttributes_areCarriedByteForByte() {
    // Forms that this release would write otherwise: escapes, spaces, exponents, unknown tags.
    String odd =
        "{\"e\":\"\\u0041\\/\",\"n\":1.50E+2,\"s\":{ \"k\" : 1 },\"t\":{\"@later\":[1]},\"r\":{\"#x\":{}}}";
    SessionState state = TestKeys.accept(codec, minter.tokenOf(odd)).state();

    SessionState again =
        TestKeys.accept(codec, codec.encode(state.withAttribute("new", 1))).state();

    assertThat(again.attributes().keySet()).containsExactly("e", "n", "s", "t", "r", "new");
    for (String name : state.attributeNames()) {
      assertThat(again.attributes().get(name)).isEqualTo(state.attributes().get(name));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "A256CBC_HS512", "A256KW"})
  void zippedToken_ofWrongContent_isRefusedByTheInflater(TokenAlgorithm algorithm) {
    SessionKey sealing = TestKeys.key(algorithm);
    TokenCodec reader = TestKeys.codec(sealing).build();
    Minter writer = new Minter(sealing);
    byte[] json = writer.claims("{}").getBytes(StandardCharsets.UTF_8);
    assertThat(TestKeys.reject(reader, writer.compressedToken(json)))
        .isEqualTo(Rejection.UNREADABLE);
    byte[] bomb =
        CompartmentedDeflate.compress(
            List.of(new Claims.Piece("x", new byte[60_000])), java.util.Set.of(), 1);
    assertThat(TestKeys.reject(reader, writer.compressedToken(bomb))).isEqualTo(Rejection.TOO_LONG);
  }
}
