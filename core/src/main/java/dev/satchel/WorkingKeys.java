package dev.satchel;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the working key of a token by its first segment. Headers whose tokens proved authentic are
 * remembered by their text; any other first segment is compared with the one we would mint for the
 * key and hour it names.
 */
final class WorkingKeys {
  private static final int MAX_HEADER_LENGTH = 200; // ours have at most 120 characters

  /**
   * More than any ring needs between two rotations; beyond it the hours long past are dropped with
   * the rest.
   */
  private static final int MAX_REMEMBERED = 1024;

  private static final Pattern KID =
      Pattern.compile("\"kid\":\"([A-Za-z0-9_-]{1,11})(?:\\.([0-9a-z]{1,6}))?\"");

  private final KeyRing ring;
  private final TokenContext context;
  private static final int RECENT = 32; // a power of two: the last hours of two keys, twice over

  private final Map<String, PinnedHeader> authentic = new ConcurrentHashMap<>();

  /** Those of {@link #authentic} seen last, found without making a text of the first segment. */
  private final AtomicReferenceArray<@Nullable PinnedHeader> recent =
      new AtomicReferenceArray<>(RECENT);

  private volatile @Nullable WorkingKey issuing;

  WorkingKeys(KeyRing ring, TokenContext context) {
    this.ring = ring;
    this.context = context;
  }

  KeyRing ring() {
    return ring;
  }

  /** The working key that seals now. */
  WorkingKey issuing(SessionKey key, Instant now) {
    long hour = WorkingKey.hourOf(now);
    WorkingKey current = issuing;
    if (current == null || !current.isAt(key, hour)) {
      current = WorkingKey.at(key, hour, context);
      issuing = current;
    }
    return current;
  }

  /** Called once a token under this header proved authentic, so nobody else can fill the memory. */
  void remember(PinnedHeader header) {
    int slot = slot(header.segment(), header.segment().length());
    if (recent.get(slot) == header) {
      return;
    }
    recent.set(slot, header);
    if (authentic.size() >= MAX_REMEMBERED) {
      authentic.clear();
    }
    authentic.putIfAbsent(header.segment(), header);
  }

  PinnedHeader forToken(String token, long nowMillis, SessionPolicy policy, KeySource source)
      throws RejectedTokenException {
    int end = token.indexOf('.');
    if (end <= 0 || end > MAX_HEADER_LENGTH) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    PinnedHeader known = recent.get(slot(token, end));
    if (known == null || known.segment().length() != end || !token.startsWith(known.segment())) {
      String segment = token.substring(0, end);
      known = authentic.get(segment);
      if (known == null) {
        return mint(segment, nowMillis, policy, source);
      }
    }
    if (WorkingKey.hasHour(known.key().key())) {
      // As if it was not known: what a node remembers must not show in its answers.
      requireLive(known.key().hour(), nowMillis, policy);
    }
    return known;
  }

  /**
   * By a few of the characters in which headers differ: where the hour ends and the key's id does,
   * without and with zip behind them.
   */
  private static int slot(String text, int end) {
    int hash = end;
    if (end > 27) {
      hash = 31 * hash + text.charAt(end - 3);
      hash = 31 * hash + text.charAt(end - 4);
      hash = 31 * hash + text.charAt(end - 5);
      hash = 31 * hash + text.charAt(end - 10);
      hash = 31 * hash + text.charAt(end - 11);
      hash = 31 * hash + text.charAt(end - 19);
      hash = 31 * hash + text.charAt(end - 20);
      hash = 31 * hash + text.charAt(end - 21);
      hash = 31 * hash + text.charAt(end - 26);
      hash = 31 * hash + text.charAt(end - 27);
    }
    return (hash ^ hash >>> 8) & (RECENT - 1);
  }

  private PinnedHeader mint(String segment, long nowMillis, SessionPolicy policy, KeySource source)
      throws RejectedTokenException {
    byte[] bytes = Base64Url.decode(segment);
    if (bytes == null) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    Matcher kid = KID.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    if (!kid.find()) {
      throw new RejectedTokenException(Rejection.UNEXPECTED_HEADER);
    }
    String id = kid.group(1);
    SessionKey key = ring.find(id).orElse(null);
    if (key == null) {
      throw new RejectedTokenException(
          switch (source.absent(id)) {
            case UNKNOWN -> Rejection.UNKNOWN_KEY;
            case RETIRED -> Rejection.RETIRED_KEY;
            case NOT_YET_KNOWN -> Rejection.KEY_NOT_YET_KNOWN;
          });
    }
    String suffix = kid.group(2);
    if ((suffix != null) != WorkingKey.hasHour(key)) {
      throw new RejectedTokenException(Rejection.UNEXPECTED_HEADER);
    }
    long hour = 0;
    if (suffix != null) {
      hour = WorkingKey.parseHour(suffix);
      requireLive(hour, nowMillis, policy);
    }
    WorkingKey candidate = WorkingKey.at(key, hour, context);
    for (boolean compressed : new boolean[] {false, true}) {
      PinnedHeader header = candidate.header(compressed);
      if (header.segment().equals(segment)) {
        return header;
      }
    }
    throw new RejectedTokenException(Rejection.UNEXPECTED_HEADER);
  }

  /** No key is derived for an hour in which no living token can have been written. */
  private static void requireLive(long hour, long nowMillis, SessionPolicy policy)
      throws RejectedTokenException {
    long skew = policy.clockSkew().toMillis();
    if (hour > WorkingKey.hourOf(nowMillis + skew)) {
      throw new RejectedTokenException(Rejection.NOT_YET_VALID);
    }
    if (hour < WorkingKey.hourOf(nowMillis - policy.absoluteLifetime().toMillis() - skew)) {
      throw new RejectedTokenException(Rejection.EXPIRED);
    }
  }
}
