package dev.satchel.keys.vault;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a key of Vault is, and who asks for it. Nothing here is a secret, and no message repeats
 * it: somebody may have put the token there.
 */
final class VaultLocation {
  private static final Set<String> PARAMETERS =
      Set.of("tokenFile", "namespace", "caFile", "timeout");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /** The mount, of one or more parts, and the key's name as Vault has it: no dot at its ends. */
  private static final Pattern PATH =
      Pattern.compile("/((?:[A-Za-z0-9_-]+/)+)keys/([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)");

  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_./-]{0,127}");
  private static final Pattern TIMEOUT = Pattern.compile("([1-9]|1[0-5])s");
  private static final int MAX_LENGTH = 128;

  private final URI server;
  private final String mount;
  private final String key;
  private final Path tokenFile;
  private final Map<String, String> parameters;

  private VaultLocation(URI server, String mount, String key, Map<String, String> parameters) {
    this.server = server;
    this.mount = mount;
    this.key = key;
    this.parameters = parameters;
    this.tokenFile = Path.of(parameters.getOrDefault("tokenFile", ""));
  }

  /**
   * Parses {@code vault:https://HOST:8200/transit/keys/NAME?tokenFile=PATH}.
   *
   * @throws IllegalArgumentException if it is another: says what is allowed
   */
  static VaultLocation of(String reference) {
    URI uri;
    try {
      uri = new URI(reference.substring(reference.indexOf(':') + 1));
    } catch (URISyntaxException e) {
      throw wrong("is no URI"); // The cause has the text.
    }
    String host = uri.getHost();
    if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw wrong("has no host, or a user or fragment");
    }
    boolean local = "http".equals(uri.getScheme()) && LOOPBACK.contains(host);
    if (!"https".equals(uri.getScheme()) && !local) {
      throw wrong("is not https: http is for an agent on this machine alone");
    }
    Matcher path = PATH.matcher(uri.getRawPath());
    if (!path.matches() || uri.getRawPath().length() > MAX_LENGTH) {
      throw wrong("has a path other than MOUNT/keys/NAME");
    }
    if (path.group(1).startsWith("v1/")) {
      throw wrong("begins with /v1, which is put there by itself");
    }
    URI server = URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    String mount = path.group(1).substring(0, path.group(1).length() - 1);
    var location = new VaultLocation(server, mount, path.group(2), parameters(uri.getRawQuery()));
    location.namespace();
    location.timeout();
    return location;
  }

  private static Map<String, String> parameters(@Nullable String query) {
    var parameters = new HashMap<String, String>();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      int equal = pair.indexOf('=');
      String name = equal < 0 ? pair : pair.substring(0, equal);
      if (!PARAMETERS.contains(name)) {
        throw wrong(
            "has another parameter than the allowed "
                + String.join(", ", new TreeSet<>(PARAMETERS))
                + "; the token itself stands in a file");
      }
      String value = equal < 0 ? "" : decoded(pair.substring(equal + 1));
      if (value.isEmpty() || parameters.put(name, value) != null) {
        throw wrong("has the parameter " + name + " twice or without a value");
      }
    }
    if (!parameters.containsKey("tokenFile")) {
      throw wrong("has no tokenFile=PATH");
    }
    return parameters;
  }

  private static String decoded(String value) {
    try {
      // A plus is a plus here, as in RFC 3986, not a blank as in forms.
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong("has a % that is not followed by two hexadecimal digits");
    }
  }

  private static IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "kek=vault:… "
            + what
            + "; allowed is vault:https://HOST:8200/transit/keys/NAME?tokenFile=PATH");
  }

  /** An endpoint of the key, such as {@code encrypt}. */
  URI endpoint(String operation) {
    return server.resolve("/v1/" + mount + "/" + operation + "/" + key);
  }

  /** The key as Vault's own paths have it. */
  String keyName() {
    return mount + "/keys/" + key;
  }

  /** The path that policies allow or refuse. */
  String path(String operation) {
    return mount + "/" + operation + "/" + key;
  }

  Path tokenFile() {
    return tokenFile;
  }

  Optional<String> namespace() {
    String namespace = parameters.get("namespace");
    if (namespace != null && !NAMESPACE.matcher(namespace).matches()) {
      throw wrong("has a namespace of other characters than A-Z a-z 0-9 _ - . /");
    }
    return Optional.ofNullable(namespace);
  }

  Optional<Path> caFile() {
    return Optional.ofNullable(parameters.get("caFile")).map(Path::of);
  }

  /** Two of them, for a token read again, stay below the 30 seconds of a commit (W). */
  Duration timeout() {
    Matcher seconds = TIMEOUT.matcher(parameters.getOrDefault("timeout", "5s"));
    if (!seconds.matches()) {
      throw wrong("has a timeout other than 1s to 15s");
    }
    return Duration.ofSeconds(Long.parseLong(seconds.group(1)));
  }

  /** The server and the key. */
  @Override
  public String toString() {
    return server + "/" + keyName();
  }
}
