package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Base64UrlTest {

  @ParameterizedTest
  @CsvSource({ // RFC 4648 §10, without padding
    "'', ''",
    "f, Zg",
    "fo, Zm8",
    "foo, Zm9v",
    "foob, Zm9vYg",
    "fooba, Zm9vYmE",
    "foobar, Zm9vYmFy"
  })
  void text_ofRfc4648_isDecodedAndEncoded(String plain, String encoded) {
    byte[] bytes = plain.getBytes(StandardCharsets.US_ASCII);
    assertThat(Base64Url.encode(bytes)).isEqualTo(encoded);
    assertThat(Base64Url.decode(encoded)).isEqualTo(bytes);
    assertThat(Base64Url.decode("." + encoded + ".", 1, encoded.length() + 1)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "AAAAA",
        "=",
        "Zg=",
        "Zg==",
        "Zm8=",
        "Zm9v=",
        "Zh",
        "Zi",
        "Zv",
        "Z_",
        "Zm9",
        "Zm-",
        "Zm9vYh",
        "Zm9vYmF",
        "+A",
        "/A",
        "A+",
        "Zm9v ",
        " Zm9v",
        "Zm 9v",
        "Zm\n9v",
        "Zm9v\r\n",
        "Zm9v.",
        "Zm9v?",
        "\u00e9AAA",
        "\uff21AAA",
        "AA\u0000A",
        "AAA\ud800",
        "AAA\u007f",
        "AAA@",
        "AAA[",
        "AAA`",
        "AAA{",
        "AAA:"
      })
  void text_thatIsNotCanonical_isRefused(String text) {
    assertThat(Base64Url.decode(text)).isNull();
  }

  @Test
  void everyCharacter_isInTheAlphabetOrRefused() {
    int accepted = 0;
    for (int c = 0; c < 0x10000; c++) {
      if (Base64Url.decode("" + (char) c + "AAA") != null) {
        accepted++;
        assertThat("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
            .contains("" + (char) c);
      }
    }
    assertThat(accepted).isEqualTo(64);
  }

  @Test
  void everyByteString_hasOneText() {
    // Of all texts of two and three characters exactly one per byte string is taken.
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int two = 0;
    int three = 0;
    for (char a : alphabet.toCharArray()) {
      for (char b : alphabet.toCharArray()) {
        two += Base64Url.decode("" + a + b) == null ? 0 : 1;
        for (char c : alphabet.toCharArray()) {
          three += Base64Url.decode("" + a + b + c) == null ? 0 : 1;
        }
      }
    }
    assertThat(two).isEqualTo(1 << 8);
    assertThat(three).isEqualTo(1 << 16);
  }

  @Test
  void bytesOfAnyLength_comeBack() {
    SeededRandom random = new SeededRandom("base64url");
    for (int length = 0; length < 300; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      String text = Base64Url.encode(bytes);
      assertThat(text).isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
      assertThat(Base64Url.decode(text)).isEqualTo(bytes);
    }
  }

  /** Short and long ones go different ways. */
  @Test
  void bytesInPlace_areEncodedAsTheJdkDoes() {
    Base64.Encoder jdk = Base64.getUrlEncoder().withoutPadding();
    for (int length = 0; length < 200; length++) {
      byte[] bytes = new byte[length + 7];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (97 * i + 31 * length);
      }
      byte[] text = new byte[Base64Url.encodedLength(length) + 2];
      int end = Base64Url.encode(bytes, 3, 3 + length, text, 1);
      assertThat(end).isEqualTo(text.length - 1);
      assertThat(new String(text, 1, end - 1, StandardCharsets.US_ASCII))
          .isEqualTo(jdk.encodeToString(Arrays.copyOfRange(bytes, 3, 3 + length)));
      assertThat(text[0]).isZero();
      assertThat(text[end]).isZero();
    }
  }
}
