package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A publisher that answers as a test says, and the sets it answers with. */
abstract class JwksSourceFixture {
  static final SessionKey ONE = key("one", TokenAlgorithm.ED25519, 1);
  static final SessionKey TWO = key("two", TokenAlgorithm.ES256, 2);
  static final SessionKey SYMMETRIC = key("sym", TokenAlgorithm.HS256, 3);

  /** What a ring published at epochs 1 to 3 makes its ids of; the tags are nobody's business. */
  static final String LINEAGE = "AAAAAAAAAAAAAAAAAAAAAA";

  private static final Logger LOGGER = Logger.getLogger("dev.satchel.keys");
  private static final TokenContext CONTEXT = TokenContext.header("shop", "X-Session");

  /** One certificate for all tests of a class. */
  @TempDir static Path certificates;

  final ManualTime time = new ManualTime();
  JwksServer server;

  @BeforeEach
  void start() throws Exception {
    LOGGER.setLevel(Level.OFF);
    server = new JwksServer(certificates);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  void assertReason(KeyRingException.Reason reason) {
    assertThatThrownBy(() -> server.source(time).build())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("https://127.0.0.1")
        .extracting(failure -> ((KeyRingException) failure).reason())
        .isEqualTo(reason);
  }

  void passInSeconds(JwksKeySource gate, int seconds) {
    for (int i = 0; i < seconds; i++) {
      time.advance(Duration.ofSeconds(1));
      gate.tick();
    }
  }

  void servesTagged(String set, String etag, String cacheControl) {
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

  TokenCodec codec(KeySource keys) {
    return TokenCodec.builder(CONTEXT, keys).clock(time).build();
  }

  static SessionKey key(String id, TokenAlgorithm algorithm, int seed) {
    return SessionKey.generate(id, algorithm, new SeededRandom(seed));
  }

  static String jwk(SessionKey key) {
    return key.toPublicJwk().orElseThrow();
  }

  static String set(String... keys) {
    return "{\"keys\":[" + String.join(",", keys) + "]}";
  }

  static String marked(String lineage, long epoch, String... keys) {
    return marked(new RingMark(lineage, epoch, RingMark.DEFAULT_LAG), keys);
  }

  static String marked(RingMark mark, String... keys) {
    return set(keys).replaceFirst("}$", "," + mark.toMember() + "}");
  }
}
