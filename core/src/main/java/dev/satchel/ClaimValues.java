package dev.satchel;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The claims read so far, and what it takes to read them. For one thread at a time. */
final class ClaimValues {
  // A bit each, in what was seen.
  static final int JTI = 1;
  static final int SUB = 1 << 1;
  static final int AUD = 1 << 2;
  static final int IAT = 1 << 3;
  static final int EXP = 1 << 4;
  static final int LA = 1 << 5;
  static final int MI = 1 << 6;
  static final int A = 1 << 7;
  static final int AUTH_TIME = 1 << 8;

  /** What a token must say, besides attributes. */
  static final int FEWEST = JTI | IAT;

  /** The same where nothing goes without saying. */
  static final int ALL = FEWEST | EXP | LA | MI;

  private static final byte[] NOTHING = {};

  final PayloadScanner json = new PayloadScanner(NOTHING);
  int seen;
  char[] places = new char[16 * Attributes.PLACES];
  @Nullable Set<String> others;
  @Nullable String id; // where it has no place of its own
  int idAt;
  @Nullable String subject;
  @Nullable String audience;
  long createdAt; // milliseconds since 1970
  long subjectSince; // likewise
  long expiresAt; // seconds since 1970
  long lastAccess; // milliseconds after creation
  int maxInactive = Claims.USUAL_MAX_INACTIVE; // seconds
  char @Nullable [] attributes; // as Attributes has them
  boolean plainNames;

  /** RFC 7519 §4: no claim stands there twice. */
  void once(int claim) {
    if (has(claim)) {
      throw new IllegalArgumentException("a claim stands there twice");
    }
    seen |= claim;
  }

  /** Nothing of one session is left for the next. */
  void clear() {
    json.begin(NOTHING);
    seen = 0;
    others = null;
    id = null;
    idAt = 0;
    subject = null;
    audience = null;
    createdAt = 0;
    subjectSince = 0;
    expiresAt = 0;
    lastAccess = 0;
    maxInactive = Claims.USUAL_MAX_INACTIVE;
    attributes = null;
    plainNames = false;
  }

  /** Whether this claim was there. */
  boolean has(int claim) {
    return (seen & claim) != 0;
  }

  /** The same for claims without a bit. */
  void once(String name) {
    if (others == null) {
      others = new HashSet<>();
    }
    if (!others.add(name)) {
      throw new IllegalArgumentException("a claim stands there twice");
    }
  }
}
