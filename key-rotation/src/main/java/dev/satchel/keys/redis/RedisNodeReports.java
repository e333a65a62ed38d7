package dev.satchel.keys.redis;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.NodeReports;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports in a hash beside the ring, in its slot. The whole hash expires when nobody reports any
 * more.
 */
final class RedisNodeReports implements NodeReports {
  /** Twice of what a single report is kept for. */
  private static final Duration EXPIRY = Duration.ofDays(2);

  /** Milliseconds, a blank, and the report. */
  private static final int MAX_VALUE = 20 + MAX_LENGTH;

  private static final String REPORTED = "reported";
  private static final String FULL = "full";
  private static final String REPORTS = "reports";

  private static final String LOOK =
      """
      local kind = redis.call('TYPE', KEYS[1]).ok
      if kind ~= 'hash' and kind ~= 'none' then
        return {'foreign'}
      end
      """;

  private static final String NOW =
      """
      local now = redis.call('TIME')
      local millis = now[1] .. string.format('%03d', math.floor(tonumber(now[2]) / 1000))
      """;

  /** Arguments: node, report, most nodes, expiry in milliseconds. */
  private static final String PUT =
      LOOK
          + NOW
          + """
          if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
            return {'full'}
          end
          redis.call('HSET', KEYS[1], ARGV[1], millis .. ' ' .. ARGV[2])
          redis.call('PEXPIRE', KEYS[1], ARGV[4])
          return {'reported'}
          """;

  /** → names and values. Arguments: most nodes, longest value. */
  private static final String ALL =
      LOOK
          + """
          if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[1]) then
            return {'full'}
          end
          local found = {'reports'}
          local all = redis.call('HGETALL', KEYS[1])
          for i = 1, #all, 2 do
            if #all[i] <= 64 and #all[i + 1] <= tonumber(ARGV[2]) then
              found[#found + 1] = all[i]
              found[#found + 1] = all[i + 1]
            end
          end
          return found
          """;

  /** Argument: age in milliseconds. What is no report in form goes too. */
  private static final String DROP =
      LOOK
          + NOW
          + """
          local oldest = tonumber(millis) - tonumber(ARGV[1])
          local all = redis.call('HGETALL', KEYS[1])
          for i = 1, #all, 2 do
            local at = tonumber(string.match(all[i + 1], '^(%d+) '))
            if not at or at < oldest then
              redis.call('HDEL', KEYS[1], all[i])
            end
          end
          return {'reported'}
          """;

  private final RedisLink link;
  private final String shown;
  private final byte[][] keys;

  RedisNodeReports(RedisLink link, RedisLocation location, String key) {
    this.link = link;
    this.shown = location.toString();
    this.keys = new byte[][] {bytes(key)};
  }

  /**
   * The key of something beside the ring: of the slot of the ring's by the rules of hash tags in
   * the specification of Redis Cluster; null for a ring's key with braces that no other key can
   * share a slot with.
   */
  static @Nullable String keyBeside(String ring, String what) {
    int open = ring.indexOf('{');
    int close = ring.indexOf('}', open + 1);
    if (open >= 0 && close > open + 1) {
      return ring + ":" + what; // The same tag.
    }
    return ring.indexOf('}') < 0 ? "{" + ring + "}:" + what : null;
  }

  @Override
  public void put(String node, String report) {
    String answer =
        text(
            run(PUT, node, report, Integer.toString(MAX_NODES), Long.toString(EXPIRY.toMillis())),
            0);
    if (!answer.equals(REPORTED)) {
      throw unavailable(answer);
    }
  }

  @Override
  public List<Kept> all() {
    List<@Nullable Object> answer =
        run(ALL, Integer.toString(MAX_NODES), Integer.toString(MAX_VALUE));
    if (!text(answer, 0).equals(REPORTS)) {
      throw unavailable(text(answer, 0));
    }
    var kept = new ArrayList<Kept>();
    for (int i = 1; i + 1 < answer.size(); i += 2) {
      String value = text(answer, i + 1);
      int blank = value.indexOf(' ');
      try {
        Instant at = Instant.ofEpochMilli(Long.parseLong(value.substring(0, Math.max(blank, 0))));
        kept.add(new Kept(text(answer, i), at, value.substring(blank + 1)));
      } catch (NumberFormatException | DateTimeException e) {
        // Not one of ours.
      }
    }
    kept.sort(Comparator.comparing(Kept::node));
    return kept;
  }

  @Override
  public void dropOlderThan(Duration age) {
    run(DROP, Long.toString(age.toMillis()));
  }

  private List<@Nullable Object> run(String script, String... arguments) {
    byte[][] bytes = new byte[arguments.length][];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes(arguments[i]);
    }
    try {
      return link.ask(commands -> commands.eval(script, ScriptOutputType.MULTI, keys, bytes));
    } catch (NoAnswerException e) {
      throw new KeyRingException(
          KeyRingException.Reason.UNAVAILABLE, shown + ": reports: " + e.getMessage());
    }
  }

  private KeyRingException unavailable(String answer) {
    return new KeyRingException(
        KeyRingException.Reason.UNAVAILABLE,
        shown
            + (answer.equals(FULL)
                ? ": reports of " + MAX_NODES + " nodes are kept"
                : ": the key of the reports holds something else; find out who put it there"));
  }

  private static String text(List<@Nullable Object> answer, int index) {
    return index < answer.size() && answer.get(index) instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.ISO_8859_1)
        : "";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
