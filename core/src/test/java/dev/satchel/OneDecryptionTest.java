package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One key is tried per token, however many a ring has: no oracle, and no work for nothing. */
class OneDecryptionTest {

  private static KeyRing ring(TokenAlgorithm algorithm) {
    KeyRing.Builder ring = KeyRing.builder().issuing(TestKeys.key(algorithm));
    for (int i = 0; i < 30; i++) {
      ring.accepting(TestKeys.key("other-" + i, algorithm));
    }
    return ring.build();
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "A256CBC_HS512", "A256KW", "ED25519_A256GCM"})
  void token_goodOrForged_isDecryptedAtMostOnce(TokenAlgorithm algorithm) {
    TokenCodec codec = TestKeys.codec(ring(algorithm)).build();
    String token = codec.encode(codec.create());
    int last = token.length() - 1;
    char other = token.charAt(last) == 'A' ? 'Q' : 'A';
    int lastDot = token.lastIndexOf('.');
    String forged =
        token.substring(0, lastDot + 1)
            + (token.charAt(lastDot + 1) == 'A' ? 'B' : 'A')
            + token.substring(lastDot + 2);
    String header = token.substring(0, token.indexOf('.'));
    String foreign =
        new Minter(TestKeys.key("unknown", algorithm)).workingKey().header(false).segment()
            + token.substring(token.indexOf('.'));

    try (CountingProvider counting = new CountingProvider()) {
      TestKeys.accept(codec, token);
      assertThat(counting.decryptions()).isEqualTo(1);
      assertThat(counting.unwraps()).isEqualTo(algorithm == TokenAlgorithm.A256KW ? 1 : 0);
    }
    try (CountingProvider counting = new CountingProvider()) {
      assertThat(TestKeys.reject(codec, forged)).isEqualTo(Rejection.UNAUTHENTIC);
      // CBC: the MAC comes first, and nothing is decrypted.
      assertThat(counting.decryptions())
          .isEqualTo(algorithm == TokenAlgorithm.A256CBC_HS512 ? 0 : 1);
    }
    try (CountingProvider counting = new CountingProvider()) {
      for (String bad :
          List.of(
              foreign,
              token + ".",
              header,
              header + "....",
              token.substring(0, last) + other + "A",
              "x" + token,
              token.replace('.', ' '))) {
        assertThat(codec.decode(bad)).isInstanceOf(Decoded.Rejected.class);
      }
      assertThat(counting.decryptions()).isZero();
      assertThat(counting.unwraps()).isZero();
    }
  }

  @Test
  void reading_severalAttributes_parsesOnlyThoseAsked() {
    // A type that counts how often it is read.
    java.util.concurrent.atomic.AtomicInteger reads =
        new java.util.concurrent.atomic.AtomicInteger();
    AttributeTypes types =
        AttributeTypes.builder()
            .register(
                "sb",
                StringBuilder.class,
                new AttributeCodec<>() {
                  @Override
                  public String write(StringBuilder value) {
                    return value.toString();
                  }

                  @Override
                  public StringBuilder read(String text) {
                    reads.incrementAndGet();
                    return new StringBuilder(text);
                  }
                })
            .build();
    TokenCodec codec =
        TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).attributeTypes(types).build();
    SessionState state = codec.create();
    for (int i = 0; i < 10; i++) {
      state = state.withAttribute("a" + i, new StringBuilder("x" + i));
    }
    SessionState read = TestKeys.accept(codec, codec.encode(state)).state();
    codec.encode(read.withAttribute("b", 1));
    assertThat(reads).hasValue(0);
    assertThat(read.attribute("a3")).hasToString("x3");
    assertThat(reads).hasValue(1);
  }
}
