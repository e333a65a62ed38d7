package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the oracle lets pass as an unordered unbinding, and what it does not. */
class KnownDifferenceTest {
  private static final List<String> HEARD =
      List.of(
          "L2 destroyed S1 with a=1",
          "L1 destroyed S1 with a=1",
          "unbound a=A",
          "L1 removed a=A",
          "L2 removed a=A",
          "L1 removed b=2",
          "L2 removed b=2");

  private static Transcript heard(List<String> heard) {
    Transcript transcript = new Transcript();
    heard.forEach(what -> transcript.add("    heard " + what));
    transcript.add("  invalidate -> ok");
    return transcript;
  }

  private static String compare(List<String> other, Set<KnownDifference> fired) {
    return KnownDifference.compare(Container.TOMCAT_11, heard(HEARD), heard(other), fired);
  }

  private static List<String> inOrder(int... places) {
    return Arrays.stream(places).mapToObj(HEARD::get).toList();
  }

  @Test
  @DisplayName("attributes may leave in any order")
  void anyOrder() {
    Set<KnownDifference> fired = EnumSet.noneOf(KnownDifference.class);
    assertThat(compare(inOrder(0, 1, 5, 6, 2, 3, 4), fired)).isNull();
    assertThat(fired).containsExactly(KnownDifference.UNORDERED_UNBINDING);
  }

  @Test
  @DisplayName("Undertow alone may tell listeners of an attribute before the attribute itself")
  void undertow() {
    Set<KnownDifference> fired = EnumSet.noneOf(KnownDifference.class);
    List<String> undertows = inOrder(0, 1, 3, 4, 2, 5, 6);
    List<String> ours = inOrder(0, 1, 5, 6, 2, 3, 4);
    assertThat(KnownDifference.compare(Container.UNDERTOW, heard(undertows), heard(ours), fired))
        .isNull();
    assertThat(fired).containsExactly(KnownDifference.BINDING_ORDER);
    for (Container container : EnumSet.complementOf(EnumSet.of(Container.UNDERTOW))) {
      assertThat(KnownDifference.compare(container, heard(undertows), heard(ours), fired))
          .isNotNull();
    }
  }

  @Test
  @DisplayName("the end is told in reverse order and before anything leaves, and all is told")
  void noOther() {
    for (List<String> other :
        List.of(
            inOrder(1, 0, 2, 3, 4, 5, 6), // not reversed
            inOrder(2, 3, 4, 5, 6, 0, 1), // unbound before the end
            inOrder(0, 2, 3, 4, 5, 6, 1), // in between
            inOrder(0, 1, 3, 4, 2, 5, 6), // removed before unbound
            inOrder(0, 1, 2, 4, 3, 5, 6), // listeners of one attribute
            inOrder(0, 1, 2, 3, 4, 5))) {
      assertThat(compare(other, EnumSet.noneOf(KnownDifference.class))).as("" + other).isNotNull();
    }
  }
}
