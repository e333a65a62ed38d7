package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Text is well-formed where each half of a surrogate pair has its other half behind or before. */
class SurrogatesTest {
  private static final String PAIR = "\ud83d\ude00";
  private static final String HIGH = "\ud83d";
  private static final String LOW = "\ude00";

  @Test
  void text_ofPairsAndWholeCharacters_isWellFormed() {
    for (String text :
        List.of(
            "",
            "a",
            "\u0000",
            "\ud7ff",
            "\ue000",
            "\uffff",
            PAIR,
            "\ud800\udc00",
            "\udbff\udfff",
            PAIR + PAIR,
            "a" + PAIR,
            PAIR + "a",
            "a" + PAIR + "b" + PAIR + PAIR + "c")) {
      assertThat(StrictJson.isWellFormed(text)).as(StrictJson.quote(text)).isTrue();
    }
  }

  @Test
  void text_withHalfAPair_isNotWellFormed() {
    for (String half : List.of(HIGH, LOW, "\ud800", "\udbff", "\udc00", "\udfff")) {
      for (String text :
          List.of(
              half,
              half + "ab",
              "a" + half + "b",
              "ab" + half,
              "a" + half,
              half + "a",
              half + half,
              PAIR + half,
              half + "a" + PAIR,
              PAIR + half + "a",
              half + "\ue000")) {
        assertThat(StrictJson.isWellFormed(text)).as(StrictJson.quote(text)).isFalse();
      }
    }
  }

  @Test
  void text_withHalvesThatDoNotPair_isNotWellFormed() {
    for (String text :
        List.of(
            HIGH + HIGH,
            LOW + LOW,
            LOW + HIGH,
            HIGH + PAIR,
            PAIR + LOW,
            LOW + PAIR,
            PAIR + HIGH,
            LOW + HIGH + LOW,
            LOW + HIGH + LOW + HIGH,
            HIGH + "a" + LOW)) {
      assertThat(StrictJson.isWellFormed(text)).as(StrictJson.quote(text)).isFalse();
    }
  }
}
