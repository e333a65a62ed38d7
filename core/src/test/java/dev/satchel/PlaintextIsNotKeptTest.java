package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was sealed is not left in what a codec keeps for its next token, in whatever form. */
class PlaintextIsNotKeptTest {
  private static final String VALUE = "canary-7391, of an attribute that nobody keeps";
  private static final int PIECE = 9; // bytes, and so three groups of base64url

  /** Every piece of the value as it is, and as it is in base64url wherever a group begins there. */
  private static List<String> pieces() {
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i + PIECE <= VALUE.length(); i++) {
      String piece = VALUE.substring(i, i + PIECE);
      pieces.add(piece);
      pieces.add(Base64Url.encode(piece.getBytes(StandardCharsets.US_ASCII)));
    }
    return pieces;
  }

  /** The texts that are reachable, and the bytes as if they were text. */
  private static List<String> texts(Object root) throws IllegalAccessException {
    List<String> texts = new ArrayList<>();
    for (Object object : ReachableObjects.of(root)) {
      if (object instanceof byte[] bytes) {
        texts.add(new String(bytes, StandardCharsets.ISO_8859_1));
      } else if (object instanceof char[] chars) {
        texts.add(new String(chars));
      } else if (object instanceof String || object instanceof StringBuilder) {
        texts.add(object.toString());
      }
    }
    return texts;
  }

  private static List<String> kept(Object root) throws IllegalAccessException {
    List<String> texts = texts(root);
    return pieces().stream()
        .filter(piece -> texts.stream().anyMatch(text -> text.contains(piece)))
        .toList();
  }

  private static void assertKeepsNothing(TokenCodec codec) throws IllegalAccessException {
    assertThat(ReachableObjects.of(codec)).hasAtLeastOneElementOfType(Segments.class);
    assertThat(kept(codec)).isEmpty();
  }

  /** Or what follows would find nothing wherever it is. */
  @Test
  void control_valueInWhateverForm_isFound() throws Exception {
    byte[] value = VALUE.getBytes(StandardCharsets.US_ASCII);
    for (int shift = 0; shift < 3; shift++) {
      Segments segments = new Segments();
      byte[] shifted = ("x".repeat(shift) + VALUE).getBytes(StandardCharsets.US_ASCII);
      segments.load("x." + Base64Url.encode(shifted));
      assertThat(kept(segments)).hasSizeGreaterThan(10);
    }
    Segments decoded = new Segments();
    System.arraycopy(value, 0, decoded.room(value.length), 0, value.length);
    assertThat(kept(decoded)).contains(VALUE.substring(0, PIECE));

    TokenCodec codec = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();
    SessionState state = codec.create().withAttribute("x", VALUE);
    assertThat(kept(TestKeys.accept(codec, codec.encode(state)))).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "A256CBC_HS512", "A256KW", "ED25519_A256GCM"})
  void token_thatWasOpened_leavesNothing(TokenAlgorithm algorithm) throws Exception {
    SessionKey key = TestKeys.key(algorithm);
    TokenCodec writer = TestKeys.codec(key).build();
    for (int times : new int[] {1, 60}) { // the longer one is compressed where the format can
      String value = VALUE.repeat(times);
      String token = writer.encode(writer.create().withAttribute("x", value));
      TokenCodec codec = TestKeys.codec(key).build();

      SessionState state = TestKeys.accept(codec, token).state();

      assertKeepsNothing(codec);
      assertThat(state.attribute("x")).isEqualTo(value);
      assertKeepsNothing(codec); // nor now that it was read
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "A256CBC_HS512", "A256KW", "ED25519_A256GCM"})
  void token_thatWasOpenedAndRefused_leavesNothing(TokenAlgorithm algorithm) throws Exception {
    SessionKey key = TestKeys.key(algorithm);
    MutableClock clock = new MutableClock(TestKeys.NOW.plus(Duration.ofHours(1)));
    TokenCodec codec = TestKeys.codec(KeySource.of(KeyRing.of(key)), clock).build();
    Minter minter = new Minter(key);
    String claims = minter.claims("{\"x\":\"" + VALUE + "\"}");

    assertThat(TestKeys.reject(codec, minter.token(claims))).isEqualTo(Rejection.IDLE);
    assertKeepsNothing(codec);

    String cut = claims.substring(0, claims.length() - 1);
    assertThat(TestKeys.reject(codec, minter.token(cut))).isEqualTo(Rejection.UNREADABLE);
    assertKeepsNothing(codec);
  }

  /** What is sealed need not be signed well, or at all. */
  @ParameterizedTest
  @ValueSource(strings = {"forged", "cut", "bare", "foreign"})
  void innerToken_thatIsRefused_leavesNothing(String fault) throws Exception {
    SessionKey key = TestKeys.key(TokenAlgorithm.ED25519_A256GCM);
    TokenCodec codec = TestKeys.codec(key).build();
    Minter minter = new Minter(key);
    byte[] claims = minter.claims("{\"x\":\"" + VALUE + "\"}").getBytes(StandardCharsets.US_ASCII);
    String signed = new String(minter.signed(claims), StandardCharsets.US_ASCII);
    int signature = signed.lastIndexOf('.') + 1;
    char first = signed.charAt(signature);
    String inner =
        switch (fault) {
          case "forged" ->
              signed.substring(0, signature)
                  + (first == 'A' ? 'B' : 'A')
                  + signed.substring(signature + 1);
          case "cut" -> signed.substring(0, signed.length() - 3);
          case "bare" -> signed.substring(0, signature);
          default -> signed.substring(0, signed.length() - 1) + "\u20ac";
        };

    assertThat(codec.decode(minter.tokenAround(inner)))
        .as(fault)
        .isInstanceOf(Decoded.Rejected.class);

    assertKeepsNothing(codec);
  }
}
