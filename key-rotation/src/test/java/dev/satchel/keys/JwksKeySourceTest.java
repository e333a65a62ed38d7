package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.Decoded;
import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.KeySource.Absence;
import dev.satchel.KeySource.Health.Status;
import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.TokenCodec;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** PROTOCOL.md (c) row 6, the reading side: when is asked, and what becomes of the keys. */
class JwksKeySourceTest extends JwksSourceFixture {
  @Test
  void build_set_verifiesAndIssuesNothing() {
    server.serves(set(jwk(ONE), jwk(TWO)));
    try (JwksKeySource gate = server.source(time).build()) {
      assertThat(gate.current().issuing()).isEmpty();
      assertThat(gate.current().keyIds()).containsExactlyInAnyOrder("one", "two");
      assertThat(gate.health().alarms()).isEmpty();
      assertThat(gate.health().stale()).isFalse();
      for (SessionKey key : new SessionKey[] {ONE, TWO}) {
        TokenCodec issuer = codec(KeySource.of(KeyRing.of(key)));
        String token = issuer.encode(issuer.create().withAttribute("a", "b"));
        assertThat(codec(gate).decode(token)).isInstanceOf(Decoded.Accepted.class);
      }
    }
  }

  @Test
  void build_otherKeysInTheSet_passedOver() {
    server.serves(
        set(
            "{\"kty\":\"RSA\",\"kid\":\"one-of-others\",\"alg\":\"RS256\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\",\"kid\":\"no-alg\"}",
            jwk(TWO).replace("\"two\"", "\"an-id-that-no-token-can-name\""),
            jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      assertThat(gate.current().keyIds()).containsExactly("one");
    }
  }

  @Test
  void tick_unchanged_askedWithTheTag_sameRing() {
    servesTagged(set(jwk(ONE)), "\"v1\"", "max-age=60");
    try (JwksKeySource gate = server.source(time).build()) {
      KeyRing before = gate.current();
      time.advance(Duration.ofSeconds(60));
      gate.tick();
      assertThat(server.requests).hasSize(2);
      assertThat(server.requests.get(0).getFirst("If-None-Match")).isNull();
      assertThat(server.requests.get(1).getFirst("If-None-Match")).isEqualTo("\"v1\"");
      assertThat(gate.current()).isSameAs(before);
      assertThat(gate.health().lastRead()).isEqualTo(time.instant());
      assertThat(gate.health().alarms()).isEmpty();
      // The same keys under another tag are no news for whoever keeps what he derived.
      servesTagged(set(jwk(ONE)) + " ", "\"v2\"", "max-age=60");
      time.advance(Duration.ofSeconds(60));
      gate.tick();
      assertThat(gate.current()).isSameAs(before);
    }
  }

  /** Fetches of ten minutes: the publisher's word counts between ten seconds and five minutes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-age=60             |    | 10 | 15",
        "max-age=60             | 45 | 40 | 60",
        "public, max-age=\"120\"|    |  5 |  8",
        "max-age=0              |    | 60 | 60",
        "max-age=86400          |    |  2 |  3",
        "no-store, max-age=0    |    |  2 |  3",
        "max-age=99999999999    |    |  2 |  3",
        "s-maxage=1             |    |  2 |  3",
      })
  void tick_maxAge_withinBounds(String cacheControl, String age, int least, int most) {
    server.answers(
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.getResponseHeaders().add("Cache-Control", cacheControl);
          if (age != null) {
            exchange.getResponseHeaders().add("Age", age);
          }
          JwksServer.send(exchange, 200, set(jwk(ONE)));
        });
    try (JwksKeySource gate = server.source(time).build()) {
      passInSeconds(gate, 600);
      assertThat(server.requests.size() - 1).isBetween(least, most);
    }
  }

  @Test
  void refreshInterval_outOfBounds_refused() {
    JwksKeySource.Builder builder = JwksKeySource.builder(server.address());
    assertThatThrownBy(() -> builder.refreshInterval(Duration.ofSeconds(9)))
        .hasMessageContaining("PT10S to PT1H");
    assertThatThrownBy(() -> builder.refreshInterval(Duration.ofMinutes(61)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static String[] refused() {
    String one = jwk(ONE);
    return new String[] {
      "",
      "null",
      "[]",
      "{}",
      "{\"keys\":{}}",
      "{\"keys\":[]}",
      "{\"keys\":[1]}",
      "{\"keys\":[],\"keys\":[" + one + "]}",
      set(one) + "x",
      "\ufeff" + set(one),
      set(one).replace("]", ",]"),
      set(one).substring(0, set(one).length() - 1),
      // One id twice, of whatever kind; one key under two ids.
      set(one, one),
      set(one, jwk(TWO).replace("\"two\"", "\"one\"")),
      set(one, "{\"kty\":\"RSA\",\"kid\":\"one\",\"alg\":\"RS256\"}"),
      set(one, one.replace("\"one\"", "\"uno\"")),
      // Damaged, contradicting itself.
      set(one.replace("\"x\":\"", "\"x\":\"A")),
      set(one.replace("Ed25519\",\"x", "P-256\",\"x")),
      set(one.replace("\"sig\"", "\"enc\"")),
      // Nothing of ours, as of a symmetric ring.
      set("{\"kty\":\"RSA\",\"kid\":\"rsa\",\"alg\":\"RS256\",\"n\":\"AQAB\",\"e\":\"AQAB\"}"),
      // A mark that cannot be read.
      marked("A", 1, one),
      marked(LINEAGE, 0, one),
      marked(new RingMark(LINEAGE, 1, Duration.ZERO), one),
      set(one).replaceFirst("}$", ",\"satchel\":7}"),
    };
  }

  @ParameterizedTest
  @MethodSource("refused")
  void tick_setToBeRefused_lastGoodOneStays(String body) {
    server.serves(set(jwk(ONE), jwk(TWO)));
    try (JwksKeySource gate = server.source(time).build()) {
      KeyRing before = gate.current();
      server.serves(body);
      time.advance(Duration.ofMinutes(5));
      gate.tick();
      assertThat(gate.current()).isSameAs(before);
      assertThat(gate.health().alarms()).containsExactly(KeyRingAlarm.UNREADABLE);
      assertThat(gate.health().status()).isEqualTo(Status.DEGRADED);
      assertThat(gate.health().reason())
          .isEqualTo("what the publisher sends is refused: the log says why");
      server.serves(set(jwk(TWO)));
      passInSeconds(gate, 10);
      assertThat(gate.current().keyIds()).containsExactly("two");
      assertThat(gate.health().alarms()).isEmpty();
    }
    server.serves(body);
    assertReason(KeyRingException.Reason.UNREADABLE);
  }

  static String[] secrets() {
    return new String[] {
      ONE.toSecretJwk(),
      TWO.toSecretJwk(),
      SYMMETRIC.toSecretJwk(),
      "{\"kty\":\"RSA\",\"kid\":\"rsa\",\"alg\":\"RS256\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"qi\":\"AQ\"}",
    };
  }

  /** Whoever reads the set could forge sessions: nobody may go on as if it were in order. */
  @ParameterizedTest
  @MethodSource("secrets")
  void build_privatePartInTheSet_refusedLoudlyAndNotRepeated(String secret) {
    server.serves(set(jwk(key("other", TokenAlgorithm.ED25519, 9)), secret));
    assertThatThrownBy(() -> server.source(time).build())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("keys[1]: it is published WITH ITS PRIVATE PART")
        .hasMessageNotContaining(secret.substring(secret.length() - 12, secret.length() - 3));
  }

  /** "Cannot read" is never "empty", for however long; and a timer survives whatever fails. */
  @Test
  void tick_publisherAwayFor1000Ticks_keysStay_thenRecovers() {
    server.serves(set(jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      KeyRing before = gate.current();
      server.answers(exchange -> JwksServer.send(exchange, 503, ""));
      int asked = server.requests.size();
      for (int i = 0; i < 1000; i++) {
        time.advance(Duration.ofMinutes(5));
        gate.tick();
      }
      assertThat(gate.current()).isSameAs(before);
      assertThat(gate.health().alarms()).containsExactly(KeyRingAlarm.UNAVAILABLE);
      assertThat(gate.health().stale()).isTrue();
      assertThat(gate.absent("unknown")).isEqualTo(Absence.NOT_YET_KNOWN);
      assertThat(server.requests.size() - asked).isEqualTo(1000);
      server.serves(set(jwk(TWO)));
      time.advance(Duration.ofMinutes(5));
      gate.tick();
      assertThat(gate.current().keyIds()).containsExactly("two");
      assertThat(gate.health().alarms()).isEmpty();
      assertThat(gate.health().stale()).isFalse();
    }
  }

  /** A publisher that is down is asked at once again, then ever less often. */
  @Test
  void tick_publisherAway_askedLessAndLess() {
    server.serves(set(jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      server.answers(exchange -> JwksServer.send(exchange, 503, ""));
      time.advance(Duration.ofMinutes(5));
      gate.tick();
      int asked = server.requests.size();
      passInSeconds(gate, 3600);
      // After 10, 20, 40, 80, 160 s and then every five minutes, each up to a fifth earlier.
      assertThat(server.requests.size() - asked).isBetween(15, 22);
    }
  }

  /** It answers, and goes on to serve what was revoked where it does not look. */
  @Test
  void health_publisherCutOffFromItsStore_degradedUntilItReads() {
    String body = marked(LINEAGE, 7, jwk(ONE));
    server.serves(body, "Age", "60", "Cache-Control", "max-age=120");
    try (JwksKeySource gate = server.source(time).build()) {
      time.advance(Duration.ofSeconds(60));
      gate.tick();
      assertThat(gate.health().status()).isEqualTo(KeySource.Health.Status.UP);
      server.serves(body, "Age", "211", "Cache-Control", "max-age=120");
      time.advance(Duration.ofSeconds(300));
      gate.tick();
      assertThat(gate.health().status()).isEqualTo(KeySource.Health.Status.DEGRADED);
      assertThat(gate.health().alarms()).containsExactly(KeyRingAlarm.UNAVAILABLE);
      server.serves(body, "Age", "1", "Cache-Control", "max-age=61");
      time.advance(Duration.ofSeconds(10));
      gate.tick();
      assertThat(gate.health().alarms()).isEmpty();
    }
  }

  /**
   * Two publishers behind one address, one of which has not read yet that a key was revoked: it
   * must not come back (I6).
   */
  @Test
  void tick_publisherThatLags_revocationStays_alarmIfItLasts() {
    servesTagged(marked(LINEAGE, 8, jwk(TWO)), "\"new\"", "max-age=60");
    try (JwksKeySource gate = server.source(time).build()) {
      servesTagged(marked(LINEAGE, 7, jwk(ONE), jwk(TWO)), "\"old\"", "max-age=60");
      time.advance(Duration.ofSeconds(60));
      gate.tick();
      assertThat(gate.current().keyIds()).containsExactly("two");
      assertThat(gate.health().alarms()).isEmpty();
      time.advance(Duration.ofSeconds(60));
      gate.tick();
      // Not with the tag of what was not believed: 304 would mean that.
      assertThat(server.requests.get(2).getFirst("If-None-Match")).isEqualTo("\"new\"");
      time.advance(Duration.ofSeconds(60));
      gate.tick();
      assertThat(gate.health().alarms()).containsExactly(KeyRingAlarm.ROLLED_BACK);
      servesTagged(marked(LINEAGE, 9, jwk(TWO)), "\"newer\"", "max-age=60");
      time.advance(Duration.ofSeconds(60));
      gate.tick();
      assertThat(gate.health().alarms()).isEmpty();
      assertThat(gate.health().epoch()).isEqualTo(9);
      // Another ring starts anew.
      servesTagged(marked("BBBBBBBBBBBBBBBBBBBBBA", 1, jwk(ONE)), "\"1\"", "max-age=60");
      time.advance(Duration.ofSeconds(60));
      gate.tick();
      assertThat(gate.current().keyIds()).containsExactly("one");
    }
  }

  /** Of two caches behind one address, the one that has it for longer brings nothing back. */
  @Test
  void tick_cacheWithAnOlderAnswer_removedKeyStaysAway() {
    server.serves(set(jwk(TWO)), "Age", "10");
    try (JwksKeySource gate = server.source(time).build()) {
      server.serves(set(jwk(ONE), jwk(TWO)), "Age", "200");
      time.advance(Duration.ofSeconds(100));
      gate.refresh();
      assertThat(gate.current().keyIds()).containsExactly("two");
      time.advance(Duration.ofSeconds(100));
      gate.refresh();
      assertThat(gate.current().keyIds()).containsExactlyInAnyOrder("one", "two");
    }
  }

  @Test
  void thread_fetchesByItself_andStops() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch twice = new CountDownLatch(2);
    server.answers(
        exchange -> {
          asked.incrementAndGet();
          twice.countDown();
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          JwksServer.send(exchange, 200, set(jwk(ONE)));
        });
    Thread opener = Thread.currentThread();
    ClassLoader before = opener.getContextClassLoader();
    try (URLClassLoader application = new URLClassLoader(new URL[0], before)) {
      opener.setContextClassLoader(application);
      try (JwksKeySource gate =
          JwksKeySource.builder(server.address()).sslContext(server.tls).build()) {
        gate.absent("unknown"); // wakes the thread, which waits for minutes otherwise
        assertThat(twice.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Thread.getAllStackTraces().keySet())
            .filteredOn(thread -> thread.getContextClassLoader() == application)
            .filteredOn(thread -> thread.getName().matches("(satchel|HttpClient).*"))
            .isEmpty();
      } finally {
        opener.setContextClassLoader(before);
      }
    }
  }
}
