package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class KeyRingTest {
  private final SessionKey first = TestKeys.key("test-1", TokenAlgorithm.A256GCM);
  private final SessionKey second = TestKeys.key("test-2", TokenAlgorithm.ES256);
  private final SessionKey third = TestKeys.key("test-3", TokenAlgorithm.HS256);

  @Test
  void ring_ofSeveralKeys_issuesWithTheFirstAndFindsAll() {
    KeyRing ring = KeyRing.of(second, first, third);
    assertThat(ring.issuing()).containsSame(second);
    assertThat(ring.keyIds()).containsExactlyInAnyOrder("test-1", "test-2", "test-3");
    assertThat(ring.find("test-3")).containsSame(third);
    assertThat(ring.find("TEST-3")).isEmpty();
    assertThat(ring.find("")).isEmpty();
    assertThat(ring.latestExpiry()).isEmpty();
    assertThatThrownBy(() -> ring.keyIds().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void ring_withoutKeys_issuesNothing() {
    KeyRing ring = KeyRing.builder().build();
    assertThat(ring.issuing()).isEmpty();
    assertThat(ring).hasToString("KeyRing[issuing=none, keys=[]]");
    TokenCodec codec = TestKeys.codec(ring).build();
    assertThatThrownBy(() -> codec.encode(codec.create())).isInstanceOf(NoUsableKeyException.class);
  }

  @Test
  void ring_withTwoKeysOfOneId_isRefused() {
    SessionKey twin = TestKeys.key("test-1", TokenAlgorithm.HS256);
    assertThatThrownBy(() -> KeyRing.of(first, twin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two keys of a ring have the id test-1");
  }

  @Test
  void ring_withOneKeyUnderTwoIds_isRefused() {
    SessionKey gcm = SessionKey.ofSecret("other", TokenAlgorithm.A256GCM, first.secret());
    SessionKey mac = SessionKey.ofSecret("mac", TokenAlgorithm.HS256, first.secret());
    SessionKey verifying =
        SessionKey.fromJwk(second.toPublicJwk().orElseThrow().replace("test-2", "public"));
    for (SessionKey[] pair :
        new SessionKey[][] {{first, gcm}, {first, mac}, {gcm, mac}, {second, verifying}}) {
      assertThatThrownBy(() -> KeyRing.of(pair[0], pair[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("are the same key under two ids");
    }
  }

  @Test
  void ring_issuingWithAPublicKey_isRefused() {
    assertThatThrownBy(() -> KeyRing.of(second.withoutPrivatePart()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key test-2 has no private part and cannot issue");
  }

  @Test
  void builder_givenTwoIssuingKeys_saysWhichWasFirst() {
    KeyRing.Builder builder = KeyRing.builder().issuing(first);
    assertThatThrownBy(() -> builder.issuing(second))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("issuing key was already set to test-1");
  }

  @Test
  void ring_builtBefore_isNotChangedByItsBuilder() {
    KeyRing.Builder builder = KeyRing.builder().issuing(first);
    KeyRing ring = builder.build();
    builder.accepting(second).latestExpiry(Instant.EPOCH);
    assertThat(ring.keyIds()).containsExactly("test-1");
    assertThat(ring.latestExpiry()).isEmpty();
    assertThat(builder.build().latestExpiry()).contains(Instant.EPOCH);
  }

  @Test
  void source_ofOneRing_neverChangesAndKnowsNoOther() {
    KeyRing ring = KeyRing.of(first);
    try (KeySource source = KeySource.of(ring)) {
      assertThat(source.current()).isSameAs(ring);
      assertThat(source.absent("x")).isEqualTo(KeySource.Absence.UNKNOWN);
    }
  }

  @Test
  void source_ofAnUnknownScheme_isRefusedWithAHint() {
    for (String location : new String[] {"nope:x", "relative", "//host/path"}) {
      assertThatThrownBy(() -> KeySource.open(URI.create(location), () -> TestKeys.NOW))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("available: none (is satchel-key-rotation on the class path?)")
          .hasMessageNotContaining("host");
    }
  }
}
