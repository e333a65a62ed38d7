package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompartmentedDeflateTest {
  private static final Claims CLAIMS = new Claims(TestKeys.CONTEXT, AttributeTypes.builtIn());
  private final TokenCodec codec =
      TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM))
          .policy(SessionPolicy.defaults().withCompressionThreshold(0))
          .build();

  @ParameterizedTest
  @ValueSource(ints = {1, 32, 64})
  void stream_ofAnySession_inflatesToTheClaimsAndItsPadding(int bucket) throws Exception {
    SeededRandom random = new SeededRandom("streams");
    for (int round = 0; round < 300; round++) {
      SessionState state = codec.create();
      for (int i = random.nextInt(6); i > 0; i--) {
        int length = random.nextInt(400);
        String text =
            random.nextBoolean() ? "ab".repeat(length / 2) : random.ints(length).sum() + "é\u0000";
        state = state.withAttribute("a" + random.nextInt(10), text);
      }
      List<Claims.Piece> pieces = CLAIMS.write(state, false);

      byte[] stream = CompartmentedDeflate.compress(pieces, Set.of("a3"), bucket);

      assertThat(stream.length % bucket).isZero();
      String inflated = new String(BoundedInflate.inflate(stream), StandardCharsets.UTF_8);
      String json = new String(Claims.join(pieces), StandardCharsets.UTF_8);
      assertThat(inflated).startsWith(json);
      assertThat(inflated.substring(json.length())).isBlank().hasSizeLessThan(bucket);
    }
  }

  @Test
  void piece_thatEqualsTheOneBeforeIt_isAsLongAsThatOne() {
    // One deflater for all pieces of all tokens: nothing that it read before may be matched.
    Spares<Deflater> spares = new Spares<>();
    byte[] text =
        "Bearer 7fQz19KcX02mLp8B, and once more 7fQz19KcX02mLp8B; Bearer"
            .repeat(2)
            .getBytes(StandardCharsets.US_ASCII);
    Claims.Piece piece = new Claims.Piece("a", text);
    int end = CompartmentedDeflate.compress(List.of(), Set.of(), 32, 1, spares).length;

    int one = CompartmentedDeflate.compress(List.of(piece), Set.of(), 32, 1, spares).length - end;
    int three =
        CompartmentedDeflate.compress(List.of(piece, piece, piece), Set.of(), 32, 1, spares).length
            - end;

    assertThat(one).isLessThan(text.length);
    assertThat(three).isEqualTo(3 * one);
    assertThat(CompartmentedDeflate.compress(List.of(piece), Set.of(), 32, 1, spares).length - end)
        .isEqualTo(one);
  }

  @Test
  void piece_belowTheShortest_isStored_andFromThereCompressedWhereItShrinks() {
    for (int length = 40; length < 90; length++) {
      Claims.Piece piece =
          new Claims.Piece("a", "a".repeat(length).getBytes(StandardCharsets.US_ASCII));
      int bytes =
          CompartmentedDeflate.compress(List.of(piece), Set.of(), 64, 1, new Spares<>()).length;
      if (length < 64) {
        assertThat(bytes).isEqualTo(length + CompartmentedDeflate.STORED_OVERHEAD);
      } else {
        assertThat(bytes).isLessThan(length / 2);
      }
    }
  }

  @Test
  void piece_thatDoesNotShrink_leavesNothingBeforeTheNext() throws Exception {
    Spares<Deflater> spares = new Spares<>();
    byte[] noise = new byte[60_000]; // several blocks: more than there is room for
    new SeededRandom("noise between").nextBytes(noise);
    byte[] text = "again and ".repeat(30).getBytes(StandardCharsets.US_ASCII);
    List<Claims.Piece> pieces = List.of(new Claims.Piece("n", noise), new Claims.Piece("t", text));

    byte[] stream = CompartmentedDeflate.compress(pieces, Set.of(), 32, 1, spares);

    assertThat(BoundedInflate.inflate(stream)).isEqualTo(Claims.join(pieces));
  }

  @Test
  void storedText_longerThanOneBlock_isSplit() throws Exception {
    byte[] noise = new byte[100_000];
    new SeededRandom("noise").nextBytes(noise);
    List<Claims.Piece> pieces = List.of(new Claims.Piece(null, noise));
    byte[] stream = CompartmentedDeflate.compress(pieces, Set.of(), 1);
    assertThat(stream).hasSize(noise.length + 2 * CompartmentedDeflate.STORED_OVERHEAD);
  }

  /** Sizes at which a session was written and then not read; empty is right. */
  private List<String> unreadable(SessionState base, String some, int from, int to) {
    List<String> unreadable = new ArrayList<>();
    int written = 0;
    for (int subject = 1; subject <= 64; subject += 9) { // shifts the padding
      SessionState state = base.withSubject("s".repeat(subject));
      for (int size = from; size < to; size += 3) {
        String token;
        try {
          token = codec.encode(state.withAttribute("text", some + "x".repeat(size)));
        } catch (SessionTooLargeException e) {
          continue;
        }
        written++;
        if (codec.decode(token) instanceof Decoded.Rejected rejected) {
          unreadable.add(rejected.reason() + " at " + size + ", " + subject);
        }
      }
    }
    assertThat(written).isPositive();
    return unreadable;
  }

  @Test
  void session_atTheRatioLimitByItsPadding_isReadAgain() {
    // Padding inside the stream counts on the way in, as to ratio and as to size.
    assertThat(unreadable(codec.create(), "", 18_800, 19_300)).isEmpty();
  }

  @Test
  void session_atTheDocumentLimitByItsPadding_isReadAgain() {
    StringBuilder some = new StringBuilder();
    SeededRandom random = new SeededRandom("near the limit");
    for (int i = 0; i < 1500; i++) {
      some.append((char) ('a' + random.nextInt(26)));
    }
    assertThat(unreadable(codec.create(), some.toString(), 63_750, 64_050)).isEmpty();
  }
}
