package dev.satchel.keys.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings under which a server loses a ring, as far as it lets us see them: hosted ones refuse
 * {@code CONFIG}, users may be refused anything.
 */
final class RedisFindings {
  private final RedisLink link;
  private final RedisLocation location;
  private final List<String> found = new ArrayList<>();

  private RedisFindings(RedisLink link, RedisLocation location) {
    this.link = link;
    this.location = location;
  }

  /**
   * @throws NoAnswerException if the server does not answer at all
   */
  static List<String> of(RedisLink link, RedisLocation location) throws NoAnswerException {
    link.run(RingScripts.PROBE);
    var findings = new RedisFindings(link, location);
    findings.password();
    findings.eviction();
    findings.persistence();
    findings.expiry();
    return List.copyOf(findings.found);
  }

  private void password() {
    if (location.password() != null && !location.isTls()) {
      found.add(location + ": the password crosses the network readable; use rediss:");
    }
  }

  private void eviction() {
    Map<String, String> memory = info("memory");
    String policy = memory.getOrDefault("maxmemory_policy", "");
    if (policy.startsWith("allkeys-") && !memory.getOrDefault("maxmemory", "").equals("0")) {
      found.add(
          location
              + ": when memory gets short the server drops any key (maxmemory-policy "
              + policy
              + "), the ring too; set noeviction or one of the volatile policies");
    }
  }

  private void persistence() {
    Map<String, String> persistence = info("persistence");
    String save = setting("save");
    if ("0".equals(persistence.get("aof_enabled")) && save != null && save.isEmpty()) {
      found.add(
          location
              + ": the server keeps nothing on disk, after a restart the ring is gone; set"
              + " appendonly yes");
    }
    if ("err".equals(persistence.get("rdb_last_bgsave_status"))
        || "err".equals(persistence.get("aof_last_write_status"))) {
      found.add(location + ": the server's last write to disk failed; look at its log");
    }
  }

  private void expiry() {
    Long left = orNull(commands -> commands.pttl(keyBytes()));
    if (left != null && left >= 0) {
      found.add(
          location + ": somebody set an expiry on the key; run PERSIST, and find out who did");
    }
  }

  private byte[] keyBytes() {
    return location.key().getBytes(StandardCharsets.US_ASCII);
  }

  private Map<String, String> info(String section) {
    String text = orNull(commands -> commands.info(section));
    var values = new HashMap<String, String>();
    for (String line : text == null ? new String[0] : text.split("\r?\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        values.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1));
      }
    }
    return values;
  }

  private @Nullable String setting(String name) {
    Map<String, String> settings = orNull(commands -> commands.configGet(name));
    return settings == null ? null : settings.get(name);
  }

  private <T> @Nullable T orNull(RedisLink.Command<T> command) {
    try {
      return link.ask(command);
    } catch (NoAnswerException e) {
      return null; // Forbidden, or unknown to this server: then nothing is known of it.
    }
  }
}
