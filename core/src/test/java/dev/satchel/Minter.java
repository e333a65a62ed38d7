package dev.satchel;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Makes authentic tokens of any content and any header: what whoever holds the key could do. */
final class Minter {
  static final String SESSION_ID = "dGVzdC1zZXNzaW9uLTAwMQ";

  private final SessionKey key;
  private final WorkingKey workingKey;
  private final SeededRandom random = new SeededRandom("minter");

  Minter(SessionKey key) {
    this(key, TestKeys.CONTEXT, TestKeys.NOW);
  }

  Minter(SessionKey key, TokenContext context, Instant now) {
    this.key = key;
    this.workingKey = WorkingKey.at(key, WorkingKey.hourOf(now), context);
  }

  /** Claims that are valid now, around these attributes. */
  String claims(String attributes) {
    return claims(
        "\"jti\":\"" + SESSION_ID + "\",\"iat\":1768473000,\"exp\":1768501800,\"la\":0,\"mi\":1800",
        attributes);
  }

  String claims(String members, String attributes) {
    String audience = key.algorithm().isAsymmetric() ? ",\"aud\":\"" + TestKeys.CONTEXT + "\"" : "";
    return "{" + members + audience + ",\"a\":" + attributes + "}";
  }

  /** A token whose attributes are this JSON object. */
  String tokenOf(String attributes) {
    return token(claims(attributes));
  }

  String token(String payload) {
    return token(payload.getBytes(StandardCharsets.UTF_8));
  }

  String token(byte[] payload) {
    return workingKey.format().seal(new Payload(payload, false), workingKey, random);
  }

  /** A token whose header says {@code zip}, whatever the payload is. */
  String compressedToken(byte[] payload) {
    return workingKey.format().seal(new Payload(payload, true), workingKey, random);
  }

  /** A token of the usual content with this text as its header, authentic under it. */
  String tokenWithHeader(String header) {
    return tokenWithHeader(header.getBytes(StandardCharsets.UTF_8));
  }

  String tokenWithHeader(byte[] header) {
    String segment = Base64Url.encode(header);
    byte[] payload = claims("{}").getBytes(StandardCharsets.UTF_8);
    PinnedHeader pinned = new PinnedHeader(workingKey, false, segment);
    return switch (key.algorithm()) {
      case A256GCM -> gcm(false).seal(payload, pinned, random);
      case A256CBC_HS512 ->
          new JweFormat(new ContentEncryption.A256CbcHs512(), false).seal(payload, pinned, random);
      case A256KW -> gcm(true).seal(payload, pinned, random);
      case HS256, ES256, ED25519 ->
          new JwsFormat(SignatureScheme.of(key.algorithm()))
              .seal(payload, segment, workingKey, random);
      case ED25519_A256GCM -> gcm(false).seal(signed(payload), pinned, random);
    };
  }

  /** A nested token around this text instead of a signed token. */
  String tokenAround(String inner) {
    return gcm(false)
        .seal(inner.getBytes(StandardCharsets.UTF_8), workingKey.header(false), random);
  }

  /** The inner, signed token of a nested one. */
  byte[] signed(byte[] payload) {
    return new JwsFormat(SignatureScheme.of(TokenAlgorithm.ED25519))
        .seal(payload, PinnedHeader.innerSegment(key), workingKey, random)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The JSON of the header that the codec mints. */
  String header() {
    return header(false);
  }

  String header(boolean compressed) {
    byte[] json = Base64Url.decode(workingKey.header(compressed).segment());
    return new String(json, StandardCharsets.US_ASCII);
  }

  WorkingKey workingKey() {
    return workingKey;
  }

  private static JweFormat gcm(boolean wrapsKey) {
    return new JweFormat(new ContentEncryption.A256Gcm(), wrapsKey);
  }
}
