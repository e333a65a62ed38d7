package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyIdTest {
  private final SeededRandom random = new SeededRandom(1);
  private final KeyId ids = new KeyId(secret(1));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 4095, 65536, KeyId.MAX_EPOCH})
  void mint_anyEpoch_readsBack(long epoch) {
    String id = ids.mint(epoch, random);
    assertThat(id).hasSize(8).matches("[A-Za-z0-9_-]{8}");
    assertThat(ids.epoch(id)).hasValue(epoch);
  }

  @Test
  void epoch_otherLineage_forged() {
    int passed = 0;
    KeyId others = new KeyId(secret(2));
    for (int i = 1; i <= 2000; i++) {
      passed += others.epoch(ids.mint(i, random)).isPresent() ? 1 : 0;
    }
    assertThat(passed).isLessThanOrEqualTo(1); // expected are 2000 / 65536
  }

  @Test
  void epoch_anyChangedCharacter_forged() {
    String id = ids.mint(7, random);
    int passed = 0;
    for (int i = 0; i < id.length(); i++) {
      char other = id.charAt(i) == 'A' ? 'B' : 'A';
      passed += ids.epoch(id.substring(0, i) + other + id.substring(i + 1)).isPresent() ? 1 : 0;
    }
    assertThat(passed).isZero();
  }

  @Test
  void epoch_anyText_neverThrows() {
    Random texts = new Random(3);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      int length = texts.nextInt(12);
      for (int j = 0; j < length; j++) {
        text.append((char) texts.nextInt(300));
      }
      assertThat(ids.epoch(text.toString())).isNotNull();
    }
  }

  @Test
  void mint_pastTheLastEpoch_refusedWithAWayOut() {
    assertThatThrownBy(() -> ids.mint(KeyId.MAX_EPOCH + 1, random))
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.POLICY))
        .hasMessageContaining("start a new ring");
  }

  private static byte[] secret(int seed) {
    byte[] secret = new byte[32];
    new SeededRandom(seed).nextBytes(secret);
    return secret;
  }
}
