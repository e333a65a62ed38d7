package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that lies among other bytes decodes to what it does alone, and is refused alike. */
class Base64UrlInPlaceTest {
  private static final int BEFORE = 3; // bytes in front of the text, and of what it decodes to
  private static final int BEHIND = 5;
  private static final byte MARK = 'Q'; // of the alphabet: who looks beyond the text may take it
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private final SeededRandom random = new SeededRandom("base64url in place");

  private byte[] canonical(int length) {
    byte[] bytes = new byte[Base64Url.decodedLength(length)];
    random.nextBytes(bytes);
    String text = Base64Url.encode(bytes);
    // None has this length where it is 1 modulo 4.
    return (text + "A".repeat(length - text.length())).getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] ofTheAlphabet(int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
    }
    return text;
  }

  /** Whether it was decoded, to the same bytes as alone; else refused as alone. */
  private static boolean isDecodedAsAlone(byte[] text) {
    int length = text.length;
    byte[] expected = Base64Url.decode(new String(text, StandardCharsets.ISO_8859_1));
    byte[] among = new byte[BEFORE + length + BEHIND];
    Arrays.fill(among, MARK);
    System.arraycopy(text, 0, among, BEFORE, length);
    int room = Base64Url.decodedLength(length);
    byte[] target = new byte[BEFORE + room + BEHIND];
    Arrays.fill(target, MARK);

    int decoded = Base64Url.decode(among, BEFORE, BEFORE + length, target, BEFORE);
    boolean isCanonical = Base64Url.isCanonical(among, BEFORE, BEFORE + length);

    assertThat(isCanonical).as("%s", Arrays.toString(text)).isEqualTo(expected != null);
    assertThat(decoded)
        .as("%s", Arrays.toString(text))
        .isEqualTo(expected == null ? -1 : expected.length);
    if (expected != null) {
      assertThat(Arrays.copyOfRange(target, BEFORE, BEFORE + decoded)).isEqualTo(expected);
    }
    for (int i = 0; i < BEFORE; i++) {
      assertThat(target[i]).isEqualTo(MARK);
    }
    for (int i = BEFORE + room; i < target.length; i++) {
      assertThat(target[i]).isEqualTo(MARK);
    }
    return expected != null;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 6, 7, 8})
  void text_withAnyByteAnywhere_isDecodedOrRefusedAsAlone(int length) {
    byte[] zeros = "A".repeat(length).getBytes(StandardCharsets.US_ASCII);
    for (byte[] base : List.of(zeros, canonical(length), canonical(length))) {
      assertThat(isDecodedAsAlone(base)).isTrue();
      for (int at = 0; at < length; at++) {
        int accepted = 0;
        for (int b = 0; b < 256; b++) {
          byte[] text = base.clone();
          text[at] = (byte) b;
          accepted += isDecodedAsAlone(text) ? 1 : 0;
        }
        int unusedBits = at < length - 1 ? 0 : length % 4 == 2 ? 4 : length % 4 == 3 ? 2 : 0;
        assertThat(accepted).isEqualTo(64 >> unusedBits);
      }
    }
  }

  @Test
  void text_ofAnyLength_isDecodedOrRefusedAsAlone() {
    for (int length = 0; length <= 40; length++) {
      assertThat(isDecodedAsAlone(canonical(length))).isEqualTo(length % 4 != 1);
      for (int i = 0; i < 50; i++) {
        isDecodedAsAlone(ofTheAlphabet(length));
      }
    }
  }

  /** Long ones go through the JDK's decoder, but for their ends. */
  @ParameterizedTest
  @ValueSource(ints = {44, 46, 47, 48, 49, 50, 51, 52, 200})
  void segment_withAnyCharacterAnywhere_isDecodedOrRefusedAsAlone(int length) {
    Segments segments = new Segments();
    String base = new String(canonical(length), StandardCharsets.US_ASCII);
    for (int at : new int[] {0, 1, 2, 3, length / 2, length - 5, length - 2, length - 1}) {
      for (char c = 0; c < 256; c++) {
        String text = base.substring(0, at) + c + base.substring(at + 1);
        byte[] decoded;
        try {
          segments.load("Q.Q" + text + "Q");
          decoded = segments.decoded(BEFORE, BEFORE + length);
        } catch (RejectedTokenException e) {
          assertThat(e.reason()).isEqualTo(Rejection.MALFORMED);
          decoded = null;
        }
        assertThat(decoded).as("%s", text).isEqualTo(Base64Url.decode(text));
      }
    }
  }
}
