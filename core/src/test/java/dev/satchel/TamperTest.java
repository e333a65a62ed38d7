package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every single change to one token of each profile: never accepted, never an exception. */
class TamperTest {
  /** How many mutants were tried, so that a loop that runs over nothing cannot pass. */
  private int mutants;

  private String original = "";
  private TokenCodec codec;

  private void mint(TokenAlgorithm algorithm) {
    codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    original = codec.encode(codec.create().withAttribute("user", "alice"));
    TestKeys.accept(codec, original);
  }

  private void mustBeRejected(String mutant, String how) {
    if (mutant.equals(original)) {
      return;
    }
    mutants++;
    // UNVERIFIABLE would be an exception swallowed, and the client's to cause.
    assertThat(TestKeys.reject(codec, mutant)).as(how).isNotEqualTo(Rejection.UNVERIFIABLE);
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void bit_flippedInAnySegment_isRejected(TokenAlgorithm algorithm) {
    mint(algorithm);
    String[] segments = original.split("\\.", -1);
    for (int s = 0; s < segments.length; s++) {
      byte[] bytes = Base64Url.decode(segments[s]);
      for (int bit = 0; bit < 8 * bytes.length; bit++) {
        byte[] changed = bytes.clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        mustBeRejected(with(segments, s, changed), "segment " + s + ", bit " + bit);
      }
    }
    assertThat(mutants).isGreaterThan(8 * original.length() / 2);
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void byte_droppedOrDoubledInAnySegment_isRejected(TokenAlgorithm algorithm) {
    mint(algorithm);
    String[] segments = original.split("\\.", -1);
    for (int s = 0; s < segments.length; s++) {
      byte[] bytes = Base64Url.decode(segments[s]);
      for (int i = 0; i < bytes.length; i++) {
        mustBeRejected(with(segments, s, dropped(bytes, i)), "segment " + s + " drops " + i);
        mustBeRejected(with(segments, s, doubled(bytes, i)), "segment " + s + " doubles " + i);
      }
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      mustBeRejected(with(segments, s, longer), "segment " + s + " gains a zero byte");
    }
    assertThat(mutants).isGreaterThan(original.length());
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void character_changedDroppedOrDoubled_isRejected(TokenAlgorithm algorithm) {
    mint(algorithm);
    // Verifying takes a millisecond, and every bit of the bytes behind the characters is flipped
    // above.
    int step = algorithm.isAsymmetric() && !algorithm.isConfidential() ? 7 : 1;
    for (int i = 0; i < original.length(); i++) {
      String before = original.substring(0, i);
      String after = original.substring(i + 1);
      for (int bit = 0; bit < 7; bit += step) {
        mustBeRejected(
            before + (char) (original.charAt(i) ^ 1 << bit) + after, "character " + i + ", " + bit);
      }
      mustBeRejected(before + after, "drops character " + i);
      mustBeRejected(before + original.charAt(i) + original.charAt(i) + after, "doubles " + i);
      mustBeRejected(before, "cut at " + i);
    }
    assertThat(mutants).isGreaterThan((2 + 7 / step) * original.length());
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void segments_exchangedBetweenTwoTokens_areRejected(TokenAlgorithm algorithm) {
    mint(algorithm);
    String other = codec.encode(codec.create().withAttribute("user", "mallo"));
    String[] segments = original.split("\\.", -1);
    String[] foreign = other.split("\\.", -1);
    int all = 1 << segments.length;
    for (int mask = 1; mask < all - 1; mask++) {
      String[] mixed = segments.clone();
      for (int s = 0; s < mixed.length; s++) {
        mixed[s] = (mask & 1 << s) != 0 ? foreign[s] : segments[s];
      }
      String token = String.join(".", mixed);
      if (!token.equals(other)) {
        mustBeRejected(token, "segments of the other token: " + Integer.toBinaryString(mask));
      }
    }
    assertThat(mutants).isPositive();
  }

  private static String with(String[] segments, int index, byte[] bytes) {
    String[] changed = segments.clone();
    changed[index] = Base64Url.encode(bytes);
    return Arrays.stream(changed).collect(Collectors.joining("."));
  }

  private static byte[] dropped(byte[] bytes, int index) {
    byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
    System.arraycopy(bytes, index + 1, shorter, index, shorter.length - index);
    return shorter;
  }

  private static byte[] doubled(byte[] bytes, int index) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    System.arraycopy(bytes, index, longer, index + 1, bytes.length - index);
    return longer;
  }
}
