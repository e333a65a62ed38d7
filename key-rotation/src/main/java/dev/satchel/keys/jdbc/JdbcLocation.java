package dev.satchel.keys.jdbc;

import dev.satchel.keys.KeyRingException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A driver's location with parameters of ours in it, taken apart. */
final class JdbcLocation {
  private static final String TABLE = "table";
  private static final String ROW = "row";
  private static final String PASSWORD_FILE = "passwordFile";
  private static final String PASSWORD_VARIABLE = "passwordEnv";
  private static final Set<String> OURS = Set.of(TABLE, ROW, PASSWORD_FILE, PASSWORD_VARIABLE);

  /** Beyond this somebody named the wrong file. */
  private static final int MAX_PASSWORD = 4096;

  /** Seconds to reach the server, and to wait for it to say something. */
  private static final int CONNECT_TIMEOUT = 5;

  private static final int SOCKET_TIMEOUT = 10;

  /** What is known to be a place and nothing else. */
  private static final Pattern SHOWN = Pattern.compile("jdbc:[a-z0-9-]+:[A-Za-z0-9:/.,\\[\\]~_-]*");

  private static final Pattern DATABASE = Pattern.compile("jdbc:([a-z0-9-]+):.*", Pattern.DOTALL);

  private final String url;
  private final Map<String, String> parameters;
  private final Function<String, @Nullable String> environment;

  private JdbcLocation(
      String url, Map<String, String> parameters, Function<String, @Nullable String> environment) {
    this.url = url;
    this.parameters = parameters;
    this.environment = environment;
  }

  static JdbcLocation of(URI location, Function<String, @Nullable String> environment) {
    String text = location.toString();
    int question = text.indexOf('?');
    var ours = new LinkedHashMap<String, String>();
    var url = new StringBuilder(question < 0 ? text : text.substring(0, question));
    char separator = '?';
    for (String pair : question < 0 ? new String[0] : text.substring(question + 1).split("&")) {
      int equal = pair.indexOf('=');
      String name = equal < 0 ? pair : pair.substring(0, equal);
      if (!OURS.contains(name)) {
        url.append(separator).append(pair);
        separator = '&';
      } else if (equal < 0 || ours.put(name, decoded(pair.substring(equal + 1))) != null) {
        throw new IllegalArgumentException(
            "JDBC location parameter " + name + " is there twice or without a value");
      }
    }
    var parsed = new JdbcLocation(url.toString(), ours, environment);
    boolean both = ours.containsKey(PASSWORD_FILE) && ours.containsKey(PASSWORD_VARIABLE);
    boolean password = ours.containsKey(PASSWORD_FILE) || ours.containsKey(PASSWORD_VARIABLE);
    if (both || password && parsed.mentions("password")) {
      throw new IllegalArgumentException(
          "JDBC location has more than one of password, passwordFile and passwordEnv");
    }
    return parsed;
  }

  /** For the driver. */
  String url() {
    return url;
  }

  Optional<String> table() {
    return Optional.ofNullable(parameters.get(TABLE));
  }

  Optional<String> row() {
    return Optional.ofNullable(parameters.get(ROW));
  }

  /** For messages: no user, no password, no parameters, and less where a part is not understood. */
  String shown() {
    String place = url.split("[?;]", 2)[0];
    boolean userinfo = url.contains("@"); // What stands before it may have anything in it.
    return !userinfo && SHOWN.matcher(place).matches() ? place : "jdbc:" + database() + ":…";
  }

  /** {@code postgresql} of {@code jdbc:postgresql:}. */
  String database() {
    Matcher matcher = DATABASE.matcher(url);
    return matcher.matches() ? matcher.group(1) : "";
  }

  /**
   * What the location does not say itself. The password is read each time: files and mounts change.
   */
  Properties properties() {
    var properties = new Properties();
    switch (database()) {
      case "postgresql" -> {
        put(properties, "connectTimeout", Integer.toString(CONNECT_TIMEOUT));
        put(properties, "socketTimeout", Integer.toString(SOCKET_TIMEOUT));
        put(properties, "ApplicationName", "satchel");
      }
      case "mysql", "mariadb" -> {
        put(properties, "connectTimeout", Integer.toString(CONNECT_TIMEOUT * 1000));
        put(properties, "socketTimeout", Integer.toString(SOCKET_TIMEOUT * 1000));
      }
      default -> {}
    }
    String password = password();
    if (password != null) {
      properties.setProperty("password", password);
    }
    return properties;
  }

  private void put(Properties properties, String name, String value) {
    if (!mentions(name)) {
      properties.setProperty(name, value);
    }
  }

  private boolean mentions(String name) {
    return url.toLowerCase(Locale.ROOT)
        .matches("(?s).*[?&;]" + name.toLowerCase(Locale.ROOT) + "=.*");
  }

  private @Nullable String password() {
    String variable = parameters.get(PASSWORD_VARIABLE);
    if (variable != null) {
      String value = environment.apply(variable);
      if (value == null) {
        throw noPassword("environment variable " + variable + " is not set");
      }
      return value;
    }
    String file = parameters.get(PASSWORD_FILE);
    return file == null ? null : content(Path.of(file));
  }

  private static String content(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_PASSWORD + 1);
      if (bytes.length > MAX_PASSWORD) {
        throw noPassword(file + " has more than the allowed " + MAX_PASSWORD + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    } catch (IOException e) {
      throw noPassword(file + " cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static KeyRingException noPassword(String why) {
    return new KeyRingException(
        KeyRingException.Reason.UNAVAILABLE, "no password for the database: " + why);
  }

  private static String decoded(String value) {
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
