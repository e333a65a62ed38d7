package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.satchel.Decoded;
import dev.satchel.Rejection;
import dev.satchel.TokenAlgorithm;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** PROTOCOL.md (c) row 6, the publishing side, and (g) 28: both sides over days of rotation. */
class PublishedJwksTest {
  private static final TokenContext CONTEXT = TokenContext.header("shop", "X-Session");

  @TempDir static Path certificates;

  private final RingFixture ring = new RingFixture();

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ES256", "ED25519", "ED25519_A256GCM"})
  void body_atEveryMoment_publicPartsOfWhatVerifies(TokenAlgorithm algorithm) throws Exception {
    ring.init(algorithm);
    RotatingKeySource node = ring.source().role(RotatingKeySource.Role.WRITER).build();
    var seen = new HashSet<String>();
    for (int i = 0; i < 17 * 24; i++) {
      String body = text(node.publicKeys());
      // An independent parser: what it finds private would be.
      JWKSet set = JWKSet.parse(body);
      assertThat(set.containsNonPublicKeys()).isFalse();
      assertThat(body).doesNotContain("\"d\"", "\"k\"");
      Set<String> verifying = new HashSet<>();
      node.status().keys().stream()
          .filter(key -> key.phase().verifies())
          .forEach(key -> verifying.add(key.id()));
      assertThat(set.getKeys())
          .extracting(JWK::getKeyID)
          .containsExactlyInAnyOrderElementsOf(verifying);
      assertThat(text(ring.custodian.publicKeys())).as("exported").isEqualTo(body);
      node.status().keys().forEach(key -> seen.add(key.phase() + ""));
      ring.pass(Duration.ofHours(1), node);
    }
    assertThat(seen).contains("PRE_ACTIVATION", "ACTIVE", "DEACTIVATED", "DESTROYED");
  }

  @Test
  void body_revokedKey_goneWithTheRead() {
    ring.init(TokenAlgorithm.ED25519);
    ring.custodian.emergencyRotation().commit();
    RotatingKeySource node = ring.source().build();
    String revoked = node.status().keys().get(0).id();
    assertThat(text(node.publicKeys())).contains(revoked);
    String before = node.publicKeys().etag();
    ring.custodian.revocation(Set.of(revoked)).commit();
    node.refresh();
    assertThat(text(node.publicKeys())).doesNotContain(revoked);
    assertThat(node.publicKeys().etag()).isNotEqualTo(before);
  }

  @Test
  void body_symmetricRing_noKeys() {
    ring.init();
    assertThat(text(ring.source().build().publicKeys())).startsWith("{\"keys\":[],");
  }

  /** Behind a load balancer, a tag of one publisher is a tag of all. */
  @Test
  void etag_ofAllNodes_theSame() {
    ring.init(TokenAlgorithm.ES256);
    PublishedJwks one = ring.source().build().publicKeys();
    PublishedJwks two = ring.source().build().publicKeys();
    assertThat(one.etag()).isEqualTo(two.etag()).matches("\"[A-Za-z0-9_-]{22}\"");
    assertThat(one.body()).isEqualTo(two.body());
    one.body()[0] = 0;
    assertThat(one.body()).isEqualTo(two.body());
    assertThat(one.toString()).contains(one.etag());
  }

  /** Nobody keeps a set beyond the moment from which it may be another. */
  @Test
  void maxAge_nearAPhaseChange_isWhatIsLeft() {
    ring.init(TokenAlgorithm.ED25519);
    RotatingKeySource node = ring.source().role(RotatingKeySource.Role.WRITER).build();
    ring.pass(Duration.ofDays(6).plusHours(2), node);
    Instant change = node.status().nextChange().orElseThrow();
    assertThat(node.publicKeys().maxAge()).isEqualTo(Duration.ofSeconds(60));
    ring.time.advance(Duration.between(ring.time.instant(), change).minusMillis(20_500));
    node.tick();
    assertThat(node.publicKeys().maxAge()).isEqualTo(Duration.ofSeconds(20));
    assertThat(node.publicKeys().cacheControl()).isEqualTo("public, max-age=20");
    ring.time.advance(Duration.ofSeconds(20));
    assertThat(node.publicKeys().maxAge()).isZero();
    ring.time.advance(Duration.ofSeconds(1));
    assertThat(node.publicKeys().maxAge()).isEqualTo(Duration.ofSeconds(60));
  }

  /** A node that is cut off says so, and nobody keeps what it says. */
  @Test
  void age_isTheTimeSinceTheNodesOwnLastRead() {
    ring.init(TokenAlgorithm.ED25519);
    RotatingKeySource node = ring.source().build();
    assertThat(node.publicKeys().age()).isZero();
    ring.time.advance(Duration.ofSeconds(40));
    assertThat(node.publicKeys().age()).isEqualTo(Duration.ofSeconds(40));
    assertThat(node.publicKeys().maxAge()).isEqualTo(Duration.ofSeconds(60));
    assertThat(node.publicKeys().cacheControl()).isEqualTo("public, max-age=100");
    ring.time.advance(Duration.ofHours(1));
    assertThat(node.publicKeys().age()).isEqualTo(Duration.ofSeconds(3640));
    assertThat(node.publicKeys().cacheControl()).isEqualTo("public, max-age=120");
    node.tick();
    assertThat(node.publicKeys().age()).isZero();
    assertThat(text(node.publicKeys())).contains("\"lag\":70}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TAG            | true",
        "W/TAG          | true",
        "*              | true",
        "\"a\", TAG     | true",
        "\"a\" ,W/TAG,  | true",
        "\"a\"          | false",
        "w/TAG          | false",
        "``             | false",
        "TAGx           | false",
      })
  void isNotModified_asInRfc9110(String fieldValue, boolean expected) {
    ring.init(TokenAlgorithm.ED25519);
    PublishedJwks keys = ring.source().build().publicKeys();
    assertThat(keys.isNotModified(fieldValue.replace("TAG", keys.etag()))).isEqualTo(expected);
    assertThat(keys.isNotModified(null)).isFalse();
  }

  /**
   * An issuer rotates for weeks, over TLS a gate follows with nothing but the address: it has every
   * key before that signs, and refuses no request.
   */
  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ES256", "ED25519"})
  void rotation_endToEnd_noRequestRefused(TokenAlgorithm algorithm) throws Exception {
    ring.init(algorithm);
    RotatingKeySource issuer = ring.source().role(RotatingKeySource.Role.WRITER).build();
    TokenCodec issuing = TokenCodec.builder(CONTEXT, issuer).clock(ring.time).build();
    try (JwksServer server = new JwksServer(certificates)) {
      server.answers(exchange -> JwksServer.publish(exchange, issuer.publicKeys()));
      try (JwksKeySource gate = server.source(ring.time).build()) {
        TokenCodec verifying = TokenCodec.builder(CONTEXT, gate).clock(ring.time).build();
        var signers = new HashSet<String>();
        var refused = new ArrayList<Rejection>();
        for (int i = 0; i < 22 * 24; i++) {
          String signer = issuer.current().issuing().orElseThrow().id();
          if (signers.add(signer)) {
            assertThat(gate.current().find(signer)).as("known before it signs").isPresent();
          }
          // Issued under whatever key signs; sent right away, and once more when it is old.
          String token = issuing.encode(issuing.create());
          check(verifying, token, refused);
          ring.pass(Duration.ofMinutes(20), issuer);
          gate.tick();
          check(verifying, token, refused);
          ring.pass(Duration.ofMinutes(40), issuer);
          gate.tick();
        }
        assertThat(refused).isEmpty();
        assertThat(signers).hasSize(4);
        assertThat(gate.current().keyIds()).hasSizeLessThanOrEqualTo(3);
        assertThat(gate.health().epoch()).isEqualTo(issuer.health().epoch());

        // An emergency: the gate has not heard of the key that signs now. It says so, and asks.
        ring.custodian.revocation(gate.current().keyIds()).commit();
        issuer.refresh();
        String token = issuing.encode(issuing.create());
        assertThat(verifying.awaitsKey(token)).isTrue();
        gate.tick();
        assertThat(verifying.decode(token)).isInstanceOf(Decoded.Accepted.class);
        assertThat(gate.current().keyIds()).hasSize(1);
      }
    }
  }

  private static void check(TokenCodec verifying, String token, List<Rejection> refused) {
    if (verifying.decode(token) instanceof Decoded.Rejected rejected) {
      refused.add(rejected.reason());
    }
  }

  private static String text(PublishedJwks keys) {
    return new String(keys.body(), StandardCharsets.UTF_8);
  }
}
