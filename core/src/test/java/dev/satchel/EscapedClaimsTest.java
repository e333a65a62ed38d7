package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A claim whose name or id is spelled with escapes is the claim that it says, and no other. */
class EscapedClaimsTest {
  /** No value is the one that goes without saying: a claim that is overlooked shows. */
  private static final String MEMBERS =
      "\"jti\":\""
          + Minter.SESSION_ID
          + "\",\"iat\":1768473000,\"exp\":1768476600,\"la\":5000,\"mi\":900,"
          + "\"sub\":\"anna\",\"auth_time\":1768473002.500";

  private static final List<String> NAMES =
      List.of("jti", "iat", "exp", "la", "mi", "sub", "auth_time", "a");

  private static String escaped(char c) {
    return String.format("\\u%04x", (int) c);
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (char c : text.toCharArray()) {
      escaped.append(escaped(c));
    }
    return escaped.toString();
  }

  /** One character of the text escaped, each in its turn, and then all. */
  private static List<String> spellings(String text) {
    List<String> spellings = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      spellings.add(text.substring(0, i) + escaped(text.charAt(i)) + text.substring(i + 1));
    }
    spellings.add(escaped(text));
    return spellings;
  }

  private static void assertSaysAllOf(SessionState state) {
    assertThat(state.id()).isEqualTo(Minter.SESSION_ID);
    assertThat(state.createdAt()).isEqualTo(TestKeys.NOW);
    assertThat(state.expiresAt()).isEqualTo(TestKeys.NOW.plusSeconds(3600));
    assertThat(state.lastAccessedAt()).isEqualTo(TestKeys.NOW.plusSeconds(5));
    assertThat(state.maxInactiveInterval()).hasSeconds(900);
    assertThat(state.subject()).contains("anna");
    assertThat(state.subjectSince()).isEqualTo(TestKeys.NOW.plusMillis(2500));
    assertThat(state.attributeNames()).containsExactly("x");
    assertThat(state.attribute("x")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "HS256", "ED25519", "ED25519_A256GCM"})
  void claimName_withAnEscape_isTheClaimThatItSays(TokenAlgorithm algorithm) {
    SessionKey key = TestKeys.key(algorithm);
    TokenCodec codec = TestKeys.codec(key).build();
    Minter minter = new Minter(key);
    String plain = minter.claims(MEMBERS, "{\"x\":1}");
    assertSaysAllOf(TestKeys.accept(codec, minter.token(plain)).state());
    List<String> names = new ArrayList<>(NAMES);
    if (algorithm.isAsymmetric()) {
      names.add("aud");
    }
    for (String name : names) {
      for (String spelling : spellings(name)) {
        String payload = plain.replace('"' + name + "\":", '"' + spelling + "\":");
        assertThat(payload).isNotEqualTo(plain);
        assertSaysAllOf(TestKeys.accept(codec, minter.token(payload)).state());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "ED25519"})
  void claim_onceWithAnEscapeAndOnceWithout_isThereTwice(TokenAlgorithm algorithm) {
    SessionKey key = TestKeys.key(algorithm);
    TokenCodec codec = TestKeys.codec(key).build();
    Minter minter = new Minter(key);
    String plain = minter.claims(MEMBERS, "{\"x\":1}");
    for (String name : NAMES) {
      String member = plain.replaceFirst(".*(\"" + name + "\":(\\{[^}]*}|[^,}]+)).*", "$1");
      assertThat(member).startsWith('"' + name + "\":");
      for (String spelling : spellings(name)) {
        String again = member.replaceFirst(name, spelling.replace("\\", "\\\\"));
        for (String twice : List.of(member + "," + again, again + "," + member)) {
          assertThat(TestKeys.reject(codec, minter.token(plain.replace(member, twice))))
              .as(twice)
              .isEqualTo(Rejection.UNREADABLE);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "ED25519"})
  void id_withAnEscape_isTheSameAsWithout(TokenAlgorithm algorithm) {
    SessionKey key = TestKeys.key(algorithm);
    TokenCodec codec = TestKeys.codec(key).build();
    Minter minter = new Minter(key);
    String plain = minter.claims(MEMBERS, "{\"x\":1}");
    String otherId = "A".repeat(Minter.SESSION_ID.length());
    for (String spelling : spellings(Minter.SESSION_ID)) {
      String payload = plain.replace(Minter.SESSION_ID, spelling);
      SessionState state = TestKeys.accept(codec, minter.token(payload)).state();
      assertSaysAllOf(state);
      assertSaysAllOf(state.withAttribute("x", 2).withAttribute("x", 1));
      SessionState again = TestKeys.accept(codec, codec.encode(state)).state();
      assertThat(again.id()).isEqualTo(Minter.SESSION_ID);
      // The id that was made is not the next session's.
      String next = minter.token(plain.replace(Minter.SESSION_ID, otherId));
      assertThat(TestKeys.accept(codec, next).state().id()).isEqualTo(otherId);
    }
  }
}
