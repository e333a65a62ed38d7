package dev.satchel;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.Deflater;

/**
 * One standard DEFLATE stream (RFC 1951) in which no piece of the payload is ever matched against
 * another: each attribute is compressed from an empty window and ended on a byte boundary,
 * everything else is stored.
 *
 * <p>Where attacker text and a secret share a window, the token's length tells how much of the
 * secret was guessed (CRIME). Here the length of one piece depends on that piece alone.
 */
final class CompartmentedDeflate {
  private static final int MAX_STORED = 0xffff; // RFC 1951 §3.2.4: LEN has 16 bits
  static final int STORED_OVERHEAD =
      5; // RFC 1951 §3.2.4: header byte on a byte boundary, LEN, NLEN

  /** Below this hardly a text shrinks by more than its code and the flush cost, some ten bytes. */
  static final int SHORTEST = 32;

  /**
   * Text that does not shrink gets 5 bytes for each stored block (RFC 1951 §3.2.4), 5 for the
   * flush: this is enough for two blocks of zlib's. Longer noise fills the buffer, which is
   * noticed.
   */
  private static final int FLUSH_ROOM = 16;

  private CompartmentedDeflate() {}

  /**
   * @param secret names of attributes that are stored as they are
   * @param bucket the result's length is a multiple of this; the padding is white space behind the
   *     JSON
   */
  static byte[] compress(List<Claims.Piece> pieces, Set<String> secret, int bucket) {
    return compress(pieces, secret, SHORTEST, bucket, new Spares<>());
  }

  /**
   * @param shortest bytes of an attribute from which it is tried, at least {@link #SHORTEST}
   */
  static byte[] compress(
      List<Claims.Piece> pieces,
      Set<String> secret,
      int shortest,
      int bucket,
      Spares<Deflater> spares) {
    Deflater spare = spares.take();
    Deflater deflater = spare == null ? new Deflater(Deflater.BEST_COMPRESSION, true) : spare;
    boolean isKept = false;
    try {
      byte[] compressed = compress(pieces, secret, shortest, bucket, deflater);
      deflater.reset(); // and lets go of what it read last
      isKept = spares.give(deflater);
      return compressed;
    } finally {
      if (!isKept) {
        deflater.end();
      }
    }
  }

  private static byte[] compress(
      List<Claims.Piece> pieces, Set<String> secret, int shortest, int bucket, Deflater deflater) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    ByteArrayOutputStream stored = new ByteArrayOutputStream(256);
    for (Claims.Piece piece : pieces) {
      byte[] bytes = piece.bytes();
      String attribute = piece.attribute();
      byte[] compressed =
          attribute == null || bytes.length < shortest || secret.contains(attribute)
              ? bytes
              : deflate(deflater, bytes);
      // The choice depends on this piece alone, or its outcome would tell about the others.
      if (compressed.length < bytes.length) {
        writeStored(out, stored, false);
        out.writeBytes(compressed);
      } else {
        stored.writeBytes(bytes);
      }
    }
    int length = out.size() + stored.size() + STORED_OVERHEAD * Math.max(1, blocks(stored.size()));
    for (int i = padding(length, bucket); i > 0; i--) {
      stored.write(' ');
    }
    writeStored(out, stored, true);
    return out.toByteArray();
  }

  static int padding(int length, int bucket) {
    return (bucket - length % bucket) % bucket;
  }

  /**
   * @param deflater with an empty window, which it has again after this
   */
  private static byte[] deflate(Deflater deflater, byte[] bytes) {
    deflater.setInput(bytes);
    // A full flush ends on a byte boundary and lets nothing later refer back (RFC 1951 has no name
    // for it, zlib.h has). A reset would empty the same tables once more.
    byte[] buffer = new byte[bytes.length + FLUSH_ROOM];
    int length = deflater.deflate(buffer, 0, buffer.length, Deflater.FULL_FLUSH);
    if (length == buffer.length) {
      deflater.reset(); // there may be more to come, which must not stand before the next piece
      return bytes;
    }
    return Arrays.copyOf(buffer, length);
  }

  private static int blocks(int length) {
    return (length + MAX_STORED - 1) / MAX_STORED;
  }

  private static void writeStored(
      ByteArrayOutputStream out, ByteArrayOutputStream stored, boolean last) {
    byte[] bytes = stored.toByteArray();
    stored.reset();
    int offset = 0;
    while (offset < bytes.length || (last && offset == 0)) {
      int length = Math.min(MAX_STORED, bytes.length - offset);
      boolean isFinal = last && offset + length == bytes.length;
      out.write(isFinal ? 1 : 0); // BFINAL, BTYPE=00, and five bits to the byte boundary
      out.write(length & 0xff);
      out.write(length >>> 8);
      out.write(~length & 0xff);
      out.write((~length >>> 8) & 0xff);
      out.write(bytes, offset, length);
      offset += length;
      if (length == 0) {
        return;
      }
    }
  }
}
