package dev.satchel;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session's attributes in their order. Those that were read are places in the payload they came
 * in, so that neither a name nor a value is made before it is asked for, and both are written back
 * as they stand. Those that were set since have bytes of their own. Immutable.
 */
final class Attributes extends AbstractMap<String, JsonSlice> {
  /** Places per attribute: where its name begins and ends, quotes included, then its value. */
  static final int PLACES = 4;

  static final Attributes NONE = new Attributes(new byte[0], new char[0], true);

  private final byte[] payload;
  private final char[] places; // a payload has at most 65,536 bytes (StrictJson)
  private final @Nullable Fresh @Nullable [] fresh;
  private final boolean plainNames;

  /**
   * @param payload not changed by anybody
   * @param places {@value #PLACES} per attribute
   * @param plainNames whether no name has an escape or a character beyond ASCII
   */
  Attributes(byte[] payload, char[] places, boolean plainNames) {
    this(payload, places, null, plainNames);
  }

  private Attributes(
      byte[] payload, char[] places, @Nullable Fresh @Nullable [] fresh, boolean plainNames) {
    this.payload = payload;
    this.places = places;
    this.fresh = fresh;
    this.plainNames = plainNames;
  }

  /**
   * An attribute that was set since the payload was read.
   *
   * @param name in JSON, with quotes
   */
  private record Fresh(byte[] name, JsonSlice value) {}

  @Override
  public int size() {
    return places.length / PLACES;
  }

  @Override
  public @Nullable JsonSlice get(@Nullable Object name) {
    int index = name instanceof String text ? find(text) : -1;
    return index < 0 ? null : value(index);
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return name instanceof String text && find(text) >= 0;
  }

  /** These with one set: in its old place, or as the last. */
  Attributes with(String name, JsonSlice value) {
    int index = find(name);
    int count = size();
    int newCount = index < 0 ? count + 1 : count;
    @Nullable Fresh[] changed = new @Nullable Fresh[newCount];
    if (fresh != null) {
      System.arraycopy(fresh, 0, changed, 0, count);
    }
    byte[] quoted = index < 0 ? StrictJson.quoted(name) : name(index);
    changed[index < 0 ? count : index] = new Fresh(quoted, value);
    return new Attributes(
        payload,
        newCount == count ? places : Arrays.copyOf(places, newCount * PLACES),
        changed,
        plainNames && (index >= 0 || PayloadScanner.isPlain(quoted, 1, quoted.length - 1)));
  }

  /** These without one that is there. */
  Attributes without(String name) {
    int index = find(name);
    int count = size() - 1;
    char[] left = new char[count * PLACES];
    System.arraycopy(places, 0, left, 0, index * PLACES);
    System.arraycopy(places, (index + 1) * PLACES, left, index * PLACES, (count - index) * PLACES);
    @Nullable Fresh[] leftFresh = null;
    if (fresh != null) {
      leftFresh = new @Nullable Fresh[count];
      System.arraycopy(fresh, 0, leftFresh, 0, index);
      System.arraycopy(fresh, index + 1, leftFresh, index, count - index);
    }
    return new Attributes(payload, left, leftFresh, plainNames);
  }

  private @Nullable Fresh fresh(int index) {
    return fresh == null ? null : fresh[index];
  }

  JsonSlice value(int index) {
    Fresh set = fresh(index);
    if (set != null) {
      return set.value();
    }
    int from = places[index * PLACES + 2];
    return new JsonSlice(payload, from, places[index * PLACES + 3] - from);
  }

  /** What the name says. */
  String text(int index) {
    byte[] name = name(index);
    return PayloadScanner.text(name, 0, name.length);
  }

  private byte[] name(int index) {
    Fresh set = fresh(index);
    return set != null
        ? set.name()
        : Arrays.copyOfRange(payload, places[index * PLACES], places[index * PLACES + 1]);
  }

  /** Bytes of the member: name, colon, value. */
  int memberLength(int index) {
    Fresh set = fresh(index);
    if (set != null) {
      return set.name().length + 1 + set.value().length();
    }
    int at = index * PLACES;
    return places[at + 1] - places[at] + 1 + places[at + 3] - places[at + 2];
  }

  /**
   * Writes the member: name, colon, value.
   *
   * @return the position behind it
   */
  int writeMember(int index, byte[] out, int at) {
    Fresh set = fresh(index);
    if (set != null) {
      JsonSlice value = set.value();
      return writeMember(
          set.name(),
          0,
          set.name().length,
          value.buffer(),
          value.offset(),
          value.length(),
          out,
          at);
    }
    int place = index * PLACES;
    return writeMember(
        payload,
        places[place],
        places[place + 1] - places[place],
        payload,
        places[place + 2],
        places[place + 3] - places[place + 2],
        out,
        at);
  }

  private static int writeMember(
      byte[] name,
      int nameFrom,
      int nameLength,
      byte[] value,
      int valueFrom,
      int valueLength,
      byte[] out,
      int at) {
    System.arraycopy(name, nameFrom, out, at, nameLength);
    int next = at + nameLength;
    out[next++] = ':';
    System.arraycopy(value, valueFrom, out, next, valueLength);
    return next + valueLength;
  }

  private int find(String name) {
    int count = size();
    for (int i = 0; i < count; i++) {
      Fresh set = fresh(i);
      boolean isIt =
          set != null
              ? isNamed(set.name(), 0, set.name().length, name)
              : isNamed(payload, places[i * PLACES], places[i * PLACES + 1], name);
      if (isIt) {
        return i;
      }
    }
    return -1;
  }

  private boolean isNamed(byte[] json, int from, int to, String name) {
    if (!plainNames) {
      return PayloadScanner.text(json, from, to).equals(name);
    }
    int length = name.length();
    if (to - from - 2 != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (json[from + 1 + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Set<Map.Entry<String, JsonSlice>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return Attributes.this.size();
      }

      @Override
      public Iterator<Map.Entry<String, JsonSlice>> iterator() {
        return new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            return next < size();
          }

          @Override
          public Map.Entry<String, JsonSlice> next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            return Map.entry(text(next), value(next++));
          }
        };
      }
    };
  }
}
