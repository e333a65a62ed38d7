package dev.satchel;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Room to take one token after the other apart in: its characters as bytes, what its segments
 * decode to, and the claims as they are read. For one thread at a time, kept in {@link Spares}.
 * Holds what clients sent, never a key, and of what was sealed nothing once it is read, so nothing
 * is wiped. Of a signed token, which everybody may read, it holds the claims.
 */
final class Segments {
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  /** Below so many characters the JDK's decoder is not worth its copies. */
  private static final int FEW = 48;

  private static final int LENGTHS = 16;

  /** Characters of what fits a cookie: arrays for longer texts are not worth keeping. */
  private static final int MAX_KEPT = 4096;

  private final CharsetEncoder latin1 = StandardCharsets.ISO_8859_1.newEncoder();

  /**
   * For the JDK's decoder, which takes whole arrays only. The lengths of sealed texts are few,
   * since they are padded: those of one application's sessions mostly have an array each.
   */
  private final byte[][] exact = new byte[LENGTHS][0];

  private final ContentEncryption.IvPlace ivPlace = new ContentEncryption.IvPlace();
  private final ClaimValues values = new ClaimValues();

  private CharBuffer characters = CharBuffer.allocate(0);
  private ByteBuffer text = ByteBuffer.allocate(0);
  private byte[] room = new byte[0];

  /**
   * Takes a token of at most {@link TokenCodec#MAX_TOKEN_LENGTH} characters.
   *
   * @throws RejectedTokenException if a character is not in ISO 8859-1; others that are not in the
   *     alphabet show when they are decoded
   */
  void load(String token) throws RejectedTokenException {
    int length = token.length();
    if (characters.capacity() < length) {
      int capacity = Integer.highestOneBit(2 * length - 1);
      CharBuffer larger = CharBuffer.allocate(capacity);
      text = ByteBuffer.allocate(capacity);
      characters = larger;
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

  /** For {@link ContentEncryption#decrypt}. */
  ContentEncryption.IvPlace ivPlace() {
    return ivPlace;
  }

  /** For {@link Claims#read}. */
  ClaimValues values() {
    return values;
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
  private int decode(int from, int to, byte[] target, int at) throws RejectedTokenException {
    int length = Base64Url.decode(text.array(), from, to, target, at);
    if (length < 0) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    return length;
  }

  /**
   * Decodes a part of the token, however long, to the target's beginning.
   *
   * @return the number of bytes
   */
  int decode(int from, int to, byte[] target) throws RejectedTokenException {
    int whole = to - from & ~3;
    if (whole < FEW) {
      return decode(from, to, target, 0);
    }
    byte[] characters = exact(whole);
    System.arraycopy(text.array(), from, characters, 0, whole);
    int bytes = whole / 4 * 3;
    try {
      // Less than the whole if padding ended it.
      if (DECODER.decode(characters, target) != bytes) {
        throw new RejectedTokenException(Rejection.MALFORMED);
      }
    } catch (IllegalArgumentException e) {
      throw new RejectedTokenException(Rejection.MALFORMED); // the JDK's word for it
    }
    return bytes + decode(from + whole, to, target, bytes);
  }

  private byte[] exact(int length) {
    if (length > MAX_KEPT) {
      return new byte[length];
    }
    int slot = length / 42 % LENGTHS; // 32 bytes of padding in base64
    if (exact[slot].length != length) {
      exact[slot] = new byte[length];
    }
    return exact[slot];
  }

  /** A part of the token, decoded into an array of its own. */
  byte[] decoded(int from, int to) throws RejectedTokenException {
    byte[] bytes = new byte[Base64Url.decodedLength(to - from)];
    int length = decode(from, to, bytes);
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /** The sizes only. */
  @Override
  public String toString() {
    return "Segments[capacity=" + text.capacity() + ", room=" + room.length + "]";
  }
}
