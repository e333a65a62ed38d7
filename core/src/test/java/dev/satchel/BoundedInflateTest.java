package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BoundedInflateTest {
  private static final int CAP = StrictJson.MAX_DOCUMENT_LENGTH;

  private static byte[] deflate(byte[] bytes, boolean raw, byte[] dictionary) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, raw);
    if (dictionary != null) {
      deflater.setDictionary(dictionary);
    }
    deflater.setInput(bytes);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  /** Text that shrinks, but stays far below the ratio cap. */
  private static byte[] text(int length) {
    byte[] text = new byte[length];
    SeededRandom random = new SeededRandom("text");
    for (int i = 0; i < length; i++) {
      text[i] = (byte) ('a' + random.nextInt(4));
    }
    return text;
  }

  private static Rejection rejection(byte[] compressed) {
    try {
      BoundedInflate.inflate(compressed);
      return null;
    } catch (RejectedTokenException e) {
      return e.reason();
    }
  }

  @Test
  void output_exactlyAtTheCap_isReturned() throws Exception {
    assertThat(BoundedInflate.inflate(deflate(text(CAP), true, null))).isEqualTo(text(CAP));
    assertThat(BoundedInflate.inflate(deflate(text(1), true, null))).isEqualTo(text(1));
    assertThat(BoundedInflate.inflate(deflate(new byte[0], true, null))).isEmpty();
  }

  @Test
  void output_oneByteOverTheCap_isTooLong() {
    assertThat(rejection(deflate(text(CAP + 1), true, null))).isEqualTo(Rejection.TOO_LONG);
  }

  @Test
  void ratio_exactlyAtTheCap_isReturned() throws Exception {
    // Stored blocks without content make the input longer and the output not.
    int missing = 200 - deflate(new byte[20_000], true, null).length;
    byte[] zeros = deflate(new byte[20_000 - missing % 5], true, null);
    byte[] exactly = behindEmptyBlocks(zeros, 200);
    assertThat(BoundedInflate.inflate(exactly)).hasSize(100 * exactly.length);
    assertThat(rejection(behindEmptyBlocks(zeros, 199))).isEqualTo(Rejection.TOO_LONG);
  }

  /** The stream behind stored blocks of few bytes, longer in all by exactly what is missing. */
  private static byte[] behindEmptyBlocks(byte[] stream, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int missing = length - stream.length;
    // Blocks of no content add 5 bytes each; text in the last one brings input and output alike.
    int text = missing % 5;
    for (int block = missing / 5; block > 0; block--) {
      int size = block == 1 ? text : 0;
      out.writeBytes(new byte[] {0, (byte) size, 0, (byte) ~size, (byte) 0xff});
      out.writeBytes(new byte[size]);
    }
    out.writeBytes(stream);
    assertThat(out.size()).isEqualTo(length);
    return out.toByteArray();
  }

  @Test
  void bomb_isStoppedAtTheCap() {
    byte[] bomb = deflate(new byte[50_000_000], true, null);
    assertThat(rejection(bomb)).isEqualTo(Rejection.TOO_LONG);
  }

  @Test
  void stream_cutAnywhere_isUnreadable() {
    byte[] whole = deflate(text(500), true, null);
    for (int length = 0; length < whole.length; length++) {
      assertThat(rejection(Arrays.copyOf(whole, length)))
          .as("%d of %d bytes", length, whole.length)
          .isEqualTo(Rejection.UNREADABLE);
    }
  }

  @Test
  void stream_withBytesBehindIt_isUnreadable() {
    byte[] whole = deflate(text(500), true, null);
    assertThat(rejection(Arrays.copyOf(whole, whole.length + 1))).isEqualTo(Rejection.UNREADABLE);
    byte[] twice = Arrays.copyOf(whole, 2 * whole.length);
    System.arraycopy(whole, 0, twice, whole.length, whole.length);
    assertThat(rejection(twice)).isEqualTo(Rejection.UNREADABLE);
  }

  @Test
  void stream_inAWrapper_isUnreadable() throws Exception {
    assertThat(rejection(deflate(text(500), false, null))).isEqualTo(Rejection.UNREADABLE);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(text(500));
    }
    assertThat(rejection(gzip.toByteArray())).isEqualTo(Rejection.UNREADABLE);
  }

  @Test
  void stream_thatWantsADictionary_isUnreadable() {
    byte[] dictionary = "alice,bob,carol".getBytes(StandardCharsets.US_ASCII);
    assertThat(rejection(deflate(dictionary, true, dictionary))).isEqualTo(Rejection.UNREADABLE);
    assertThat(rejection(deflate(dictionary, false, dictionary))).isEqualTo(Rejection.UNREADABLE);
  }

  @Test
  void stream_ofWrongBlocks_isUnreadable() {
    assertThat(rejection(new byte[] {0x07})).isEqualTo(Rejection.UNREADABLE); // reserved type
    assertThat(rejection(new byte[] {0x01, 1, 0, 0, 0, 'x'})).isEqualTo(Rejection.UNREADABLE);
    assertThat(rejection(new byte[] {(byte) 0xff, (byte) 0xff})).isEqualTo(Rejection.UNREADABLE);
    assertThat(rejection(new byte[0])).isEqualTo(Rejection.UNREADABLE);
  }

  @Test
  void stream_ofManyEmptyBlocks_endsWithItsInput() {
    // 12 KiB is what a token can carry.
    byte[] blocks = new byte[12_285];
    for (int i = 0; i < blocks.length; i += 5) {
      blocks[i + 3] = (byte) 0xff;
      blocks[i + 4] = (byte) 0xff;
    }
    assertThat(rejection(blocks)).isEqualTo(Rejection.UNREADABLE);
  }

  @Test
  void anyBytes_endInAValue() {
    SeededRandom random = new SeededRandom("any bytes");
    byte[] whole = deflate(text(300), true, null);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = whole.clone();
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      rejection(bytes); // anything but an exception or a loop
    }
  }
}
