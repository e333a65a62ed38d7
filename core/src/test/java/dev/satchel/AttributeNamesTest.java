package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An attribute is found by its whole name and by nothing that only looks like it in the JSON. */
class AttributeNamesTest {
  private final SessionKey key = TestKeys.key(TokenAlgorithm.A256GCM);
  private final TokenCodec codec = TestKeys.codec(key).build();
  private final Minter minter = new Minter(key);

  /** The same attributes read, set, some of each, and beside one whose name is not plain. */
  private List<SessionState> states() {
    SessionState read =
        TestKeys.accept(codec, minter.tokenOf("{\"a\":1,\"b\":\"c\",\"d\":{\"e\":2}}")).state();
    SessionState set =
        codec
            .create()
            .withAttribute("a", 1)
            .withAttribute("b", "c")
            .withAttribute("d", Map.of("e", 2));
    SessionState mixed = read.withAttribute("b", "x").withAttribute("b", "c");
    String behind = "{\"a\":1,\"b\":\"c\",\"d\":{\"e\":2},\"\u00e9\\\"\":3}";
    String before = "{\"\\u00e9\\\"\":3,\"a\":1,\"b\":\"c\",\"d\":{\"e\":2}}";
    return List.of(
        read,
        set,
        mixed,
        TestKeys.accept(codec, minter.tokenOf(behind)).state(),
        TestKeys.accept(codec, minter.tokenOf(before)).state(),
        read.withAttribute("\u00e9\"", 3),
        set.withAttribute("\u00e9\"", 3));
  }

  private static void assertHasTheThree(SessionState state) {
    assertThat(state.attribute("a")).isEqualTo(1);
    assertThat(state.attribute("b")).isEqualTo("c");
    assertThat(state.attribute("d")).isEqualTo(Map.of("e", 2));
  }

  @Test
  void name_thatOnlyLooksLikeTheJson_findsNothing() {
    for (SessionState state : states()) {
      assertHasTheThree(state);
      List<String> names = List.copyOf(state.attributeNames());
      for (String asked :
          List.of(
              "a\":1,\"b",
              "a\":1,\"b\":\"c",
              "a\":1",
              "b\":\"c",
              "b\":\"c\",\"d",
              "d\":{\"e",
              "a\"",
              "\"a",
              "\"",
              "\":\"",
              "a\\",
              "\\",
              "\\\"",
              "\\a",
              "a\\\":1,\\\"b",
              "\\u0061",
              "",
              " a",
              "a ",
              "a\u0000",
              "A",
              "c",
              "e",
              "ab",
              "\u0161", // its low byte is that of a
              "\u6161",
              "\uff41",
              "a".repeat(256))) {
        assertThat(state.attribute(asked)).as(asked).isNull();
        assertThat(state.attributeSize(asked)).as(asked).isZero();
        assertThat(state.withoutAttribute(asked)).as(asked).isSameAs(state);

        SessionState more = state.withAttribute(asked, 7);

        List<String> moreNames = new ArrayList<>(names);
        moreNames.add(asked);
        assertThat(List.copyOf(more.attributeNames())).as(asked).isEqualTo(moreNames);
        assertHasTheThree(more);
        assertThat(more.attribute(asked)).as(asked).isEqualTo(7);
        SessionState back = TestKeys.accept(codec, codec.encode(more)).state();
        assertThat(List.copyOf(back.attributeNames())).as(asked).isEqualTo(moreNames);
        assertHasTheThree(back);
        assertThat(back.attribute(asked)).as(asked).isEqualTo(7);
        SessionState fewer = back.withoutAttribute(asked);
        assertThat(List.copyOf(fewer.attributeNames())).as(asked).isEqualTo(names);
        assertHasTheThree(fewer);
      }
    }
  }

  @Test
  void name_withASpaceOrExclamationMark_isFoundSetRemovedAndWrittenBack() {
    String json = "{\"shopping cart\":1,\"wow!\":2,\" \":3,\"!\":4,\"plain\":5}";
    SessionState read = TestKeys.accept(codec, minter.tokenOf(json)).state();
    SessionState set =
        codec
            .create()
            .withAttribute("shopping cart", 1)
            .withAttribute("wow!", 2)
            .withAttribute(" ", 3)
            .withAttribute("!", 4)
            .withAttribute("plain", 5);
    for (SessionState state : List.of(read, set)) {
      assertThat(state.attributeNames())
          .containsExactly("shopping cart", "wow!", " ", "!", "plain");
      assertThat(state.attribute("shopping cart")).isEqualTo(1);
      assertThat(state.attribute("wow!")).isEqualTo(2);
      assertThat(state.attribute(" ")).isEqualTo(3);
      assertThat(state.attribute("!")).isEqualTo(4);
      assertThat(state.attribute("plain")).isEqualTo(5);
      for (String other : List.of("shopping", "cart", "shopping  cart", "wow", "wow!!", "  ")) {
        assertThat(state.attribute(other)).as(other).isNull();
      }
      assertThat(state.withAttribute("shopping cart", 1)).isSameAs(state);

      SessionState changed =
          state.withAttribute("shopping cart", 11).withoutAttribute("!").withAttribute("oh no!", 6);
      SessionState back = TestKeys.accept(codec, codec.encode(changed)).state();

      for (SessionState now : List.of(changed, back)) {
        assertThat(now.attributeNames())
            .containsExactly("shopping cart", "wow!", " ", "plain", "oh no!");
        assertThat(now.attribute("shopping cart")).isEqualTo(11);
        assertThat(now.attribute("wow!")).isEqualTo(2);
        assertThat(now.attribute(" ")).isEqualTo(3);
        assertThat(now.attribute("!")).isNull();
        assertThat(now.attribute("plain")).isEqualTo(5);
        assertThat(now.attribute("oh no!")).isEqualTo(6);
      }
    }
  }
}
