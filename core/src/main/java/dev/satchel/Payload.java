package dev.satchel;

import java.util.List;
import java.util.zip.Deflater;

/**
 * What is sealed or signed: the claims, compressed and padded where the profile allows it
 * (FORMAT.md §6).
 *
 * @param bytes not changed by anybody
 * @param compressed whether the header says {@code zip}
 */
record Payload(byte[] bytes, boolean compressed) {
  /**
   * Lengths are multiples of these, so that they say little about content. Compressed text varies
   * more, so its bucket is larger.
   */
  private static final int BUCKET = 32;

  private static final int COMPRESSED_BUCKET = 64;

  /** Bytes that {@code ,"zip":"DEF"} adds to the header. */
  private static final int ZIP_MEMBER = 12;

  /**
   * What compression must win: a quarter, since every request pays for inflating, which takes about
   * as long as the rest of opening a token, and up to four times as long for text without
   * repetition (benchmarks/results, readOne with and without zip).
   */
  private static final int WORTH = 4;

  /**
   * From so many bytes on, some 2,800 characters of the 4,096 that browsers take for a cookie (RFC
   * 6265bis §5.7), any gain is worth it.
   */
  private static final int SCARCE = 2048;

  /**
   * Attributes of fewer bytes are tried only where any gain is worth it: they shrink by little, and
   * an attempt takes as long as opening two tokens.
   */
  private static final int SHORTEST_WORTH = 64;

  /**
   * More characters than header, wrapped key, IV, tag and dots have in any profile (FORMAT.md §2).
   */
  private static final int MAX_FRAMING = 256;

  /**
   * @param maxLength characters of the token, to be named where the claims are so many that no
   *     token could be read
   */
  static Payload of(
      SessionState state,
      Claims claims,
      SessionPolicy policy,
      TokenAlgorithm algorithm,
      Spares<Deflater> deflaters,
      int maxLength) {
    boolean withAudience = algorithm.isAsymmetric();
    if (!algorithm.isConfidential()) {
      return new Payload(claims.write(state, withAudience, 1), false);
    }
    byte[] padded = claims.write(state, withAudience, BUCKET);
    if (padded.length > StrictJson.MAX_DOCUMENT_LENGTH) {
      // No reader would inflate it again. In base64url it would have a third more characters, the
      // lower bound of a token's length.
      int length = padded.length / 3 * 4;
      throw new SessionTooLargeException(length, maxLength, Claims.largest(state));
    }
    // zip belongs to JWE (RFC 7516 §4.1.3); around a signed token there is nothing left to
    // compress.
    if (algorithm != TokenAlgorithm.ED25519_A256GCM
        && padded.length >= policy.compressionThreshold()) {
      List<Claims.Piece> pieces = claims.write(state, withAudience);
      int length = Claims.length(pieces);
      if (length >= policy.compressionThreshold()) {
        boolean isScarce =
            padded.length >= SCARCE
                || Base64Url.encodedLength(padded.length) + MAX_FRAMING > maxLength;
        byte[] deflated =
            CompartmentedDeflate.compress(
                pieces,
                policy.secretAttributes(),
                isScarce ? CompartmentedDeflate.SHORTEST : SHORTEST_WORTH,
                COMPRESSED_BUCKET,
                deflaters);
        // Kept only where it is worth it, and where the reader's bounds let it through, padding
        // included: that stands inside the stream. What is compared is the lengths as they show,
        // padded: the choice tells in which proportion the one that does not show stands to it.
        int least = isScarce ? 1 : padded.length / WORTH;
        int inflated = length + COMPRESSED_BUCKET - 1;
        if (deflated.length + ZIP_MEMBER + least <= padded.length
            && inflated <= deflated.length * BoundedInflate.MAX_RATIO
            && inflated <= StrictJson.MAX_DOCUMENT_LENGTH) {
          return new Payload(deflated, true);
        }
      }
    }
    return new Payload(padded, false);
  }

  /** The length only. */
  @Override
  public String toString() {
    return "Payload[length=" + bytes.length + ", compressed=" + compressed + "]";
  }
}
