package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SizeBudgetTest {

  private static TokenCodec codec(TokenAlgorithm algorithm) {
    return TestKeys.codec(TestKeys.key(algorithm)).build();
  }

  private static String noise(int length) {
    byte[] bytes = new byte[length];
    new SeededRandom("noise").nextBytes(bytes);
    return Base64Url.encode(bytes);
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void session_tooLarge_namesSizesAndNamesButNoValues(TokenAlgorithm algorithm) {
    TokenCodec codec = codec(algorithm);
    SessionState state = codec.create().withSubject("canary-subject");
    for (int i = 1; i <= 7; i++) {
      state = state.withAttribute("part" + i, "canary" + noise(100 * i));
    }
    SessionState large = state;

    SessionTooLargeException e =
        catchThrowableOfType(SessionTooLargeException.class, () -> codec.encode(large, 1_000));

    assertThat(e.limit()).isEqualTo(1_000);
    assertThat(e.length()).isEqualTo(codec.encode(large).length());
    assertThat(List.copyOf(e.largestAttributes().keySet()))
        .isEqualTo(List.of("part7", "part6", "part5", "part4", "part3"));
    assertThat(e.largestAttributes()).containsEntry("part7", large.attributeSize("part7"));
    assertThat(e)
        .hasMessage(
            "session token would be "
                + e.length()
                + " characters, limit 1000; largest attributes in bytes before compression:"
                + " part7=942, part6=808, part5=675, part4=542, part3=408")
        .hasMessageNotContaining("canary");
    assertThat(codec.encode(large, e.length())).hasSize(e.length());
    assertThatThrownBy(() -> codec.encode(large, e.length() - 1))
        .isInstanceOf(SessionTooLargeException.class);
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void session_ofAnySize_isWrittenOrRefusedButNeverUnreadable(TokenAlgorithm algorithm) {
    TokenCodec codec = codec(algorithm);
    for (int size : new int[] {8_000, 11_000, 12_000, 12_500, 49_000, 66_000, 100_000, 1_000_000}) {
      SessionState state = codec.create().withAttribute("x", noise(size * 3 / 4));
      String token;
      try {
        token = codec.encode(state);
      } catch (SessionTooLargeException e) {
        assertThat(e.length()).isGreaterThan(e.limit());
        continue;
      }
      assertThat(token.length()).isLessThanOrEqualTo(TokenCodec.MAX_TOKEN_LENGTH);
      TestKeys.accept(codec, token);
    }
  }

  @Test
  void session_beyondTheReadersInflateLimit_isRefusedThoughItShrinks() {
    TokenCodec codec = codec(TokenAlgorithm.A256GCM);
    SessionState state = codec.create().withAttribute("x", "x".repeat(70_000));
    assertThatThrownBy(() -> codec.encode(state)).isInstanceOf(SessionTooLargeException.class);
  }

  @Test
  void limit_outOfRange_isRefused() {
    TokenCodec codec = codec(TokenAlgorithm.A256GCM);
    SessionState state = codec.create();
    for (int limit : new int[] {Integer.MIN_VALUE, -1, 0, 16_385, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> codec.encode(state, limit))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("maxLength is " + limit + ", allowed is 1 to 16384");
    }
  }

  @Test
  void largestAttributes_cannotBeChanged() {
    TokenCodec codec = codec(TokenAlgorithm.A256GCM);
    SessionState state = codec.create().withAttribute("x", "x");
    Map<String, Integer> largest =
        catchThrowableOfType(SessionTooLargeException.class, () -> codec.encode(state, 1))
            .largestAttributes();
    assertThatThrownBy(() -> largest.put("y", 1)).isInstanceOf(UnsupportedOperationException.class);
  }
}
