package dev.satchel;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A protected header that we mint, known before a token is looked at: members in alphabetical
 * order, no white space. Comparing the first segment with it byte for byte replaces every rule
 * about {@code alg}, {@code crit}, {@code jku}, duplicates and the rest.
 */
final class PinnedHeader {
  /**
   * RFC 8725 §3.11: a type of our own per purpose, where the ring's key itself signs. A derived key
   * has its purpose in its derivation (RFC 8725 §3.12), and no byte is spent.
   */
  private static final String TYPE = "s+jwt";

  /**
   * Another one inside a nested token, or its inner part would be a good token of a signing key.
   */
  private static final String INNER_TYPE = "sn+jwt";

  private final WorkingKey key;
  private final boolean compressed;
  private final String segment;
  private final byte[] additionalData;

  PinnedHeader(WorkingKey key, boolean compressed, String segment) {
    this.key = key;
    this.compressed = compressed;
    this.segment = segment;
    this.additionalData = segment.getBytes(StandardCharsets.US_ASCII);
  }

  static PinnedHeader of(WorkingKey key, boolean compressed) {
    return new PinnedHeader(key, compressed, segment(key.key(), key.kid(), compressed));
  }

  private static String segment(SessionKey key, String kid, boolean compressed) {
    String json =
        switch (key.algorithm()) {
          case A256GCM -> "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"";
          case A256CBC_HS512 -> "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"kid\":\"";
          case A256KW -> "{\"alg\":\"A256KW\",\"enc\":\"A256GCM\",\"kid\":\"";
          case HS256 -> "{\"alg\":\"HS256\",\"kid\":\"";
          case ES256 -> "{\"alg\":\"ES256\",\"kid\":\"";
          case ED25519 -> "{\"alg\":\"Ed25519\",\"kid\":\"";
          case ED25519_A256GCM -> "{\"alg\":\"dir\",\"cty\":\"JWT\",\"enc\":\"A256GCM\",\"kid\":\"";
        };
    return encode(json, kid, WorkingKey.hasHour(key) ? null : TYPE, compressed);
  }

  /**
   * The header of the signed token inside a nested one. Its kid has no hour, as in the signed
   * profiles.
   */
  static String innerSegment(SessionKey key) {
    return encode("{\"alg\":\"Ed25519\",\"kid\":\"", key.id(), INNER_TYPE, false);
  }

  private static String encode(
      String beginning, String kid, @Nullable String type, boolean compressed) {
    String json =
        beginning
            + kid
            + (type == null ? "" : "\",\"typ\":\"" + type)
            + (compressed ? "\",\"zip\":\"DEF\"}" : "\"}");
    return Base64Url.encode(json.getBytes(StandardCharsets.US_ASCII));
  }

  WorkingKey key() {
    return key;
  }

  boolean compressed() {
    return compressed;
  }

  /** The text of the first segment. */
  String segment() {
    return segment;
  }

  /**
   * What authenticates the header in a JWE: the segment itself (RFC 7516 §5.1 step 14). Not changed
   * by anybody.
   */
  byte[] additionalData() {
    return additionalData;
  }

  /** The key's id and hour; no secret. */
  @Override
  public String toString() {
    return "PinnedHeader[kid=" + key.kid() + ", compressed=" + compressed + "]";
  }
}
