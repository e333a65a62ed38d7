package dev.satchel;

import java.util.Collections;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A session that does not fit the token's limit. Thrown before anything is sent, so the token the
 * client holds stays valid. Carries sizes and attribute names, never values.
 */
public final class SessionTooLargeException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final int length;
  private final int limit;
  private final transient Map<String, Integer> largestAttributes;

  SessionTooLargeException(int length, int limit, Map<String, Integer> largestAttributes) {
    super(
        "session token would be "
            + length
            + " characters, limit "
            + limit
            + "; largest attributes in bytes before compression: "
            + largestAttributes.entrySet().stream()
                .map(e -> e.getKey().replaceAll("\\p{Cntrl}", "?") + "=" + e.getValue())
                .collect(Collectors.joining(", ")));
    this.length = length;
    this.limit = limit;
    this.largestAttributes = Collections.unmodifiableMap(largestAttributes);
  }

  /** Characters the token would have. */
  public int length() {
    return length;
  }

  /** Characters allowed. */
  public int limit() {
    return limit;
  }

  /** Up to five attributes by serialized size in bytes, largest first. */
  public Map<String, Integer> largestAttributes() {
    return largestAttributes;
  }
}
