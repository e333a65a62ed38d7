package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionStateTest {
  private final TokenCodec codec = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();
  private final SessionState state = codec.create().withAttribute("a", List.of(1, "x"));

  @Test
  void withAttribute_ofTheSameSerializedForm_isTheSameInstance() {
    assertThat(state.withAttribute("a", List.of(1, "x"))).isSameAs(state);
    assertThat(state.withAttribute("a", new ArrayList<>(List.of(1, "x")))).isSameAs(state);
    assertThat(state.withAttribute("a", List.of(1, "y"))).isNotSameAs(state);
    assertThat(state.withAttribute("b", List.of(1, "x"))).isNotSameAs(state);
    SessionState read = TestKeys.accept(codec, codec.encode(state)).state();
    assertThat(read.withAttribute("a", List.of(1, "x"))).isSameAs(read);
  }

  @Test
  void valueChangedInPlace_isFoundByWritingItAgain() {
    Map<String, Object> cart = new LinkedHashMap<>(Map.of("pear", 1));
    SessionState before = state.withAttribute("cart", cart);
    assertThat(before.withAttribute("cart", cart)).isSameAs(before);
    cart.put("apple", 2);
    SessionState after = before.withAttribute("cart", cart);
    assertThat(after).isNotSameAs(before);
    assertThat(before.attribute("cart")).isEqualTo(Map.of("pear", 1));
    assertThat(after.attribute("cart")).isEqualTo(cart);
  }

  @Test
  void valueReadTwice_isTwoObjects() {
    assertThat(state.attribute("a"))
        .isEqualTo(state.attribute("a"))
        .isNotSameAs(state.attribute("a"));
  }

  @Test
  void attributes_keepTheOrderTheyWereFirstSetIn() {
    SessionState changed =
        codec.create().withAttribute("z", 1).withAttribute("a", 2).withAttribute("m", 3);
    assertThat(changed.withAttribute("z", 4).attributeNames()).containsExactly("z", "a", "m");
    assertThat(changed.withoutAttribute("z").withAttribute("z", 1).attributeNames())
        .containsExactly("a", "m", "z");
    assertThatThrownBy(() -> changed.attributeNames().remove("z"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void withoutAttribute_whereThereIsNone_isTheSameInstance() {
    assertThat(state.withoutAttribute("b")).isSameAs(state);
    assertThat(state.withoutAttribute("a").attributeNames()).isEmpty();
    assertThat(state.attribute("b")).isNull();
    assertThat(state.attributeSize("b")).isZero();
    assertThat(state.attributeSize("a")).isEqualTo("[1,\"x\"]".length());
  }

  @Test
  void changes_leaveTheStateTheyStartFrom() {
    state.withAttribute("b", 1).withSubject("x").withMaxInactiveInterval(Duration.ofSeconds(1));
    assertThat(state.attributeNames()).containsExactly("a");
    assertThat(state.subject()).isEmpty();
    assertThat(state.maxInactiveInterval()).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void subject_isSetAndTakenAway() {
    SessionState signedIn = state.withSubject("alice");
    assertThat(signedIn.subject()).contains("alice");
    assertThat(signedIn.withSubject("alice")).isSameAs(signedIn);
    assertThat(signedIn.withoutSubject().subject()).isEmpty();
    assertThat(state.withoutSubject()).isSameAs(state);
    assertThatThrownBy(() -> state.withSubject(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("subject is empty; use withoutSubject() for a session of nobody");
  }

  @Test
  void maxInactiveInterval_isCutToSecondsAndBounded() {
    assertThat(state.withMaxInactiveInterval(Duration.ofMillis(2_999)).maxInactiveInterval())
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(state.withMaxInactiveInterval(Duration.ofSeconds(-5)).maxInactiveInterval())
        .isEqualTo(Duration.ZERO);
    assertThat(state.withMaxInactiveInterval(Duration.ofMinutes(30))).isSameAs(state);
    assertThatThrownBy(
            () -> state.withMaxInactiveInterval(Duration.ofSeconds(Integer.MAX_VALUE + 1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed is at most 2147483647 s");
  }

  @Test
  void attributeName_longerThanTheBound_isRefusedUnquoted() {
    state.withAttribute("n".repeat(256), 1);
    assertThatThrownBy(() -> state.withAttribute("n".repeat(257), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("attribute name has 257 characters, allowed are 256");
  }

  @Test
  void nulls_areRefusedAtTheDoor() {
    assertThatThrownBy(() -> state.withAttribute("a", null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("value");
    assertThatThrownBy(() -> state.withAttribute(null, 1))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("name");
    assertThatThrownBy(() -> TokenCodec.builder(null, KeySource.of(KeyRing.builder().build())))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("context");
  }

  @Test
  void contentOfAnEarlierState_undoesAllButTheId() {
    SessionState earlier = codec.create().withAttribute("a", "1").withSubject("ann");
    SessionState later =
        codec
            .renewId(earlier)
            .withAttribute("a", "2")
            .withoutSubject()
            .withMaxInactiveInterval(Duration.ofSeconds(5));

    SessionState undone = later.withContentOf(earlier);

    assertThat(undone.id()).isEqualTo(later.id()).isNotEqualTo(earlier.id());
    assertThat(undone.attribute("a")).isEqualTo("1");
    assertThat(undone.subject()).contains("ann");
    assertThat(undone.maxInactiveInterval()).isEqualTo(earlier.maxInactiveInterval());
  }

  @Test
  void contentOfAnotherReadState_comesWithoutItsId() {
    SessionState ours = read(codec, codec.create().withAttribute("a", "ours"));
    SessionState theirs = read(codec, codec.create().withAttribute("b", "theirs"));

    SessionState both = ours.withContentOf(theirs); // before anybody asked for an id
    SessionState renewed = codec.renewId(theirs);

    assertThat(both.id()).isEqualTo(ours.id()).isNotEqualTo(theirs.id());
    assertThat(both.attribute("b")).isEqualTo("theirs");
    assertThat(read(codec, both).id()).isEqualTo(ours.id());
    assertThat(renewed.id()).isNotEqualTo(theirs.id());
    assertThat(read(codec, renewed.withAttribute("c", 1)).id()).isEqualTo(renewed.id());
  }

  @Test
  void claimsInAnotherOrder_sayTheSame() {
    SessionState usual = read(codec, codec.create());
    String claims =
        "{\"a\":{\"k\":\"v\"},\"iat\":"
            + usual.createdAt().getEpochSecond()
            + ",\"jti\":\""
            + usual.id()
            + "\"}";
    String token = new Minter(TestKeys.key(TokenAlgorithm.A256GCM)).token(claims);

    SessionState state = TestKeys.accept(codec, token).state();

    assertThat(state.id()).isEqualTo(usual.id());
    assertThat(state.attribute("k")).isEqualTo("v");
    assertThat(state.withAttribute("k", 1).id()).isEqualTo(usual.id());
  }

  /** A session's subject is judged by when it was set, which is not when the session began. */
  @Test
  void subjectSince_isWhenItWasSet_andStaysThroughRenewals() {
    MutableClock clock = new MutableClock(TestKeys.NOW);
    TokenCodec moving =
        TokenCodec.builder(TestKeys.CONTEXT, () -> KeyRing.of(TestKeys.key(TokenAlgorithm.ED25519)))
            .clock(clock)
            .build();
    SessionState anonymous = moving.create();
    assertThat(anonymous.subjectSince()).isEqualTo(anonymous.createdAt());
    SessionState atOnce = read(moving, anonymous.withSubject("ann"));
    assertThat(atOnce.subjectSince()).isEqualTo(anonymous.createdAt());
    clock.advance(Duration.ofMillis(5125));
    Instant signedInAt = clock.instant();
    assertThat(anonymous.withSubject("ann").subjectSince()).isEqualTo(anonymous.createdAt());
    SessionState signedIn = read(moving, anonymous.withSubject("ann"));
    assertThat(signedIn.subjectSince()).isEqualTo(signedInAt);
    clock.advance(Duration.ofMinutes(1));
    SessionState later = read(moving, moving.renewId(signedIn).withSubject("ann"));
    assertThat(later.subjectSince()).isEqualTo(signedInAt);
    assertThat(later.createdAt()).isEqualTo(anonymous.createdAt());
    assertThat(read(moving, later.withAttribute("a", 1)).subjectSince()).isEqualTo(signedInAt);
    SessionState kept = moving.renewId(anonymous).withContentOf(later);
    assertThat(kept.subjectSince()).isEqualTo(signedInAt);
    assertThat(read(moving, later.withSubject("bob")).subjectSince()).isEqualTo(clock.instant());
    assertThat(later.withoutSubject().subjectSince()).isEqualTo(anonymous.createdAt());
    assertThat(read(moving, later.withoutSubject().withSubject("ann")).subjectSince())
        .isEqualTo(clock.instant());
  }

  /** A clock that was set back between sign-in and writing makes no token that nobody reads. */
  @Test
  void subjectSince_givenByTheCaller_isWithinTheSessionsTime() {
    SessionState early = state.withSubject("ann", TestKeys.NOW.minusSeconds(9));
    assertThat(early.subjectSince()).isEqualTo(state.createdAt());
    assertThat(read(codec, early).subjectSince()).isEqualTo(state.createdAt());
    SessionState late = state.withSubject("ann", TestKeys.NOW.plusSeconds(9));
    assertThat(late.subjectSince()).isEqualTo(TestKeys.NOW.plusSeconds(9));
    assertThat(late.withSubject("ann", TestKeys.NOW)).isSameAs(late);
    assertThat(read(codec, late).subjectSince()).isEqualTo(TestKeys.NOW);
    assertThatThrownBy(() -> state.withSubject("", TestKeys.NOW))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SessionState read(TokenCodec codec, SessionState state) {
    return TestKeys.accept(codec, codec.encode(state)).state();
  }
}
