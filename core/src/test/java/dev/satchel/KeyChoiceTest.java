package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.KeySource.Absence;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which key opens which token, and what is said where none does. */
class KeyChoiceTest {
  private static final TokenAlgorithm GCM = TokenAlgorithm.A256GCM;

  private static String mint(TokenAlgorithm algorithm) {
    TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    return codec.encode(codec.create());
  }

  /** A source of one ring that knows this about every key it lacks. */
  private record Source(KeyRing current, Absence absence) implements KeySource {
    @Override
    public Absence absent(String keyId) {
      return absence;
    }
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void token_ofAnotherContext_isRejected(TokenAlgorithm algorithm) {
    SessionKey key = TestKeys.key(algorithm);
    String token = mint(algorithm);
    Rejection expected =
        algorithm.secretLength() == 0 ? Rejection.WRONG_CONTEXT : Rejection.UNAUTHENTIC;
    for (TokenContext other :
        new TokenContext[] {
          new TokenContext("shop2", "cookie", "__Host-Http-shop"),
          new TokenContext("shop", "header", "__Host-Http-shop"),
          new TokenContext("shop", "cookie", "__Host-Http-Shop"),
        }) {
      TokenCodec reader =
          TokenCodec.builder(other, KeySource.of(KeyRing.of(key)))
              .clock(() -> TestKeys.NOW)
              .build();
      assertThat(TestKeys.reject(reader, token)).as("%s", other).isEqualTo(expected);
    }
  }

  @Test
  void token_derivedForAnotherPurpose_isUnauthentic() {
    SessionKey key = TestKeys.key(GCM);
    String hour = Long.toString(WorkingKey.hourOf(TestKeys.NOW), 36);
    byte[] forCsrf =
        KeyDerivation.hkdfSha256(
            key.secret(),
            new byte[0],
            String.join("\n", "satchel/1", "csrf", "A256GCM", TestKeys.CONTEXT.toString(), hour)
                .getBytes(StandardCharsets.UTF_8),
            32);
    Minter minter = new Minter(key);
    String segment = minter.workingKey().header(false).segment();
    byte[] iv = new byte[12];
    byte[] sealed =
        new ContentEncryption.A256Gcm()
            .encrypt(
                new SecretKeySpec(forCsrf, "AES"),
                iv,
                segment.getBytes(StandardCharsets.US_ASCII),
                minter.claims("{}").getBytes(StandardCharsets.UTF_8));
    int tag = sealed.length - 16;
    String token =
        segment
            + ".."
            + Base64Url.encode(iv)
            + "."
            + Base64Url.encode(java.util.Arrays.copyOf(sealed, tag))
            + "."
            + Base64Url.encode(java.util.Arrays.copyOfRange(sealed, tag, sealed.length));

    assertThat(TestKeys.reject(TestKeys.codec(key).build(), token))
        .isEqualTo(Rejection.UNAUTHENTIC);
  }

  @ParameterizedTest
  @EnumSource(Absence.class)
  void token_ofAKeyTheRingLacks_isRejectedAsItsSourceSays(Absence absence) {
    KeySource source = new Source(KeyRing.of(TestKeys.key("test-2", GCM)), absence);
    TokenCodec codec = TestKeys.codec(source, () -> TestKeys.NOW).build();

    Decoded decoded = codec.decode(mint(GCM));

    Rejection expected =
        switch (absence) {
          case UNKNOWN -> Rejection.UNKNOWN_KEY;
          case RETIRED -> Rejection.RETIRED_KEY;
          case NOT_YET_KNOWN -> Rejection.KEY_NOT_YET_KNOWN;
        };
    assertThat(decoded)
        .isInstanceOfSatisfying(
            Decoded.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(expected);
              assertThat(rejected.keyId()).isEmpty(); // of the client's choosing
            });
    assertThat(codec.awaitsKey(mint(GCM))).isEqualTo(absence == Absence.NOT_YET_KNOWN);
  }

  @Test
  void awaitsKey_forOtherTokens_isFalse() {
    KeySource source = new Source(KeyRing.of(TestKeys.key("test-2", GCM)), Absence.NOT_YET_KNOWN);
    TokenCodec codec = TestKeys.codec(source, () -> TestKeys.NOW).build();
    for (String token : new String[] {"", ".", "x.y.z", "x".repeat(20_000), "e30..", "\u0000."}) {
      assertThat(codec.awaitsKey(token)).as(token.length() + " characters").isFalse();
    }
    assertThat(codec.awaitsKey(codec.encode(codec.create()))).isFalse();
  }

  @Test
  void token_ofAnotherKeyUnderTheSameId_isUnauthentic() {
    SessionKey staging =
        SessionKey.generate(TestKeys.ID, GCM, new SeededRandom("the staging system"));
    assertThat(TestKeys.reject(TestKeys.codec(staging).build(), mint(GCM)))
        .isEqualTo(Rejection.UNAUTHENTIC);
  }

  @Test
  void token_relabelledToAnotherKeyOfTheRing_isUnauthentic() {
    SessionKey first = TestKeys.key("test-1", GCM);
    SessionKey second = TestKeys.key("test-2", GCM);
    TokenCodec codec = TestKeys.codec(KeyRing.of(first, second)).build();
    String token = codec.encode(codec.create());
    String header = new Minter(second).workingKey().header(false).segment();

    String relabelled = header + token.substring(token.indexOf('.'));

    assertThat(codec.decode(relabelled))
        .isInstanceOfSatisfying(
            Decoded.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(Rejection.UNAUTHENTIC);
              assertThat(rejected.keyId()).contains("test-2");
            });
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ES256", "ED25519"},
      mode = EnumSource.Mode.EXCLUDE)
  void token_relabelledToAnotherHour_isUnauthentic(TokenAlgorithm algorithm) {
    SessionKey key = TestKeys.key(algorithm);
    TokenCodec codec = TestKeys.codec(key).build();
    String token = codec.encode(codec.create());
    Instant hourAgo = TestKeys.NOW.minus(Duration.ofHours(1));
    String header = new Minter(key, TestKeys.CONTEXT, hourAgo).workingKey().header(false).segment();

    assertThat(TestKeys.reject(codec, header + token.substring(token.indexOf('.'))))
        .isEqualTo(Rejection.UNAUTHENTIC);
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void token_ofAnOlderKeyOfTheRing_isAcceptedAndReissued(TokenAlgorithm algorithm) {
    SessionKey old = TestKeys.key("test-1", algorithm);
    SessionKey current = TestKeys.key("test-2", algorithm);
    TokenCodec codec = TestKeys.codec(KeyRing.of(current, old)).build();

    Decoded.Accepted accepted = TestKeys.accept(codec, mint(algorithm));

    assertThat(accepted.reissue()).isTrue();
    assertThat(accepted.keyId()).isEqualTo("test-1");
    assertThat(TestKeys.accept(codec, codec.encode(accepted.state())).keyId()).isEqualTo("test-2");
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ES256", "ED25519", "ED25519_A256GCM"})
  void nodeWithPublicKeyAlone_verifiesButDoesNotIssue(TokenAlgorithm algorithm) {
    SessionKey verifying = TestKeys.key(algorithm).withoutPrivatePart();
    KeyRing ring = KeyRing.builder().accepting(verifying).build();
    TokenCodec codec = TestKeys.codec(ring).build();

    Decoded.Accepted accepted = TestKeys.accept(codec, mint(algorithm));

    assertThat(accepted.reissue()).isFalse(); // nothing here could
    assertThatThrownBy(() -> codec.encode(accepted.state()))
        .isInstanceOf(NoUsableKeyException.class)
        .hasMessageContaining("no key may issue tokens for shop/cookie/__Host-Http-shop");
  }

  @Test
  void keyTakenOutOfTheRing_isRefusedAtOnce() {
    SessionKey leaked = TestKeys.key("test-1", GCM);
    SessionKey next = TestKeys.key("test-2", GCM);
    AtomicReference<KeyRing> ring = new AtomicReference<>(KeyRing.of(leaked));
    TokenCodec codec = TestKeys.codec(ring::get, () -> TestKeys.NOW).build();
    String token = codec.encode(codec.create());
    TestKeys.accept(codec, token); // the header is remembered now

    ring.set(KeyRing.of(next));

    assertThat(TestKeys.reject(codec, token)).isEqualTo(Rejection.UNKNOWN_KEY);
    assertThat(TestKeys.accept(codec, codec.encode(codec.create())).keyId()).isEqualTo("test-2");
  }

  @Test
  void manyHours_areRememberedWithinBounds() {
    MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));
    SessionKey key = TestKeys.key(GCM);
    TokenCodec codec = TestKeys.codec(KeySource.of(KeyRing.of(key)), clock).build();
    for (int hour = 0; hour < 1200; hour++) { // more than are remembered
      TestKeys.accept(codec, codec.encode(codec.create()));
      clock.advance(Duration.ofHours(1));
    }
    TestKeys.accept(codec, codec.encode(codec.create()));
  }

  @Test
  void revokedSession_isRejected() {
    SessionKey key = TestKeys.key(GCM);
    TokenCodec codec =
        TestKeys.codec(key)
            .revocationCheck(session -> session.subject().filter("mallory"::equals).isPresent())
            .build();
    assertThat(TestKeys.reject(codec, codec.encode(codec.create().withSubject("mallory"))))
        .isEqualTo(Rejection.REVOKED);
    TestKeys.accept(codec, codec.encode(codec.create().withSubject("alice")));
  }
}
