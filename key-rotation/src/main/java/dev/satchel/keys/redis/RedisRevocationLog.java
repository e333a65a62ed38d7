package dev.satchel.keys.redis;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.RevocationLog;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records in a sorted set beside the ring, in its slot, by their positions; in a second one their
 * positions by the second from which on they may go.
 */
final class RedisRevocationLog implements RevocationLog {
  /** A position's digits in front of its record; a double of Lua is exact to 2^53, 16 digits. */
  private static final int DIGITS = 16;

  /** Dropped in one go: a script holds up everybody. */
  private static final int DROPPED_AT_ONCE = 5_000;

  /** As many goes as the most records there can be need. */
  private static final int MAX_DROPS = 1_000;

  private static final String DONE = "done";
  private static final String RECORDS = "records";
  private static final String END = "end";

  private static final String LOOK =
      """
      for i = 1, 2 do
        local kind = redis.call('TYPE', KEYS[i]).ok
        if kind ~= 'zset' and kind ~= 'none' then
          return {'foreign'}
        end
      end
      local top = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
      """;

  /**
   * Arguments: second from which on it may go, record. From 2^53 on one more is the same number to
   * Lua: what stood there would hide all that came after it.
   */
  private static final String APPEND =
      LOOK
          + """
          local above = tonumber(top[2]) or 0
          local number = above + 1
          if not (number >= 1 and number > above and number < 9007199254740992) then
            return {'end'}
          end
          local position = string.format('%.0f', number)
          local name = string.rep('0', 16 - #position) .. position
          redis.call('ZADD', KEYS[1], position, name .. ARGV[2])
          redis.call('ZADD', KEYS[2], ARGV[1], name)
          return {'done'}
          """;

  /** Both keys are asked, so that an expiry goes from each. */
  private static final String ON_PRIMARY =
      RingScripts.PRIMARY
          + """
          local elsewhere = primary(KEYS[1]) or primary(KEYS[2])
          if elsewhere then
            return elsewhere
          end
          """;

  /** → records, each behind its position. Arguments: position, limit, most bytes of a record. */
  private static final String FROM =
      LOOK
          + ON_PRIMARY
          + """
          local found = redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], '+inf', 'LIMIT', 0, tonumber(ARGV[2]))
          for i = 1, #found do
            if #found[i] > tonumber(ARGV[3]) + 16 then
              found[i] = string.sub(found[i], 1, 16)
            end
          end
          table.insert(found, 1, 'records')
          return found
          """;

  /** → how many were looked at. Argument: how many at most. */
  private static final String DROP =
      LOOK
          + """
          local now = redis.call('TIME')[1]
          local last = top[1] and string.sub(top[1], 1, 16)
          local old = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))
          for i = 1, #old do
            if old[i] ~= last then
              redis.call('ZREMRANGEBYSCORE', KEYS[1], old[i], old[i])
              redis.call('ZREM', KEYS[2], old[i])
            end
          end
          return {'done', tostring(#old)}
          """;

  private final RedisLink link;
  private final String shown;
  private final byte[][] keys;

  RedisRevocationLog(RedisLink link, RedisLocation location, String key) {
    this.link = link;
    this.shown = location.toString();
    this.keys = new byte[][] {bytes(key), bytes(key + ":until")};
  }

  @Override
  public void append(byte[] record, Instant until) {
    if (record.length == 0 || record.length > MAX_BYTES) {
      throw unavailable("a record of " + record.length + " bytes, allowed are 1 to " + MAX_BYTES);
    }
    require(DONE, run(APPEND, bytes(Long.toString(until.getEpochSecond())), record.clone()));
  }

  @Override
  public List<Kept> from(long position, int limit) {
    List<@Nullable Object> answer =
        run(
            FROM,
            bytes(Long.toString(position)),
            bytes(Integer.toString(limit)),
            bytes(Integer.toString(MAX_BYTES)));
    require(RECORDS, answer);
    var kept = new ArrayList<Kept>();
    for (int i = 1; i < answer.size(); i++) {
      if (answer.get(i) instanceof byte[] member && member.length >= DIGITS) {
        String digits = new String(member, 0, DIGITS, StandardCharsets.US_ASCII);
        if (digits.matches("[0-9]*[1-9][0-9]*")) {
          kept.add(
              new Kept(Long.parseLong(digits), Arrays.copyOfRange(member, DIGITS, member.length)));
          continue;
        }
      }
      throw unavailable("its key holds something else; find out who put it there");
    }
    return kept;
  }

  @Override
  public void dropExpired() {
    for (int i = 0; i < MAX_DROPS; i++) {
      List<@Nullable Object> answer = run(DROP, bytes(Integer.toString(DROPPED_AT_ONCE)));
      require(DONE, answer);
      if (!text(answer, 1).equals(Integer.toString(DROPPED_AT_ONCE))) {
        return;
      }
    }
  }

  private List<@Nullable Object> run(String script, byte[]... arguments) {
    try {
      return link.ask(commands -> commands.eval(script, ScriptOutputType.MULTI, keys, arguments));
    } catch (NoAnswerException e) {
      throw unavailable(String.valueOf(e.getMessage()));
    }
  }

  private void require(String word, List<@Nullable Object> answer) {
    String got = text(answer, 0);
    if (!got.equals(word)) {
      throw unavailable(
          switch (got) {
            case RingScripts.REPLICA ->
                "this is a replica, which may lack what its primary has; give the primary";
            case END ->
                "its key holds something at a position that no record has, so nothing can be added;"
                    + " find out who put it there, and remove it";
            default -> "its key holds something else; find out who put it there";
          });
    }
  }

  private KeyRingException unavailable(String what) {
    return new KeyRingException(
        KeyRingException.Reason.UNAVAILABLE, shown + ": revocations: " + what);
  }

  private static String text(List<@Nullable Object> answer, int index) {
    return index < answer.size() && answer.get(index) instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.US_ASCII)
        : "";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
