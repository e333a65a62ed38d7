package dev.satchel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One JSON value in UTF-8, as a view into a larger text that nobody changes any more. */
final class JsonSlice {
  private final byte[] buffer;
  private final int offset;
  private final int length;

  JsonSlice(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
  }

  byte[] buffer() {
    return buffer;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonSlice that
        && Arrays.equals(
            buffer, offset, offset + length, that.buffer, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + buffer[i];
    }
    return hash;
  }

  /** The size only: the content is the user's. */
  @Override
  public String toString() {
    return "JsonSlice[length=" + length + "]";
  }
}
