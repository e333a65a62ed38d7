package dev.satchel.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.KeySource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md (c) row 6, the reading side: whom it asks, and what it takes for an answer. */
class JwksEndpointTest extends JwksSourceFixture {
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
          byte[] blanks = " ".repeat(16 * 1024).getBytes(US_ASCII);
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
}
