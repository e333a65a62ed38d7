package dev.satchel;

import java.nio.charset.StandardCharsets;

/**
 * A protected header that we mint, known before a token is looked at: members in alphabetical
 * order, no white space. Comparing the first segment with it byte for byte replaces every rule
 * about {@code alg}, {@code crit}, {@code jku}, duplicates and the rest.
 */
record PinnedHeader(WorkingKey key, boolean compressed, String segment) {
  /** RFC 8725 §3.11: a type of our own per purpose. */
  private static final String TYPE = "s+jwt";

  /**
   * Another one inside a nested token, or its inner part would be a good token of a signing key.
   */
  private static final String INNER_TYPE = "sn+jwt";

  static PinnedHeader of(WorkingKey key, boolean compressed) {
    return new PinnedHeader(key, compressed, segment(key.key().algorithm(), key.kid(), compressed));
  }

  private static String segment(TokenAlgorithm algorithm, String kid, boolean compressed) {
    String json =
        switch (algorithm) {
          case A256GCM -> "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"";
          case A256CBC_HS512 -> "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"kid\":\"";
          case A256KW -> "{\"alg\":\"A256KW\",\"enc\":\"A256GCM\",\"kid\":\"";
          case HS256 -> "{\"alg\":\"HS256\",\"kid\":\"";
          case ES256 -> "{\"alg\":\"ES256\",\"kid\":\"";
          case ED25519 -> "{\"alg\":\"Ed25519\",\"kid\":\"";
          case ED25519_A256GCM -> "{\"alg\":\"dir\",\"cty\":\"JWT\",\"enc\":\"A256GCM\",\"kid\":\"";
        };
    return encode(json, kid, TYPE, compressed);
  }

  /**
   * The header of the signed token inside a nested one. Its kid has no hour, as in the signed
   * profiles.
   */
  static String innerSegment(SessionKey key) {
    return encode("{\"alg\":\"Ed25519\",\"kid\":\"", key.id(), INNER_TYPE, false);
  }

  private static String encode(String beginning, String kid, String type, boolean compressed) {
    String json =
        beginning + kid + "\",\"typ\":\"" + type + (compressed ? "\",\"zip\":\"DEF\"}" : "\"}");
    return Base64Url.encode(json.getBytes(StandardCharsets.US_ASCII));
  }

  /** What authenticates the header in a JWE: the segment itself (RFC 7516 §5.1 step 14). */
  byte[] additionalData() {
    return segment.getBytes(StandardCharsets.US_ASCII);
  }
}
