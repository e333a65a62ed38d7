package dev.satchel;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Room to take one token after the other apart in: its characters as bytes, and what its segments
 * decode to. For one thread at a time, kept in {@link Spares}. Holds what clients sent, never a
 * plaintext or a key, so nothing is wiped.
 */
final class Segments {
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  /** Characters that the JDK decodes at once; it takes whole arrays only. Multiples of four. */
  private static final int BLOCK = 256;

  private static final int SMALL_BLOCK = 64;

  private final CharsetEncoder latin1 = StandardCharsets.ISO_8859_1.newEncoder();
  private final byte[] block = new byte[BLOCK];
  private final byte[] blockBytes = new byte[BLOCK / 4 * 3];
  private final byte[] smallBlock = new byte[SMALL_BLOCK];
  private final byte[] smallBlockBytes = new byte[SMALL_BLOCK / 4 * 3];

  private CharBuffer characters = CharBuffer.allocate(0);
  private ByteBuffer text = ByteBuffer.allocate(0);
  private byte[] room = new byte[0];

  /**
   * Takes a token of at most {@link TokenCodec#MAX_TOKEN_LENGTH} characters.
   *
   * @throws RejectedTokenException if a character is not in ISO 8859-1; others that are not in the
   *     alphabet show in {@link #decode}
   */
  void load(String token) throws RejectedTokenException {
    int length = token.length();
    if (characters.capacity() < length) {
      int capacity = Integer.highestOneBit(2 * length - 1);
      characters = CharBuffer.allocate(capacity);
      text = ByteBuffer.allocate(capacity);
    }
    token.getChars(0, length, characters.array(), 0);
    characters.position(0).limit(length);
    text.clear();
    // Through the JDK's encoder, which does many at a time, and unlike getBytes puts no '?' and no
    // half of a character where one does not fit.
    if (latin1.reset().encode(characters, text, true).isUnmappable() || text.position() < length) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
  }

  /** The token's characters, one byte each, from index 0; valid until the next is loaded. */
  byte[] text() {
    return text.array();
  }

  /** At least this many bytes, to decode into; valid until asked for again. */
  byte[] room(int length) {
    if (room.length < length) {
      room = new byte[Integer.highestOneBit(2 * length - 1)];
    }
    return room;
  }

  /**
   * Decodes a part of the token that must be this many bytes long.
   *
   * @throws RejectedTokenException if it is not, or not canonical
   */
  void decode(int from, int to, byte[] target, int at, int length) throws RejectedTokenException {
    if (to - from != Base64Url.encodedLength(length) || decode(from, to, target, at) != length) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
  }

  /**
   * Decodes a part of the token as {@link Base64Url} does, refusing the same.
   *
   * @param target has room for three bytes per four characters behind {@code at}
   * @return the number of bytes
   */
  int decode(int from, int to, byte[] target, int at) throws RejectedTokenException {
    byte[] ascii = text.array();
    int next = from;
    int end = at;
    try {
      for (; to - next >= BLOCK; next += BLOCK, end += blockBytes.length) {
        decode(ascii, next, block, blockBytes, target, end);
      }
      for (; to - next >= SMALL_BLOCK; next += SMALL_BLOCK, end += smallBlockBytes.length) {
        decode(ascii, next, smallBlock, smallBlockBytes, target, end);
      }
    } catch (IllegalArgumentException e) {
      throw new RejectedTokenException(Rejection.MALFORMED); // the JDK's word for it
    }
    int last = Base64Url.decode(ascii, next, to, target, end);
    if (last < 0) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    return end - at + last;
  }

  private static void decode(
      byte[] ascii, int from, byte[] block, byte[] blockBytes, byte[] target, int at) {
    System.arraycopy(ascii, from, block, 0, block.length);
    // Less than the whole if padding ended it.
    if (DECODER.decode(block, blockBytes) != blockBytes.length) {
      throw new IllegalArgumentException("padding");
    }
    System.arraycopy(blockBytes, 0, target, at, blockBytes.length);
  }

  /** A part of the token, decoded into an array of its own. */
  byte[] decoded(int from, int to) throws RejectedTokenException {
    byte[] bytes = new byte[Base64Url.decodedLength(to - from)];
    int length = decode(from, to, bytes, 0);
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /** The sizes only. */
  @Override
  public String toString() {
    return "Segments[capacity=" + text.capacity() + ", room=" + room.length + "]";
  }
}
