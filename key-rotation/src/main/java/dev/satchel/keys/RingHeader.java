package dev.satchel.keys;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;

/**
 * The protected header of a sealed ring. It repeats ring, lineage and epoch, so that a document can
 * be told apart without the key, and one that was put in another's place is refused.
 */
final class RingHeader {
  private static final JOSEObjectType TYPE = new JOSEObjectType("satchel-ring");
  private static final String CONTENT_TYPE = "jwk-set+json"; // RFC 7517 §8.5.2
  private static final String RING = "ring";
  private static final String LINEAGE = "lineage";
  private static final String EPOCH = "epoch";

  private RingHeader() {}

  /** One that lacks only what leads to the key. */
  static JWEHeader.Builder of(JWEAlgorithm algorithm, RingDocument document) {
    return new JWEHeader.Builder(algorithm, EncryptionMethod.A256GCM)
        .type(TYPE)
        .contentType(CONTENT_TYPE)
        .customParam(RING, document.name())
        .customParam(LINEAGE, document.lineage())
        .customParam(EPOCH, document.epoch());
  }

  /**
   * @throws IllegalArgumentException if it is not one of a ring that is sealed in this way
   */
  static void requireOurs(JWEHeader header, JWEAlgorithm algorithm) {
    if (!algorithm.equals(header.getAlgorithm())
        || !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
        || !TYPE.equals(header.getType())
        || !CONTENT_TYPE.equals(header.getContentType())
        || header.getCompressionAlgorithm() != null
        || header.getCriticalParams() != null) {
      throw new IllegalArgumentException("its header is not one of a ring");
    }
  }

  /**
   * @throws IllegalArgumentException if it is that of another document
   */
  static void requireOf(RingDocument document, JWEHeader header) {
    requireEqual(header, RING, document.name());
    requireEqual(header, LINEAGE, document.lineage());
    requireEqual(header, EPOCH, document.epoch());
  }

  private static void requireEqual(JWEHeader header, String name, Object expected) {
    Object got = header.getCustomParam(name);
    boolean equal =
        expected instanceof Long number
            ? got instanceof Number gotNumber && gotNumber.longValue() == number
            : expected.equals(got);
    if (!equal) {
      throw new IllegalArgumentException("its header and content name another " + name);
    }
  }
}
