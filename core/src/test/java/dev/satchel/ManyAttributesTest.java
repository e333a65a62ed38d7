package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No name stands there twice and none is taken for another, however many attributes there are and
 * however their names are spelled: few plain names are compared in another way than many, and than
 * those with an escape.
 */
class ManyAttributesTest {
  /** What is no plain name, as JSON and what it says. */
  private static final Map<String, String> ODD = new LinkedHashMap<>();

  static {
    ODD.put("\"\u00f6dd\"", "\u00f6dd");
    ODD.put("\"\\u006fdd\"", "odd");
    ODD.put("\"o\\\"dd\"", "o\"dd");
    ODD.put("\"\ud83d\ude00\"", "\ud83d\ude00");
    ODD.put("\"odd one!\"", "odd one!");
    ODD.put("\"\"", "");
  }

  private final SessionKey key = TestKeys.key(TokenAlgorithm.A256GCM);
  private final TokenCodec codec = TestKeys.codec(key).build();
  private final Minter minter = new Minter(key);

  private static List<String> quoted(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("\"n" + i + "\"");
    }
    return names;
  }

  private static List<String> with(List<String> names, int index, String name) {
    List<String> changed = new ArrayList<>(names);
    changed.set(index, name);
    return changed;
  }

  private static String said(String quoted) {
    return ODD.getOrDefault(quoted, quoted.substring(1, quoted.length() - 1));
  }

  /** A token whose attributes have these names, in quotes, and their indices as values. */
  private String token(List<String> names) {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < names.size(); i++) {
      json.append(i == 0 ? "" : ",").append(names.get(i)).append(':').append(i);
    }
    return minter.tokenOf(json.append('}').toString());
  }

  private void assertAllAreThere(List<String> names) {
    SessionState state = TestKeys.accept(codec, token(names)).state();
    List<String> expected = new ArrayList<>();
    for (String name : names) {
      expected.add(said(name));
    }
    assertThat(List.copyOf(state.attributeNames())).isEqualTo(expected);
    SessionState again =
        TestKeys.accept(codec, codec.encode(state.withAttribute("last", true))).state();
    for (int i = 0; i < names.size(); i++) {
      assertThat(state.attribute(expected.get(i))).as(expected.get(i)).isEqualTo(i);
      assertThat(again.attribute(expected.get(i))).as(expected.get(i)).isEqualTo(i);
    }
    expected.add("last");
    assertThat(List.copyOf(again.attributeNames())).isEqualTo(expected);
  }

  private void assertUnreadable(List<String> names) {
    assertThat(TestKeys.reject(codec, token(names)))
        .as("%s", names)
        .isEqualTo(Rejection.UNREADABLE);
  }

  /** Beginning, middle, end. */
  private static int[] places(int count) {
    return new int[] {0, count / 2, count - 1};
  }

  /** First, last and adjacent ones, also across the number at which the comparison changes. */
  private static List<int[]> pairs(int count) {
    List<int[]> pairs = new ArrayList<>();
    for (int[] pair :
        new int[][] {
          {0, 1},
          {0, count / 2},
          {0, count - 1},
          {count / 2, count - 1},
          {count - 2, count - 1},
          {0, 23},
          {22, 23},
          {0, 24},
          {23, 24},
          {24, 25}
        }) {
      if (pair[0] < pair[1] && pair[1] < count) {
        pairs.add(pair);
      }
    }
    return pairs;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 23, 24, 25, 26, 300})
  void names_allPlainAndDifferent_areThereInTheirOrder(int count) {
    assertAllAreThere(quoted(count));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 23, 24, 25, 26, 300})
  void names_ofWhichOneIsNotPlain_areThereInTheirOrder(int count) {
    for (String odd : ODD.keySet()) {
      for (int place : places(count)) {
        assertAllAreThere(with(quoted(count), place, odd));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 23, 24, 25, 26, 300})
  void names_ofWhichTwoAreEqual_areUnreadable(int count) {
    List<String> plain = quoted(count);
    for (int[] pair : pairs(count)) {
      assertUnreadable(with(plain, pair[1], plain.get(pair[0])));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 23, 24, 25, 26, 300})
  void names_ofWhichTwoAreEqualAndOneIsNotPlain_areUnreadable(int count) {
    for (String odd : ODD.keySet()) {
      for (int place : places(count)) {
        List<String> names = with(quoted(count), place, odd);
        for (int[] pair : pairs(count)) {
          assertUnreadable(with(names, pair[1], names.get(pair[0])));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 23, 24, 25, 26, 300})
  void names_equalInTwoSpellings_areUnreadable(int count) {
    List<String> plain = quoted(count);
    for (int[] pair : pairs(count)) {
      String name = plain.get(pair[0]);
      String escaped = name.replace("\"n", "\"\\u006e");
      assertUnreadable(with(plain, pair[1], escaped));
      assertUnreadable(with(with(plain, pair[0], escaped), pair[1], name));
      assertUnreadable(with(with(plain, pair[0], "\"\u00e9\""), pair[1], "\"\\u00e9\""));
      assertUnreadable(with(with(plain, pair[0], "\"\\u00E9\""), pair[1], "\"\u00e9\""));
    }
  }

  /** Names that a quick look at their lengths and ends does not tell apart. */
  @Test
  void names_alikeInLengthAndEnds_areDifferent() {
    List<String> names = new ArrayList<>();
    for (char c = 'a'; c <= 't'; c++) {
      names.add("\"x" + c + "x\"");
    }
    names.addAll(List.of("\"x\"", "\"xx\"", "\"xxx\""));
    assertAllAreThere(names);
    for (String name : names) {
      for (int place : places(names.size())) {
        if (!names.get(place).equals(name)) {
          assertUnreadable(with(names, place, name));
        }
      }
    }
  }
}
