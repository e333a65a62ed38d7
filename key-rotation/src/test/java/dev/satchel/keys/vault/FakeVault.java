package dev.satchel.keys.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Speaks the transit engine's part of Vault's documented API: {@code encrypt}, {@code decrypt} and
 * {@code keys} of one key {@code transit/keys/shop}, with versions, associated data, tokens and
 * namespaces; and fails in the documented ways, and in others.
 */
public final class FakeVault implements AutoCloseable {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final SecureRandom RANDOM = new SecureRandom();

  public final AtomicInteger encryptions = new AtomicInteger();
  public final AtomicInteger decryptions = new AtomicInteger();
  public final AtomicInteger requests = new AtomicInteger();
  public final Set<String> tokens = ConcurrentHashMap.newKeySet();

  /** All that was sent or given away, to look for where it does not belong. */
  public final List<String> secrets = new CopyOnWriteArrayList<>();

  /** Status and body instead of any answer; -1 for one that never comes. */
  public volatile int status;

  public volatile @Nullable String body;
  volatile @Nullable String namespace;
  volatile int minDecryptionVersion = 1;
  volatile String extra = "";
  volatile long made = 1_767_000_000L;

  private final List<SecretKeySpec> versions = new ArrayList<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  public FakeVault() throws IOException {
    this(null);
  }

  FakeVault(@Nullable SSLContext tls) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (tls == null) {
      server = HttpServer.create(address, 0);
    } else {
      HttpsServer secure = HttpsServer.create(address, 0);
      secure.setHttpsConfigurator(new HttpsConfigurator(tls));
      server = secure;
    }
    rotate();
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** A new version of the key, which encrypts from now on. */
  public synchronized void rotate() {
    byte[] key = new byte[32];
    RANDOM.nextBytes(key);
    versions.add(new SecretKeySpec(key, "AES"));
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String address() {
    return (server instanceof HttpsServer ? "https://localhost:" : "http://127.0.0.1:") + port();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      String sent = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      if (status == -1) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
        Thread.sleep(60_000);
        return;
      }
      if (status != 0) {
        exchange.getResponseHeaders().add("Location", address() + "/v1/elsewhere");
        reply(exchange, status, body == null ? error("says too much: " + sent) : body);
        return;
      }
      String token = exchange.getRequestHeaders().getFirst("X-Vault-Token");
      boolean known = token != null && tokens.contains(token);
      String asked = exchange.getRequestHeaders().getFirst("X-Vault-Namespace");
      if (!"true".equals(exchange.getRequestHeaders().getFirst("X-Vault-Request")) || !known) {
        reply(exchange, 403, error("permission denied"));
      } else if (namespace != null && !namespace.equals(asked)) {
        reply(exchange, 404, error("no handler for route"));
      } else {
        transit(exchange, sent);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private void transit(HttpExchange exchange, String sent)
      throws IOException, GeneralSecurityException {
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    switch (line) {
      case "POST /v1/transit/encrypt/shop" -> {
        encryptions.incrementAndGet();
        JsonNode question = MAPPER.readTree(sent);
        String plaintext = question.get("plaintext").stringValue();
        String ciphertext = encrypt(plaintext, aad(question));
        secrets.add(plaintext);
        secrets.add(ciphertext);
        ObjectNode data = MAPPER.createObjectNode();
        data.put("ciphertext", ciphertext).put("key_version", versions.size());
        reply(exchange, 200, wrapped(data));
      }
      case "POST /v1/transit/decrypt/shop" -> {
        decryptions.incrementAndGet();
        JsonNode question = MAPPER.readTree(sent);
        String plaintext = decrypt(question.get("ciphertext").stringValue(), aad(question));
        if (plaintext == null) {
          reply(exchange, 400, error("cipher: message authentication failed: " + sent));
        } else {
          secrets.add(plaintext);
          reply(exchange, 200, wrapped(MAPPER.createObjectNode().put("plaintext", plaintext)));
        }
      }
      case "GET /v1/transit/keys/shop" -> reply(exchange, 200, describe());
      case "POST /v1/transit/encrypt/other", "POST /v1/transit/decrypt/other" ->
          reply(exchange, 400, error("encryption key not found"));
      default -> reply(exchange, 404, error("no handler for route"));
    }
  }

  private String describe() {
    StringBuilder keys = new StringBuilder();
    for (int version = 1; version <= versions.size(); version++) {
      keys.append(version == 1 ? "" : ",").append("\"" + version + "\":" + made);
    }
    return "{\"data\":{\"type\":\"aes256-gcm96\",\"keys\":{"
        + keys
        + "},\"latest_version\":"
        + versions.size()
        + ",\"name\":\"shop\",\"derived\":false"
        + extra
        + "}}";
  }

  private synchronized String encrypt(String plaintext, byte[] aad)
      throws GeneralSecurityException {
    byte[] nonce = new byte[12];
    RANDOM.nextBytes(nonce);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, versions.get(versions.size() - 1), new GCMParameterSpec(128, nonce));
    cipher.updateAAD(aad);
    byte[] sealed = cipher.doFinal(Base64.getDecoder().decode(plaintext));
    byte[] all = new byte[12 + sealed.length];
    System.arraycopy(nonce, 0, all, 0, 12);
    System.arraycopy(sealed, 0, all, 12, sealed.length);
    return "vault:v" + versions.size() + ":" + Base64.getEncoder().encodeToString(all);
  }

  private synchronized @Nullable String decrypt(String ciphertext, byte[] aad)
      throws GeneralSecurityException {
    String[] parts = ciphertext.split(":", 3);
    int version = Integer.parseInt(parts[1].substring(1));
    byte[] all = Base64.getDecoder().decode(parts[2]);
    if (version < minDecryptionVersion || version > versions.size() || all.length < 28) {
      return null;
    }
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE, versions.get(version - 1), new GCMParameterSpec(128, all, 0, 12));
    cipher.updateAAD(aad);
    try {
      return Base64.getEncoder().encodeToString(cipher.doFinal(all, 12, all.length - 12));
    } catch (AEADBadTagException e) {
      return null;
    }
  }

  private static byte[] aad(JsonNode question) {
    return Base64.getDecoder().decode(question.path("associated_data").asString(""));
  }

  private static String wrapped(ObjectNode data) {
    ObjectNode answer = MAPPER.createObjectNode();
    answer.put("request_id", "00000000-0000-0000-0000-000000000000").put("lease_id", "");
    answer.put("renewable", false).put("lease_duration", 0);
    answer.set("data", data);
    answer.putNull("wrap_info").putNull("warnings").putNull("auth");
    return MAPPER.writeValueAsString(answer);
  }

  private static String error(String text) {
    ObjectNode answer = MAPPER.createObjectNode();
    answer.putArray("errors").add(text);
    return MAPPER.writeValueAsString(answer);
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Stops answering at once: connections are refused from then on. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
