package dev.satchel;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * One {@link SessionKey} as a JWK (RFC 7517). Read strictly: members that name the key's use must
 * agree with its algorithm, since a key with two algorithms is how tokens are forged (RFC 8725
 * §3.1). Symmetric keys are handled here, so that a node with nothing else loads no further
 * library; {@link AsymmetricJwk} does the rest.
 */
final class Jwk {
  /** Members that must not be overlooked because of their form. */
  private static final Set<String> TEXT_MEMBERS =
      Set.of("kty", "kid", "alg", "use", "crv", "x", "y", "d", "k");

  private static final int MAX_LENGTH = 4096; // ours have some 300 characters

  private Jwk() {}

  static SessionKey read(String json) {
    if (json.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "JWK has " + json.length() + " characters, allowed are " + MAX_LENGTH);
    }
    Map<String, String> members = members(json);
    String id = required(members, "kid");
    TokenAlgorithm algorithm = TokenAlgorithm.of(required(members, "alg"));
    requireEqual(
        members,
        "kty",
        algorithm == TokenAlgorithm.ES256 ? "EC" : algorithm.isAsymmetric() ? "OKP" : "oct",
        true);
    requireEqual(members, "use", use(algorithm), false);
    if (members.containsKey("key_ops")) {
      requireOperations(required(members, "key_ops"), algorithm);
    }
    byte[] secret = algorithm.secretLength() > 0 ? bytes(members, "k") : null;
    if (!algorithm.isAsymmetric()) {
      return new SessionKey(id, algorithm, secret, null, null);
    }
    requireEqual(members, "crv", algorithm == TokenAlgorithm.ES256 ? "P-256" : "Ed25519", true);
    AsymmetricJwk pair = AsymmetricJwk.read(members);
    return new SessionKey(id, algorithm, secret, pair.privateKey(), pair.publicKey());
  }

  /** Nested keys are for both uses, which the member cannot say. */
  private static @Nullable String use(TokenAlgorithm algorithm) {
    return algorithm == TokenAlgorithm.ED25519_A256GCM
        ? null
        : algorithm.isConfidential() ? "enc" : "sig";
  }

  private static Map<String, String> members(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    if (json.startsWith("\ufeff")) { // Jackson would pass over it
      throw new IllegalArgumentException("JWK begins with a byte order mark");
    }
    Map<String, String> members = new HashMap<>();
    try (JsonParser parser = StrictJson.parser(bytes, 0, bytes.length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("JWK is not a JSON object");
      }
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        JsonToken token = parser.nextToken();
        if (name.equals("key_ops")) {
          members.put(name, texts(parser));
        } else if (token == JsonToken.VALUE_STRING) {
          members.put(name, parser.getString());
        } else if (TEXT_MEMBERS.contains(name)) {
          throw new IllegalArgumentException("JWK member '" + name + "' is not a text");
        } else if (name.equals("keys")) {
          throw new IllegalArgumentException("this is a JWK set, one JWK is expected");
        } else {
          parser.skipChildren(); // RFC 7517 §4: members that are not understood are ignored
        }
      }
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("JWK has text behind its end");
      }
      return members;
    } catch (JacksonException e) {
      // Neither message nor cause: both may quote the secret.
      throw new IllegalArgumentException("JWK is not well-formed JSON, or names a member twice");
    }
  }

  /** RFC 7517 §4.3: what the key may be used for must be what its algorithm does. */
  private static void requireOperations(String operations, TokenAlgorithm algorithm) {
    Set<String> allowed =
        switch (algorithm) {
          case HS256, ES256, ED25519 -> Set.of("sign", "verify");
          case A256GCM, A256CBC_HS512 -> Set.of("encrypt", "decrypt");
          case A256KW -> Set.of("wrapKey", "unwrapKey");
          case ED25519_A256GCM -> Set.of("sign", "verify", "encrypt", "decrypt");
        };
    if (!allowed.containsAll(List.of(operations.split(" ")))) {
      throw new IllegalArgumentException(
          "JWK member 'key_ops' does not fit its algorithm; allowed are " + new TreeSet<>(allowed));
    }
  }

  /** The array of texts, joined by blanks, which no operation has. */
  private static String texts(JsonParser parser) {
    StringJoiner joined = new StringJoiner(" ");
    boolean isArray = parser.currentToken() == JsonToken.START_ARRAY;
    while (isArray && parser.nextToken() == JsonToken.VALUE_STRING) {
      joined.add(parser.getString());
    }
    if (!isArray || parser.currentToken() != JsonToken.END_ARRAY) {
      throw new IllegalArgumentException("JWK member 'key_ops' is not an array of texts");
    }
    return joined.toString();
  }

  private static String required(Map<String, String> members, String name) {
    String value = members.get(name);
    if (value == null) {
      throw new IllegalArgumentException("JWK has no text member '" + name + "'");
    }
    return value;
  }

  private static void requireEqual(
      Map<String, String> members, String name, @Nullable String expected, boolean mandatory) {
    String got = members.get(name);
    if (got == null && !mandatory) {
      return;
    }
    if (!Objects.equals(got, expected)) {
      throw new IllegalArgumentException(
          "JWK member '"
              + name
              + "' does not fit its algorithm; expected is "
              + (expected == null ? "none" : expected));
    }
  }

  static byte[] bytes(Map<String, String> members, String name) {
    byte[] bytes = Base64Url.decode(required(members, name));
    if (bytes == null) {
      throw new IllegalArgumentException("JWK member '" + name + "' is not base64url");
    }
    return bytes;
  }

  static String write(SessionKey key, boolean withPrivateParts) {
    Map<String, String> members = new LinkedHashMap<>();
    TokenAlgorithm algorithm = key.algorithm();
    members.put("kty", "oct");
    if (algorithm.isAsymmetric()) {
      PublicKey publicKey = key.publicKey();
      PrivateKey privateKey = withPrivateParts ? key.privateKey() : null;
      members.putAll(AsymmetricJwk.write(algorithm, publicKey, privateKey));
    }
    String use = use(algorithm);
    if (use != null) {
      members.put("use", use);
    }
    // The public part of a nested key is an ordinary signature key.
    members.put(
        "alg",
        withPrivateParts || algorithm != TokenAlgorithm.ED25519_A256GCM
            ? algorithm.label()
            : TokenAlgorithm.ED25519.label());
    members.put("kid", key.id());
    if (withPrivateParts && key.hasSecret()) {
      members.put("k", Base64Url.encode(key.secret()));
    }
    StringBuilder json = new StringBuilder();
    members.forEach(
        (name, value) ->
            json.append(json.isEmpty() ? "{\"" : ",\"")
                .append(name)
                .append("\":\"")
                .append(value)
                .append('"'));
    return json.append('}').toString();
  }
}
