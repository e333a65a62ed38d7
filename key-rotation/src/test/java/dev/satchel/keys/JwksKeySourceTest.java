package dev.satchel.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.Decoded;
import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.KeySource.Absence;
import dev.satchel.KeySource.Health.Status;
import dev.satchel.Rejection;
import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md (c) row 6, the reading side: what is asked, and what of the answer is believed. */
class JwksKeySourceTest {
  private static final Logger LOGGER = Logger.getLogger("dev.satchel.keys");
  private static final SessionKey ONE = key("one", TokenAlgorithm.ED25519, 1);
  private static final SessionKey TWO = key("two", TokenAlgorithm.ES256, 2);
  private static final SessionKey SYMMETRIC = key("sym", TokenAlgorithm.HS256, 3);
  private static final TokenContext CONTEXT = TokenContext.header("shop", "X-Session");

  /** What a ring published at epochs 1 to 3 makes its ids of; the tags are nobody's business. */
  private static final String LINEAGE = "AAAAAAAAAAAAAAAAAAAAAA";

  /** One certificate for all tests of the class. */
  @TempDir static Path certificates;

  private final ManualTime time = new ManualTime();
  private JwksServer server;

  @BeforeEach
  void start() throws Exception {
    LOGGER.setLevel(Level.OFF);
    server = new JwksServer(certificates);
  }

  @AfterEach
  void stop() {
    server.close();
  }

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/jwks.json",
        "HTTP://issuer.example/jwks.json",
        "ftp://issuer.example/jwks.json",
        "https:///jwks.json",
        "https:jwks.json",
        "https://user:secret@issuer.example/jwks.json",
        "https://issuer.example/jwks.json#key",
        "//issuer.example/jwks.json",
      })
  void builder_otherAddress_refused(String address) {
    assertThatThrownBy(() -> JwksKeySource.builder(URI.create(address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https")
        .hasMessageNotContaining("secret");
  }

  /** Found by the scheme; plain text is no scheme of any provider. */
  @Test
  void open_byLocation() {
    assertThatThrownBy(() -> KeySource.open(URI.create("http://127.0.0.1:1/jwks.json"), time))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https");
    // The JDK does not trust this certificate, and nothing makes us.
    assertThatThrownBy(() -> KeySource.open(server.address(), time))
        .isInstanceOf(KeyRingException.class)
        .extracting(failure -> ((KeyRingException) failure).reason())
        .isEqualTo(KeyRingException.Reason.UNAVAILABLE);
    assertThat(server.requests).isEmpty();
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

  @Test
  void build_304AtFirst_refused() {
    server.answers(exchange -> exchange.sendResponseHeaders(304, -1));
    assertReason(KeyRingException.Reason.UNREADABLE);
  }

  /** A tag is sent back; what is none, or could be a burden, is not. */
  @ParameterizedTest
  @ValueSource(strings = {"v1", "\"", "\"a\" \"b\"", "W/v1"})
  void tick_badTag_notSentBack(String etag) {
    servesTagged(set(jwk(ONE)), etag, "max-age=60");
    try (JwksKeySource gate = server.source(time).build()) {
      time.advance(Duration.ofSeconds(60));
      gate.tick();
      assertThat(server.requests.get(1).getFirst("If-None-Match")).isNull();
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

  @ParameterizedTest
  @ValueSource(ints = {204, 301, 302, 307, 308, 401, 404, 429, 500, 503})
  void build_otherStatus_unavailable(int status) throws Exception {
    try (JwksServer elsewhere = new JwksServer(certificates)) {
      elsewhere.serves(set(jwk(ONE)));
      server.answers(
          exchange -> {
            exchange.getResponseHeaders().add("Location", elsewhere.address().toString());
            JwksServer.send(exchange, status, status == 204 ? "" : set(jwk(ONE)));
          });
      assertReason(KeyRingException.Reason.UNAVAILABLE);
      assertThat(elsewhere.requests).isEmpty();
      assertThat(server.requests).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "text/html; charset=utf-8", "application/jwk+json", ""})
  void build_otherMediaType_unreadable(String type) {
    server.serves(set(jwk(ONE)), "Content-Type", type);
    assertReason(KeyRingException.Reason.UNREADABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/jwk-set+json", "Application/JSON;charset=UTF-8", "application/json"})
  void build_mediaTypeOfSets_read(String type) {
    server.serves(set(jwk(ONE)), "Content-Type", type);
    try (JwksKeySource gate = server.source(time).build()) {
      assertThat(gate.current().keyIds()).containsExactly("one");
    }
    assertThat(server.requests.get(0).getFirst("Accept")).contains(PublishedJwks.CONTENT_TYPE);
    assertThat(server.requests.get(0)).doesNotContainKeys("Cookie", "Authorization", "Referer");
  }

  @Test
  void build_compressed_unreadable() {
    server.serves(set(jwk(ONE)), "Content-Encoding", "gzip");
    assertReason(KeyRingException.Reason.UNREADABLE);
    assertThat(server.requests.get(0).getFirst("Accept-Encoding")).isNull();
  }

  @Test
  void tick_cookieSet_notSentBack() {
    server.serves(set(jwk(ONE)), "Set-Cookie", "a=b");
    try (JwksKeySource gate = server.source(time).build()) {
      gate.refresh();
      assertThat(server.requests).hasSize(2);
      assertThat(server.requests.get(1)).doesNotContainKey("Cookie");
    }
  }

  /** 64 MB are offered; what is taken is a little more than 64 KB and what the sockets hold. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void build_tooLarge_neverReadToItsEnd(boolean announced) throws Exception {
    int offered = 64 << 20;
    AtomicLong written = new AtomicLong();
    CountDownLatch done = new CountDownLatch(1);
    server.answers(
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, announced ? offered : 0);
          byte[] blanks =
              " ".repeat(16 * 1024).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
          try (OutputStream out = exchange.getResponseBody()) {
            while (written.get() < offered) {
              out.write(blanks);
              written.addAndGet(blanks.length);
            }
          } catch (IOException e) {
            // The client has hung up, as it should.
          } finally {
            done.countDown();
          }
        });
    assertReason(KeyRingException.Reason.UNREADABLE);
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(written.get()).isLessThan(offered / 2);
  }

  @Test
  void build_exactlyTheLimit_read() {
    String set = set(jwk(ONE));
    server.serves(set + " ".repeat(JwksEndpoint.MAX_BYTES - set.length()));
    server.source(time).build().close();
    server.serves(set + " ".repeat(JwksEndpoint.MAX_BYTES - set.length() + 1));
    assertReason(KeyRingException.Reason.UNREADABLE);
  }

  /** The request's own timeout ends with the header fields; a body in drops must not hold us. */
  @Test
  void build_bodyInDrops_givenUp() {
    CountDownLatch over = new CountDownLatch(1);
    server.answers(
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      assertThatThrownBy(() -> server.source(time).timeout(Duration.ofMillis(300)).build())
          .isInstanceOf(KeyRingException.class)
          .hasMessageContaining("did not answer within 300 ms");
    } finally {
      over.countDown();
    }
  }

  @Test
  void build_bodyCutShort_unavailable() {
    server.answers(
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
        });
    assertReason(KeyRingException.Reason.UNAVAILABLE);
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
  @org.junit.jupiter.params.provider.MethodSource("refused")
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
  @org.junit.jupiter.params.provider.MethodSource("secrets")
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

  /** The rule of N6 without the lineage key: not yet known until asked late enough. */
  @Test
  void absent_unknownId_askedForOnceThenUnknown() {
    server.serves(set(jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      assertThat(gate.absent("new")).isEqualTo(Absence.NOT_YET_KNOWN);
      gate.tick();
      assertThat(server.requests).hasSize(2);
      assertThat(server.requests.get(1).getFirst("Cache-Control")).isEqualTo("no-cache");
      // The publisher's own view may be 70 seconds old.
      assertThat(gate.absent("new")).isEqualTo(Absence.NOT_YET_KNOWN);
      time.advance(Duration.ofSeconds(69));
      assertThat(gate.absent("new")).isEqualTo(Absence.NOT_YET_KNOWN);
      gate.tick();
      time.advance(Duration.ofSeconds(10));
      assertThat(gate.absent("new")).isEqualTo(Absence.NOT_YET_KNOWN);
      gate.tick();
      assertThat(gate.absent("new")).isEqualTo(Absence.UNKNOWN);
      int asked = server.requests.size();
      for (int i = 0; i < 100; i++) {
        assertThat(gate.absent("new")).isEqualTo(Absence.UNKNOWN);
      }
      gate.tick();
      assertThat(server.requests).hasSize(asked);
    }
  }

  /** What a cache says is as old as it says: it proves nothing about an id that came up since. */
  @Test
  void absent_answersFromACache_countFromTheirAge() {
    server.serves(set(jwk(ONE)), "Age", "600");
    try (JwksKeySource gate = server.source(time).build()) {
      for (int i = 0; i < 60; i++) {
        assertThat(gate.absent("new")).isEqualTo(Absence.NOT_YET_KNOWN);
        time.advance(Duration.ofSeconds(10));
        gate.tick();
      }
      assertThat(gate.health().alarms()).isEmpty();
    }
  }

  /** jwks-rsa #173 and ruby-jwt #499: a flood of forged ids neither floods nor starves. */
  @Test
  void absent_floodOfForgedIds_oneFetchPerTick_honestUsersServed() {
    server.serves(set(jwk(ONE)), "Cache-Control", "max-age=300");
    try (JwksKeySource gate = server.source(time).build()) {
      int before = server.requests.size();
      for (int second = 0; second < 100; second++) {
        for (int i = 0; i < 10_000; i++) {
          gate.absent("f" + second + "-" + i);
          if (i % 1000 == 0) {
            gate.tick();
          }
        }
        time.advance(Duration.ofSeconds(1));
      }
      // A million ids: one fetch per ten seconds. None of the scheduled ones was due.
      assertThat(server.requests.size() - before).isEqualTo(10);
      // In the middle of it an honest user comes with a key that is published by now.
      server.serves(set(jwk(ONE), jwk(TWO)));
      for (int second = 0; second < 10; second++) {
        for (int i = 0; i < 1000; i++) {
          gate.absent("g" + second + "-" + i);
        }
        gate.tick();
        time.advance(Duration.ofSeconds(1));
      }
      assertThat(gate.current().find("two")).isPresent();
      assertThat(server.requests.size() - before).isEqualTo(11);
    }
  }

  /** The other way round: forged ids do not use up the scheduled fetches. */
  @Test
  void tick_flood_scheduledFetchesGoOn() {
    server.serves(set(jwk(ONE)), "Cache-Control", "max-age=60");
    try (JwksKeySource gate = server.source(time).build()) {
      gate.absent("forged");
      gate.tick();
      gate.absent("forged2");
      time.advance(Duration.ofSeconds(60));
      gate.tick();
      assertThat(server.requests).hasSize(3);
    }
  }

  @Test
  void tick_keyGoneFromTheSet_retiredAtOnce() {
    server.serves(set(jwk(ONE), jwk(TWO)));
    TokenCodec issuer = codec(KeySource.of(KeyRing.of(ONE)));
    String token = issuer.encode(issuer.create());
    try (JwksKeySource gate = server.source(time).build()) {
      assertThat(codec(gate).decode(token)).isInstanceOf(Decoded.Accepted.class);
      server.serves(set(jwk(TWO)));
      gate.refresh();
      int asked = server.requests.size();
      assertThat(codec(gate).decode(token))
          .isInstanceOfSatisfying(
              Decoded.Rejected.class,
              rejected -> assertThat(rejected.reason()).isEqualTo(Rejection.RETIRED_KEY));
      assertThat(gate.absent("one")).isEqualTo(Absence.RETIRED);
      gate.tick();
      assertThat(server.requests).hasSize(asked);
      // Somebody put it back: it counts again, as the publisher says.
      server.serves(set(jwk(ONE), jwk(TWO)));
      gate.refresh();
      assertThat(codec(gate).decode(token)).isInstanceOf(Decoded.Accepted.class);
    }
  }

  /** Memory of what was removed is bounded, whatever a publisher does. */
  @Test
  void tick_setChangesForEver_boundedMemory() {
    server.serves(set(jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      for (int i = 0; i < 300; i++) {
        server.serves(set(jwk(key("k" + i, TokenAlgorithm.ED25519, i))));
        gate.refresh();
      }
      assertThat(gate.absent("k298")).isEqualTo(Absence.RETIRED);
      assertThat(gate.absent("k44")).isEqualTo(Absence.RETIRED);
      assertThat(gate.absent("one")).isEqualTo(Absence.NOT_YET_KNOWN);
    }
  }

  /** A ring is complete up to its epoch: ids of before need nobody to be asked. */
  @Test
  void absent_idOfARingsPast_retiredWithoutAFetch() {
    KeyId ids = new KeyId(new byte[32]);
    server.serves(marked(LINEAGE, 7, jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      assertThat(gate.health().epoch()).isEqualTo(7);
      assertThat(gate.absent(ids.mint(7, new SeededRandom(1)))).isEqualTo(Absence.RETIRED);
      gate.tick();
      assertThat(server.requests).hasSize(1);
      assertThat(gate.absent(ids.mint(8, new SeededRandom(1)))).isEqualTo(Absence.NOT_YET_KNOWN);
      gate.tick();
      assertThat(server.requests).hasSize(2);
    }
  }

  /** A ring of long intervals: what its nodes do not know yet is not nobody's. */
  @Test
  void absent_ringWithALongLag_notYetKnownForSoLong() {
    String id = new KeyId(new byte[32]).mint(8, new SeededRandom(1));
    server.serves(marked(new RingMark(LINEAGE, 7, Duration.ofMinutes(10)), jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      assertThat(gate.absent(id)).isEqualTo(Absence.NOT_YET_KNOWN);
      passInSeconds(gate, 590);
      assertThat(gate.absent(id)).isEqualTo(Absence.NOT_YET_KNOWN);
      passInSeconds(gate, 30);
      gate.refresh();
      assertThat(gate.absent(id)).isEqualTo(Absence.UNKNOWN);
    }
  }

  /** Whoever serves the set does not decide that forged ids are asked for without end. */
  @Test
  void mark_longLag_isTakenAsADay() {
    server.serves(marked(new RingMark(LINEAGE, 7, Duration.ofDays(4000)), jwk(ONE)));
    try (JwksKeySource gate = server.source(time).build()) {
      String id = new KeyId(new byte[32]).mint(8, new SeededRandom(1));
      assertThat(gate.absent(id)).isEqualTo(Absence.NOT_YET_KNOWN);
      time.advance(Duration.ofDays(1));
      gate.refresh();
      assertThat(gate.absent(id)).isEqualTo(Absence.UNKNOWN);
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

  /** What comes over the line is nobody's text: neither messages nor causes have it. */
  @Test
  void build_notEvenHttp_saysNothingOfIt() throws Exception {
    try (ServerSocket listening =
        server
            .tls
            .getServerSocketFactory()
            .createServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Thread talker =
          new Thread(
              () -> {
                try (Socket peer = listening.accept()) {
                  peer.getInputStream().read();
                  peer.getOutputStream().write("hunter2 is no status line\r\n\r\n".getBytes(UTF_8));
                } catch (IOException e) {
                  // The client has its own view of it.
                }
              });
      talker.start();
      URI address = URI.create("https://127.0.0.1:" + listening.getLocalPort() + "/jwks.json");
      assertThatThrownBy(() -> JwksKeySource.builder(address).sslContext(server.tls).build())
          .isInstanceOf(KeyRingException.class)
          .hasNoCause()
          .hasMessageContaining("cannot be reached (")
          .hasMessageNotContaining("hunter2");
      talker.join();
    }
  }

  @Test
  void text_holdsNoQuery() {
    server.serves(set(jwk(ONE)));
    URI address = URI.create(server.address() + "?tenant=hunter2");
    try (JwksKeySource gate =
        JwksKeySource.builder(address).sslContext(server.tls).withoutThread().build()) {
      assertThat(gate.toString()).contains("/jwks.json", "one").doesNotContain("hunter2");
    }
    server.answers(exchange -> JwksServer.send(exchange, 500, ""));
    assertThatThrownBy(
            () -> JwksKeySource.builder(address).sslContext(server.tls).withoutThread().build())
        .hasMessageContaining("500")
        .hasMessageNotContaining("hunter2");
  }

  private void assertReason(KeyRingException.Reason reason) {
    assertThatThrownBy(() -> server.source(time).build())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("https://127.0.0.1")
        .extracting(failure -> ((KeyRingException) failure).reason())
        .isEqualTo(reason);
  }

  private void passInSeconds(JwksKeySource gate, int seconds) {
    for (int i = 0; i < seconds; i++) {
      time.advance(Duration.ofSeconds(1));
      gate.tick();
    }
  }

  private void servesTagged(String set, String etag, String cacheControl) {
    server.answers(
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.getResponseHeaders().add("ETag", etag);
          exchange.getResponseHeaders().add("Cache-Control", cacheControl);
          if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
          } else {
            JwksServer.send(exchange, 200, set);
          }
        });
  }

  private TokenCodec codec(KeySource keys) {
    return TokenCodec.builder(CONTEXT, keys).clock(time).build();
  }

  private static SessionKey key(String id, TokenAlgorithm algorithm, int seed) {
    return SessionKey.generate(id, algorithm, new SeededRandom(seed));
  }

  private static String jwk(SessionKey key) {
    return key.toPublicJwk().orElseThrow();
  }

  private static String set(String... keys) {
    return "{\"keys\":[" + String.join(",", keys) + "]}";
  }

  private static String marked(String lineage, long epoch, String... keys) {
    return marked(new RingMark(lineage, epoch, RingMark.DEFAULT_LAG), keys);
  }

  private static String marked(RingMark mark, String... keys) {
    return set(keys).replaceFirst("}$", "," + mark.toMember() + "}");
  }
}
