package dev.satchel.servlet;

import java.time.temporal.Temporal;
import java.util.Currency;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one attribute beyond the state: the object that the application has been given
 * or has set, or that there is none. No record: its text would hold the value.
 */
final class LiveAttribute {
  static final LiveAttribute REMOVED = new LiveAttribute(null, false);
  static final LiveAttribute UNREADABLE = new LiveAttribute(null, true);

  /** Not the same as {@link #UNREADABLE}, which stays in the token as it is. */
  static final LiveAttribute UNREADABLE_REMOVED = new LiveAttribute(null, true);

  private final @Nullable Object value;
  private final boolean fromToken;

  LiveAttribute(@Nullable Object value, boolean fromToken) {
    this.value = value;
    this.fromToken = fromToken;
  }

  @Nullable Object value() {
    return value;
  }

  boolean isUnreadable() {
    return value == null && fromToken;
  }

  /** Whether the next token goes without it. */
  boolean isRemoved() {
    return this == REMOVED || this == UNREADABLE_REMOVED;
  }

  /** Whether it may be another than the token's. */
  boolean mayHaveChanged() {
    return value != null && !(fromToken && isImmutable(value));
  }

  /** Whether the next state may be another one for it. */
  boolean isToWrite() {
    return isRemoved() || mayHaveChanged();
  }

  /**
   * Objects that cannot have changed since they were read, which spares writing them to find out.
   */
  private static boolean isImmutable(Object value) {
    return value instanceof String
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte
        || value instanceof Double
        || value instanceof Float
        || value instanceof UUID
        || value instanceof Locale
        || value instanceof Currency
        || value instanceof Enum<?>
        || value instanceof Temporal && value.getClass().getName().startsWith("java.time.");
  }
}
