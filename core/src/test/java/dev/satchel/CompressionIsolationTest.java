package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/**
 * The length of a token tells nothing about one attribute through another (CRIME): guesses of one
 * length give one token length, although one of them is the hidden attribute.
 */
class CompressionIsolationTest {
  private static final String HIDDEN = "csrf=7fQz19KcX02mLp8B";
  private static final int GUESSES = 2_500;

  private final TokenCodec codec =
      TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM))
          .policy(SessionPolicy.defaults().withCompressionThreshold(0))
          .build();

  private final SessionState session =
      codec
          .create()
          .withSubject("alice")
          .withAttribute("hidden", HIDDEN + ";" + profile())
          .withAttribute("profile", profile());

  /** Text long enough to be compressed, around it what the attacker knows. */
  private static String profile() {
    return "name=alice;city=paris;".repeat(20);
  }

  private static List<String> guesses() {
    SeededRandom random = new SeededRandom("guesses");
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    List<String> guesses = new ArrayList<>();
    guesses.add(HIDDEN);
    for (int known = 5; guesses.size() < GUESSES; known = 5 + (known - 4) % 15) {
      // The attacker has the first characters right, and tries the rest.
      StringBuilder guess = new StringBuilder(HIDDEN.substring(0, known));
      while (guess.length() < HIDDEN.length()) {
        guess.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      guesses.add(guess.toString());
    }
    return guesses;
  }

  private static Set<Integer> lengths(ToIntFunction<String> length) {
    Set<Integer> lengths = new LinkedHashSet<>();
    List<String> guesses = guesses();
    assertThat(guesses).hasSizeGreaterThanOrEqualTo(2_000).contains(HIDDEN);
    for (String guess : guesses) {
      lengths.add(length.applyAsInt(guess));
    }
    return lengths;
  }

  /** The claims with the guess as an attribute of its own: compressed on its own. */
  private byte[] claims(String guess) {
    SessionState state = session.withAttribute("search", guess);
    return Claims.join(new Claims(TestKeys.CONTEXT, AttributeTypes.builtIn()).write(state, false));
  }

  @Test
  void token_withAnyGuessInAnotherAttribute_hasOneLength() {
    assertThat(isCompressed(codec.encode(session))).isTrue();

    Set<Integer> lengths =
        lengths(guess -> codec.encode(session.withAttribute("search", guess)).length());

    assertThat(lengths).hasSize(1);
  }

  @Test
  void payload_withAnyGuessInAnotherAttribute_hasOneLengthBeforePadding() {
    // Padding could hide a leak from the test above: here a bucket of one byte hides nothing.
    Claims claims = new Claims(TestKeys.CONTEXT, AttributeTypes.builtIn());

    Set<Integer> lengths =
        lengths(
            guess ->
                CompartmentedDeflate.compress(
                        claims.write(session.withAttribute("search", guess), false), Set.of(), 1)
                    .length);

    assertThat(lengths).hasSize(1);
  }

  @Test
  void payload_withTheGuessAsAttributeName_hasOneLengthBeforePadding() {
    Claims claims = new Claims(TestKeys.CONTEXT, AttributeTypes.builtIn());

    Set<Integer> lengths =
        lengths(
            guess ->
                CompartmentedDeflate.compress(
                        claims.write(session.withAttribute(guess, "x"), false), Set.of(), 1)
                    .length);

    assertThat(lengths).hasSize(1);
  }

  @Test
  void payload_withTheGuessAsSubject_hasOneLengthBeforePadding() {
    Claims claims = new Claims(TestKeys.CONTEXT, AttributeTypes.builtIn());

    Set<Integer> lengths =
        lengths(
            guess ->
                CompartmentedDeflate.compress(
                        claims.write(session.withSubject(guess), false), Set.of(), 1)
                    .length);

    assertThat(lengths).hasSize(1);
  }

  @Test
  void control_compressedInOneWindow_leaks() {
    // What everybody else does. Were this of one length too, the tests above would show nothing.
    Set<Integer> lengths = lengths(guess -> inOneWindow(claims(guess)).length);

    assertThat(lengths).hasSizeGreaterThan(5);
    int ofTheRightGuess = inOneWindow(claims(HIDDEN)).length;
    long shorter = lengths.stream().filter(length -> length < ofTheRightGuess).count();
    assertThat(shorter).as("lengths below that of the right guess").isLessThanOrEqualTo(2);
  }

  @Test
  void control_guessInsideTheHiddenAttribute_leaks() {
    // The remaining risk, as documented: secret and attacker text inside one attribute.
    Claims claims = new Claims(TestKeys.CONTEXT, AttributeTypes.builtIn());
    ToIntFunction<String> length =
        guess ->
            CompartmentedDeflate.compress(
                    claims.write(
                        session.withAttribute("both", HIDDEN + ";" + profile() + guess), false),
                    Set.of(),
                    1)
                .length;
    assertThat(lengths(length)).hasSizeGreaterThan(3);
  }

  @Test
  void secretAttribute_withAnyContentOfOneLength_hasOneLengthBeforePadding() {
    Claims claims = new Claims(TestKeys.CONTEXT, AttributeTypes.builtIn());
    Set<Integer> lengths =
        lengths(
            guess ->
                CompartmentedDeflate.compress(
                        claims.write(
                            session.withAttribute("both", HIDDEN + ";" + profile() + guess), false),
                        Set.of("both"),
                        1)
                    .length);
    assertThat(lengths).hasSize(1);
  }

  @Test
  void secretAttribute_isStandingInTheStreamAsItIs() {
    Claims claims = new Claims(TestKeys.CONTEXT, AttributeTypes.builtIn());
    SessionState state = codec.create().withAttribute("pin", "0000".repeat(50));
    byte[] stream = CompartmentedDeflate.compress(claims.write(state, false), Set.of("pin"), 64);
    assertThat(new String(stream, StandardCharsets.ISO_8859_1)).contains("0000".repeat(50));
  }

  private static byte[] inOneWindow(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] buffer = new byte[bytes.length + 64];
    int length = deflater.deflate(buffer);
    deflater.end();
    return java.util.Arrays.copyOf(buffer, length);
  }

  private static boolean isCompressed(String token) {
    byte[] header = Base64Url.decode(token.substring(0, token.indexOf('.')));
    return new String(header, StandardCharsets.US_ASCII).contains("\"zip\"");
  }
}
