package dev.satchel.keys.redis;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code redis://[[user]:password@]host[:port][/database][?key=NAME&timeout=5s]}. Messages never
 * repeat what stands before the at sign.
 */
final class RedisLocation {
  static final String PLAIN = "redis";
  static final String TLS = "rediss";

  /** The port of Redis by its documentation, with and without TLS. */
  private static final int DEFAULT_PORT = 6379;

  private static final String DEFAULT_KEY = "satchel:ring";

  /** Long for a data centre, short beside the 30 s that a commit may take (PROTOCOL.md a, W). */
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
  private static final Duration MAX_TIMEOUT = Duration.ofSeconds(20);

  /** By hand, as {@link URI} knows no host with an underscore, and containers have such names. */
  private static final Pattern HOST =
      Pattern.compile(
          "(?<host>[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:(?<port>[0-9]{1,5}))?");

  private static final Pattern DATABASE = Pattern.compile("|/|/(?<number>[0-9]{1,4})");
  private static final Pattern KEY = Pattern.compile("[!-~]{1,200}");
  private static final Pattern TIME = Pattern.compile("(?<number>[0-9]{1,5})(?<unit>ms|s)");
  private static final Set<String> PARAMETERS = Set.of("key", "timeout");

  private final boolean tls;
  private final String host;
  private final int port;
  private final @Nullable String user;
  private final @Nullable String password;
  private final int database;
  private final String key;
  private final Duration timeout;

  private RedisLocation(URI location) {
    this.tls = TLS.equals(location.getScheme());
    String authority = location.getRawAuthority();
    if (authority == null || location.getRawFragment() != null) {
      throw wrong("is not redis://host:port/database?key=NAME");
    }
    int at = authority.lastIndexOf('@');
    String[] credentials = credentials(at < 0 ? null : authority.substring(0, at));
    this.user = credentials[0];
    this.password = credentials[1];
    Matcher server = HOST.matcher(authority.substring(at + 1));
    if (!server.matches()) {
      throw wrong("has no host, or another than a name or an address, and a port");
    }
    this.host = server.group("host");
    this.port = number(server.group("port"), DEFAULT_PORT);
    if (port < 1 || port > 65_535) {
      throw wrong("has port " + port + ", allowed is 1 to 65535");
    }
    Matcher path = DATABASE.matcher(location.getRawPath());
    if (!path.matches()) {
      throw wrong("has a path that is no number of a database, such as /0");
    }
    this.database = number(path.group("number"), 0);
    Map<String, String> parameters = parameters(location.getRawQuery());
    this.key = parameters.getOrDefault("key", DEFAULT_KEY);
    if (!KEY.matcher(key).matches()) {
      throw wrong("has a key of other than 1 to 200 printable ASCII characters");
    }
    this.timeout = timeout(parameters.get("timeout"));
  }

  /**
   * @throws IllegalArgumentException if it is none; says what is allowed
   */
  static RedisLocation of(URI location) {
    return new RedisLocation(location);
  }

  private static @Nullable String[] credentials(@Nullable String before) {
    if (before == null) {
      return new @Nullable String[] {null, null};
    }
    int colon = before.indexOf(':');
    if (colon < 0 || colon == before.length() - 1) {
      throw wrong("has no password before its @; write :password@ or user:password@");
    }
    String user = decoded(before.substring(0, colon));
    return new @Nullable String[] {
      user.isEmpty() ? null : user, decoded(before.substring(colon + 1))
    };
  }

  private static Map<String, String> parameters(@Nullable String query) {
    var found = new HashMap<String, String>();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      int equal = pair.indexOf('=');
      String name = equal < 0 ? "" : pair.substring(0, equal);
      if (!PARAMETERS.contains(name)) {
        throw wrong(
            "has parameters that nobody knows; allowed are key and timeout, and kek,"
                + " insecurePlaintext, kekAlso, role, ring, lineage, whenStale, node, revocations,"
                + " revocationsWithin");
      }
      if (found.put(name, decoded(pair.substring(equal + 1))) != null) {
        throw wrong("has the parameter " + name + " twice");
      }
    }
    return found;
  }

  private static Duration timeout(@Nullable String text) {
    if (text == null) {
      return DEFAULT_TIMEOUT;
    }
    Matcher time = TIME.matcher(text);
    Duration parsed = Duration.ZERO;
    if (time.matches()) {
      int number = number(time.group("number"), 0);
      parsed =
          time.group("unit").equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
    }
    if (parsed.compareTo(MIN_TIMEOUT) < 0 || parsed.compareTo(MAX_TIMEOUT) > 0) {
      throw wrong("has a timeout other than the allowed 100ms to 20s");
    }
    return parsed;
  }

  private static int number(@Nullable String digits, int otherwise) {
    return digits == null ? otherwise : Integer.parseInt(digits);
  }

  private static String decoded(String text) {
    // A plus is a plus here, as in RFC 3986, not a blank as in forms.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("redis location " + what);
  }

  boolean isTls() {
    return tls;
  }

  /** Without the brackets of an IPv6 address. */
  String host() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    return port;
  }

  @Nullable String user() {
    return user;
  }

  @Nullable String password() {
    return password;
  }

  int database() {
    return database;
  }

  /** The one key that is used. */
  String key() {
    return key;
  }

  /** For one operation in all, and for one connection. */
  Duration timeout() {
    return timeout;
  }

  /** Without credentials. */
  @Override
  public String toString() {
    return (tls ? TLS : PLAIN) + "://" + host + ":" + port + "/" + database + "?key=" + key;
  }
}
