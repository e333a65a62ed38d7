package dev.satchel.keys.redis;

/**
 * What the server runs. Sent with each call rather than by hash: some 900 bytes at each probe are
 * less than the cases of a server that forgot them. Each answers with a word first.
 *
 * <p>Needs Redis 5 or newer, where a script may write after it has asked for the time; {@code SET}
 * with {@code IFEQ} could do the same from Redis 8.4 and Valkey 8.1 on, without the time.
 */
final class RingScripts {
  static final String ABSENT = "absent";
  static final String REPLICA = "replica";
  static final String FOREIGN = "foreign";
  static final String OVERSIZE = "oversize";
  static final String RING = "ring";
  static final String CONFLICT = "conflict";
  static final String COMMITTED = "committed";

  /**
   * Leaves with what is wrong; afterwards {@code revision} is text, {@code 0} where there is no key
   * at all. Revisions are compared as text, as a number of Lua is a double.
   */
  private static final String LOOK =
      """
      local ring = KEYS[1]
      local revision = '0'
      local kind = redis.call('TYPE', ring).ok
      if kind == 'hash' then
        if redis.call('HSTRLEN', ring, 'revision') > 18 or redis.call('HSTRLEN', ring, 'committed') > 18 then
          return {'foreign'}
        end
        revision = redis.call('HGET', ring, 'revision')
        if not revision or not string.match(revision, '^[1-9][0-9]*$') then
          return {'foreign'}
        end
      elseif kind ~= 'none' then
        return {'foreign'}
      end
      """;

  /**
   * {@code primary(key)}: nothing on a primary, otherwise what a script has to leave with. Takes
   * off an expiry that somebody set, and asks by that for a write: a replica, which may lack what
   * its primary has, gives itself away by refusing it before all else. What else keeps a primary
   * from writing is no reason not to read; a missing right is, as it hides what this server is.
   * From Redis 7.2 on that error has the user's name in it, which may be one of these words, but
   * not with the beginning of a sentence behind it.
   */
  static final String PRIMARY =
      """
      local function primary(key)
        local write = redis.pcall('PERSIST', key)
        local refused = type(write) == 'table' and write.err
        if not refused or string.find(refused, 'MISCONF %u') or string.find(refused, 'NOREPLICAS %u') then
          return nil
        end
        return string.find(refused, 'READONLY %u') and {'replica'} or write
      end
      """;

  /** Where there is nothing: definitely so only on a primary. */
  private static final String NOTHING =
      PRIMARY
          + """
          if revision == '0' then
            return primary(ring) or {'absent'}
          end
          """;

  /** → {@code ring}, revision, milliseconds, document. Argument: the most bytes of a document. */
  static final String READ =
      LOOK
          + NOTHING
          + """
          if redis.call('HSTRLEN', ring, 'document') > tonumber(ARGV[1]) then
            return {'oversize'}
          end
          return {'ring', revision, redis.call('HGET', ring, 'committed'), redis.call('HGET', ring, 'document')}
          """;

  /** → {@code ring}, revision. */
  static final String PROBE = LOOK + NOTHING + "return {'ring', revision}\n";

  /**
   * → {@code committed} or {@code conflict}. Arguments: expected revision, next one, document. All
   * that can be refused is refused before the one write. An expiry that somebody set goes.
   */
  static final String COMMIT =
      LOOK
          + """
          if revision ~= ARGV[1] then
            return {'conflict'}
          end
          local now = redis.call('TIME')
          local millis = now[1] .. string.format('%03d', math.floor(tonumber(now[2]) / 1000))
          redis.call('HSET', ring, 'revision', ARGV[2], 'document', ARGV[3], 'committed', millis)
          redis.pcall('PERSIST', ring)
          return {'committed'}
          """;

  /** → seconds, microseconds; of the server that has the key. */
  static final String TIME = "return redis.call('TIME')\n";

  private RingScripts() {}
}
