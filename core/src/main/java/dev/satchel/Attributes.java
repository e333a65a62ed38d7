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
 * as they stand. Those that were set since have bytes of their own. Immutable. No {@code Map}
 * itself, whose parts each session would carry: there is {@linkplain #asMap one} for who wants it.
 */
final class Attributes {
  /** Places per attribute: where its name begins, with its quote, and where its value ends. */
  static final int PLACES = 2;

  private final byte[] payload;
  private final char[] places; // a payload has at most 65,536 bytes (StrictJson)
  private final @Nullable Fresh @Nullable [] fresh;
  private final boolean plainNames;

  /** Where the session's id lies in the payload, if it does. */
  private final char idAt;

  private final AttributeTypes types;

  /**
   * @param payload not changed by anybody
   * @param idAt where the session's id lies in it, if it does
   * @param places {@value #PLACES} per attribute
   * @param plainNames whether no name has an escape or a character beyond ASCII
   */
  Attributes(byte[] payload, int idAt, char[] places, boolean plainNames, AttributeTypes types) {
    this(payload, (char) idAt, places, null, plainNames, types);
  }

  static Attributes none(AttributeTypes types) {
    return new Attributes(new byte[0], 0, new char[0], true, types);
  }

  private Attributes(
      byte[] payload,
      char idAt,
      char[] places,
      @Nullable Fresh @Nullable [] fresh,
      boolean plainNames,
      AttributeTypes types) {
    this.payload = payload;
    this.places = places;
    this.fresh = fresh;
    this.plainNames = plainNames;
    this.idAt = idAt;
    this.types = types;
  }

  /**
   * An attribute that was set since the payload was read.
   *
   * @param member name in quotes, colon, value, in JSON
   * @param valueStart where the value begins
   */
  private record Fresh(byte[] member, int valueStart) {}

  int size() {
    return places.length / PLACES;
  }

  /** What the attribute's value stands for; null where there is none. */
  @Nullable Object read(String name) {
    int index = find(name);
    if (index < 0) {
      return null;
    }
    int from = plainValue(index, name);
    return from < 0
        ? types.read(value(index))
        : types.read(payload, from, places[index * PLACES + 1] - from);
  }

  boolean has(String name) {
    return find(name) >= 0;
  }

  /** Bytes of the attribute's value; 0 where there is none. */
  int valueLength(String name) {
    int index = find(name);
    return index < 0 ? 0 : value(index, name).length();
  }

  /** These with one set, in its old place or as the last; null if it has this value already. */
  @Nullable Attributes with(String name, JsonSlice value) {
    int index = find(name);
    if (index >= 0 && value.equals(value(index, name))) {
      return null;
    }
    int count = size();
    int newCount = index < 0 ? count + 1 : count;
    @Nullable Fresh[] changed = new @Nullable Fresh[newCount];
    if (fresh != null) {
      System.arraycopy(fresh, 0, changed, 0, count);
    }
    byte[] quoted = StrictJson.quoted(name);
    byte[] member = Arrays.copyOf(quoted, quoted.length + 1 + value.length());
    member[quoted.length] = ':';
    System.arraycopy(value.buffer(), value.offset(), member, quoted.length + 1, value.length());
    changed[index < 0 ? count : index] = new Fresh(member, quoted.length + 1);
    return new Attributes(
        payload,
        idAt,
        newCount == count ? places : Arrays.copyOf(places, newCount * PLACES),
        changed,
        plainNames && JsonText.isPlain(quoted, 1, quoted.length - 1),
        types);
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
    return new Attributes(payload, idAt, left, leftFresh, plainNames, types);
  }

  private @Nullable Fresh fresh(int index) {
    return fresh == null ? null : fresh[index];
  }

  private JsonSlice value(int index) {
    Fresh set = fresh(index);
    if (set != null) {
      return new JsonSlice(set.member(), set.valueStart(), set.member().length - set.valueStart());
    }
    int from = PayloadScanner.startOfValue(payload, places[index * PLACES]);
    return new JsonSlice(payload, from, places[index * PLACES + 1] - from);
  }

  /** The same, for who has found it by its name, and so knows where that ends. */
  private JsonSlice value(int index, String name) {
    int from = plainValue(index, name);
    return from < 0
        ? value(index)
        : new JsonSlice(payload, from, places[index * PLACES + 1] - from);
  }

  /**
   * Where the value of this name begins in the payload, if it lies there as our writer has it: no
   * space on either side of the colon. Else negative.
   */
  private int plainValue(int index, String name) {
    int colon = places[index * PLACES] + name.length() + 2;
    return !plainNames || fresh(index) != null || payload[colon] != ':' || payload[colon + 1] <= ' '
        ? -1
        : colon + 1;
  }

  /** What the name says. */
  String name(int index) {
    Fresh set = fresh(index);
    return set == null
        ? PayloadScanner.nameAt(payload, places[index * PLACES])
        : PayloadScanner.nameAt(set.member(), 0);
  }

  /** Bytes of the member: name, colon, value. */
  int memberLength(int index) {
    Fresh set = fresh(index);
    return set == null ? places[index * PLACES + 1] - places[index * PLACES] : set.member().length;
  }

  /**
   * Writes the member: name, colon, value.
   *
   * @return the position behind it
   */
  int writeMember(int index, byte[] out, int at) {
    Fresh set = fresh(index);
    int length = memberLength(index);
    if (set == null) {
      System.arraycopy(payload, places[index * PLACES], out, at, length);
    } else {
      System.arraycopy(set.member(), 0, out, at, length);
    }
    return at + length;
  }

  private int find(String name) {
    int count = size();
    for (int i = 0; i < count; i++) {
      Fresh set = fresh(i);
      boolean isIt =
          set == null ? isNamed(payload, places[i * PLACES], name) : isNamed(set.member(), 0, name);
      if (isIt) {
        return i;
      }
    }
    return -1;
  }

  private boolean isNamed(byte[] json, int from, String name) {
    return (plainNames || isPlainAt(json, from))
        ? isSpelled(json, from, name)
        : PayloadScanner.nameAt(json, from).equals(name);
  }

  /** Whether the name there is ASCII without an escape. */
  private static boolean isPlainAt(byte[] json, int from) {
    int i = from + 1;
    while (json[i] >= 0 && json[i] != '"' && json[i] != '\\') {
      i++;
    }
    return json[i] == '"';
  }

  /** Whether the name that is there as it is spelled is this one. */
  private static boolean isSpelled(byte[] json, int from, String name) {
    int end = from + 1 + name.length();
    if (end >= json.length || json[end] != '"') {
      return false; // or it is another quote than the one behind the name, and the bytes differ
    }
    for (int i = 0; i < name.length(); i++) {
      if (json[from + 1 + i] != name.charAt(i)) {
        return false;
      }
    }
    return name.indexOf('"') < 0;
  }

  /** The session's id, of a session that was read and has no other id since. */
  String id() {
    return Claims.idAt(payload, idAt);
  }

  AttributeTypes types() {
    return types;
  }

  /** Names and values, in their order. A view, unmodifiable. */
  Map<String, JsonSlice> asMap() {
    return new View();
  }

  private final class View extends AbstractMap<String, JsonSlice> {
    @Override
    public @Nullable JsonSlice get(@Nullable Object name) {
      int index = name instanceof String text ? find(text) : -1;
      return index < 0 ? null : value(index);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
      return name instanceof String text && has(text);
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
              return Map.entry(name(next), value(next++));
            }
          };
        }
      };
    }
  }

  /** The size only: names and values are the user's. */
  @Override
  public String toString() {
    return "Attributes[size=" + size() + "]";
  }
}
