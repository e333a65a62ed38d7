package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Inflating is paid for by every request: little is not compressed for little. */
class CompressionIsWorthItTest {
  private final TokenCodec codec = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();

  /** Six bits of chance in eight: at most a quarter can be won, less the code's own description. */
  private static String noise(int length) {
    StringBuilder noise = new StringBuilder(length);
    SeededRandom random = new SeededRandom("noise of " + length);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    while (noise.length() < length) {
      noise.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return noise.toString();
  }

  private String token(String text) {
    String token = codec.encode(codec.create().withAttribute("text", text));
    assertThat(TestKeys.accept(codec, token).state().attribute("text")).isEqualTo(text);
    return token;
  }

  private static boolean isCompressed(String token) {
    byte[] header = Base64Url.decode(token.substring(0, token.indexOf('.')));
    return new String(header, StandardCharsets.US_ASCII).contains("\"zip\"");
  }

  @Test
  void lessThanAQuarter_ofASmallSession_isNotWon() {
    assertThat(isCompressed(token(noise(900)))).isFalse();
    assertThat(isCompressed(token(noise(1800)))).isFalse();
  }

  @Test
  void more_isWon() {
    assertThat(isCompressed(token("and once more ".repeat(60)))).isTrue();
    String half = noise(400) + noise(400);
    assertThat(token(half)).hasSizeLessThan(1000).matches(CompressionIsWorthItTest::isCompressed);
  }

  @Test
  void anything_ofASessionThatWouldNotFitOtherwise_isWon() {
    SessionState state = codec.create().withAttribute("text", noise(1400));
    int plain = codec.encode(state).length();
    assertThat(isCompressed(codec.encode(state))).isFalse();
    String token = codec.encode(state, plain - 1);
    assertThat(isCompressed(token)).isTrue();
    assertThat(token).hasSizeLessThan(plain - 200);
  }

  @Test
  void attributesBelow64Bytes_areTriedOnlyInASessionThatFillsACookie() {
    SessionState small = codec.create();
    SessionState large = codec.create();
    for (int i = 10; i < 60; i++) {
      small = i < 24 ? small.withAttribute("a" + i, "ab".repeat(22)) : small;
      large = large.withAttribute("a" + i, "ab".repeat(22));
    }
    Claims claims = new Claims(TestKeys.CONTEXT, AttributeTypes.builtIn());
    int tried = CompartmentedDeflate.compress(claims.write(small, false), Set.of(), 64).length;
    int padded = claims.write(small, false, 32).length;
    assertThat(tried).as("would be worth it").isLessThan(padded / 2);

    assertThat(isCompressed(codec.encode(small))).isFalse();
    assertThat(isCompressed(codec.encode(large))).isTrue();
    assertThat(codec.encode(large).length()).isLessThan(2_500);
  }

  @Test
  void anything_ofASessionThatFillsACookie_isWon() {
    String token = token(noise(2500));
    assertThat(isCompressed(token)).isTrue();
    assertThat(token).hasSizeLessThan(2500 * 4 / 3);
  }
}
