package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no compact token in strict base64url, whatever stands in it. */
class GrammarAttackTest {

  private static String mint(TokenAlgorithm algorithm) {
    TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    return codec.encode(codec.create().withAttribute("user", "alice"));
  }

  /** Texts by what is wrong with them; every one is MALFORMED. */
  private static Map<String, String> malformed(TokenAlgorithm algorithm) {
    String token = mint(algorithm);
    String[] parts = token.split("\\.", -1);
    int last = parts.length - 1;
    Map<String, String> cases = new LinkedHashMap<>();
    cases.put("empty", "");
    cases.put("one dot", ".");
    cases.put("dots only", "....");
    cases.put("no dot", token.replace(".", ""));
    cases.put("header alone", parts[0]);
    cases.put("header and a dot", parts[0] + ".");
    cases.put("one segment more", token + "." + parts[last]);
    cases.put("one empty segment more", token + ".");
    cases.put("one segment less", token.substring(0, token.lastIndexOf('.')));
    cases.put("leading dot", "." + token);
    cases.put("twice", token + token);
    cases.put("in quotes", '"' + token + '"');
    cases.put("as bearer", "Bearer " + token);
    cases.put("JSON serialization", "{\"protected\":\"" + parts[0] + "\",\"tag\":\"\"}");
    cases.put(
        "general JSON serialization",
        "{\"payload\":\"x\",\"signatures\":[{\"protected\":\"" + parts[0] + "\"}]}");
    cases.put("percent-encoded dots", token.replace(".", "%2E"));
    cases.put("percent-encoded letter", "%65" + token.substring(1));
    cases.put("wider letters", token.replace('e', '\uff45'));
    cases.put("a dot of another script", token.replace('.', '\u3002'));
    cases.put("NUL at the end", token + "\u0000");
    cases.put("lone surrogate at the end", token + "\ud800");
    for (String space : List.of(" ", "\t", "\r", "\n", "\r\n", "\u00a0", "\u2028", "\ufeff")) {
      String name = Integer.toHexString(space.charAt(0));
      cases.put("space " + name + " before" + space.length(), space + token);
      cases.put("space " + name + " behind" + space.length(), token + space);
      cases.put("space " + name + " at dots" + space.length(), token.replace(".", "." + space));
    }
    for (int s = 0; s < parts.length; s++) {
      cases.put("padding on segment " + s, with(parts, s, parts[s] + "="));
      cases.put("double padding on segment " + s, with(parts, s, parts[s] + "=="));
      cases.put("length 1 mod 4 of segment " + s, with(parts, s, oneModFour(parts[s])));
      cases.put("? in segment " + s, with(parts, s, parts[s] + "?"));
      cases.put("+ in segment " + s, with(parts, s, '+' + parts[s].replaceFirst("^.", "")));
      cases.put("/ in segment " + s, with(parts, s, '/' + parts[s].replaceFirst("^.", "")));
      if (parts[s].length() % 4 != 0) {
        cases.put("unused bits of segment " + s, with(parts, s, unusedBitsSet(parts[s])));
      }
      if (s > 0 && !parts[s].isEmpty()) {
        cases.put("segment " + s + " empty", with(parts, s, ""));
      }
    }
    return cases;
  }

  private static String with(String[] parts, int index, String segment) {
    String[] changed = parts.clone();
    changed[index] = segment;
    return String.join(".", changed);
  }

  private static String oneModFour(String segment) {
    return segment + "A".repeat((5 - segment.length() % 4) % 4);
  }

  /** The same bytes to a lenient decoder. */
  private static String unusedBitsSet(String segment) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int end = segment.length() - 1;
    return segment.substring(0, end) + alphabet.charAt(alphabet.indexOf(segment.charAt(end)) + 1);
  }

  static Stream<Arguments> all() {
    List<Arguments> all = new ArrayList<>();
    for (TokenAlgorithm algorithm : TokenAlgorithm.values()) {
      malformed(algorithm).forEach((name, text) -> all.add(Arguments.of(algorithm, name, text)));
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("all")
  void text_thatIsNoToken_isMalformed(TokenAlgorithm algorithm, String name, String text) {
    TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    assertThat(TestKeys.reject(codec, text)).isEqualTo(Rejection.MALFORMED);
    // Once more with the header remembered from an authentic token: the shorter path.
    TestKeys.accept(codec, mint(algorithm));
    assertThat(TestKeys.reject(codec, text)).isEqualTo(Rejection.MALFORMED);
  }

  @Test
  void nothing_isMalformed() {
    TokenCodec codec = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();
    assertThat(codec.decode(null))
        .isInstanceOfSatisfying(
            Decoded.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(Rejection.MALFORMED);
              assertThat(rejected.keyId()).isEmpty();
            });
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void token_longerThanTheLimit_isTooLong(TokenAlgorithm algorithm) {
    TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    String token = mint(algorithm);
    int limit = TokenCodec.MAX_TOKEN_LENGTH;
    for (int length : new int[] {limit + 1, 64 * 1024, 1024 * 1024}) {
      assertThat(TestKeys.reject(codec, token + "A".repeat(length - token.length())))
          .isEqualTo(Rejection.TOO_LONG);
      assertThat(TestKeys.reject(codec, ".".repeat(length))).isEqualTo(Rejection.TOO_LONG);
    }
    assertThat(TestKeys.reject(codec, token + "A".repeat(limit - token.length())))
        .isEqualTo(Rejection.MALFORMED);
    assertThat(TestKeys.reject(codec, ".".repeat(limit))).isEqualTo(Rejection.MALFORMED);
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void header_longerThanAnyOfOurs_isMalformedUnread(TokenAlgorithm algorithm) {
    TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    String rest = mint(algorithm).replaceFirst("^[^.]*", "");
    for (String filler : List.of("A".repeat(201), "[".repeat(10_000), "e30".repeat(3_000))) {
      assertThat(TestKeys.reject(codec, filler + rest)).isEqualTo(Rejection.MALFORMED);
    }
  }

  @Test
  void tokenOfTheOtherKind_underThatRing_isRejected() {
    TokenCodec sealing = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();
    TokenCodec signing = TestKeys.codec(TestKeys.key(TokenAlgorithm.HS256)).build();
    assertThat(TestKeys.reject(sealing, mint(TokenAlgorithm.HS256)))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
    assertThat(TestKeys.reject(signing, mint(TokenAlgorithm.A256GCM)))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
    // With the header of the ring, only the number of segments is wrong.
    String jwe = mint(TokenAlgorithm.A256GCM);
    String jws = mint(TokenAlgorithm.HS256);
    assertThat(TestKeys.reject(sealing, jwe.substring(0, jwe.indexOf('.')) + tail(jws)))
        .isEqualTo(Rejection.MALFORMED);
    assertThat(TestKeys.reject(signing, jws.substring(0, jws.indexOf('.')) + tail(jwe)))
        .isEqualTo(Rejection.MALFORMED);
  }

  private static String tail(String token) {
    return token.substring(token.indexOf('.'));
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"HS256", "ES256", "ED25519"})
  void signedToken_withDetachedPayload_isMalformed(TokenAlgorithm algorithm) {
    String[] parts = mint(algorithm).split("\\.", -1);
    TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    assertThat(TestKeys.reject(codec, parts[0] + ".." + parts[2])).isEqualTo(Rejection.MALFORMED);
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void randomTexts_areRejectedForAReason(TokenAlgorithm algorithm) {
    TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    String token = mint(algorithm);
    SeededRandom random = new SeededRandom("random texts " + algorithm);
    for (int i = 0; i < 3_000; i++) {
      char[] text = token.toCharArray();
      for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
        int at = random.nextInt(text.length);
        switch (random.nextInt(4)) {
          case 0 -> text[at] = (char) random.nextInt(0x10000);
          case 1 -> text[at] = '.';
          case 2 -> text[at] = token.charAt(random.nextInt(token.length()));
          default -> text = Arrays.copyOf(text, at + 1);
        }
      }
      String mutant = new String(text);
      if (!mutant.equals(token)) {
        assertThat(TestKeys.reject(codec, mutant)).isNotEqualTo(Rejection.UNVERIFIABLE);
      }
    }
  }

  @Test
  void rejection_allocatesNoStackTrace() {
    RejectedTokenException rejected = new RejectedTokenException(Rejection.MALFORMED);
    assertThat(rejected.getStackTrace()).isEmpty();
    assertThat(rejected.fillInStackTrace().getStackTrace()).isEmpty();
    rejected.addSuppressed(new IllegalStateException("lost"));
    assertThat(rejected.getSuppressed()).isEmpty();
  }

  @Test
  void expiredHour_isRejectedBeforeAnyKeyIsDerived() {
    SessionKey key = TestKeys.key(TokenAlgorithm.A256GCM);
    TokenCodec old =
        TestKeys.codec(KeySource.of(KeyRing.of(key)), () -> TestKeys.NOW.minus(Duration.ofDays(9)))
            .build();
    String token = old.encode(old.create());
    TokenCodec codec = TestKeys.codec(key).build();
    assertThat(TestKeys.reject(codec, token)).isEqualTo(Rejection.EXPIRED);
    // Nothing behind the header was looked at.
    assertThat(TestKeys.reject(codec, token.substring(0, token.indexOf('.') + 1)))
        .isEqualTo(Rejection.EXPIRED);
  }
}
