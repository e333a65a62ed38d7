package dev.satchel.servlet;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings that lie beside a deployed application: {@code satchel.properties} files and context
 * parameters. Places complete each other; what two say differently, and what one says twice, is
 * refused, since no order among them would be known to whoever reads one of them.
 */
final class DeployedSettings {
  private static final String FILE = "satchel.properties";
  private static final String PREFIX = "satchel.";

  private final Map<String, String> values = new TreeMap<>();
  private final Map<String, String> places = new TreeMap<>();
  private final Set<String> allPlaces = new LinkedHashSet<>();

  private DeployedSettings() {}

  /**
   * What is configured, null if nothing is.
   *
   * @throws IllegalArgumentException if a file cannot be read, a name is unknown, or two values
   *     contradict each other
   */
  static @Nullable InitParameters of(ServletContext context) {
    DeployedSettings settings = new DeployedSettings();
    for (URL file : files(context)) {
      settings.readFile(file);
    }
    settings.readContextParameters(context);
    if (settings.allPlaces.isEmpty()) {
      return null;
    }
    return new InitParameters(settings.values, String.join(" and ", settings.allPlaces));
  }

  /** Not more than once, should a server name one place twice. */
  private static Collection<URL> files(ServletContext context) {
    // By their text: equal URLs would be found by asking for their hosts' addresses.
    Map<String, URL> files = new TreeMap<>();
    try {
      ClassLoader loader = context.getClassLoader();
      if (loader != null) {
        Collections.list(loader.getResources(FILE)).forEach(u -> files.put(u.toString(), u));
      }
      URL inside = context.getResource("/WEB-INF/" + FILE);
      if (inside != null) {
        files.put(inside.toString(), inside);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(FILE + " cannot be looked for: " + e.getMessage(), e);
    }
    return files.values();
  }

  private void readFile(URL file) {
    allPlaces.add(file.toString());
    try {
      URLConnection connection = file.openConnection();
      connection.setUseCaches(false); // a cached jar would stay open after the application stopped
      try (InputStream stream = connection.getInputStream();
          Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8.newDecoder())) {
        Lines lines = new Lines();
        lines.read(reader, file.toString());
        lines.all.forEach(line -> set(line.getKey(), line.getValue(), file.toString()));
      }
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + " cannot be read: it is not UTF-8", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** All lines of a file, also two of one name. */
  private static final class Lines extends Properties {
    private static final long serialVersionUID = 1L;
    private final transient List<Map.Entry<String, String>> all = new ArrayList<>();

    void read(Reader reader, String place) throws IOException {
      try {
        load(reader);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(place + " cannot be read: " + e.getMessage(), e);
      }
    }

    @Override
    public synchronized @Nullable Object put(Object name, Object value) {
      all.add(Map.entry(name.toString(), value.toString()));
      return null;
    }
  }

  private void readContextParameters(ServletContext context) {
    for (String name : Collections.list(context.getInitParameterNames())) {
      if (name.startsWith(PREFIX)) {
        String place = "context parameters " + PREFIX + "*";
        allPlaces.add(place);
        set(name.substring(PREFIX.length()), String.valueOf(context.getInitParameter(name)), place);
      }
    }
  }

  private void set(String name, String value, String place) {
    InitParameters.requireKnown(name, place);
    String known = values.putIfAbsent(name, value);
    String where = places.putIfAbsent(name, place);
    if (place.equals(where) || known != null && !known.strip().equals(value.strip())) {
      // Not the values: one may be a location with a password.
      throw new IllegalArgumentException(
          "'"
              + name
              + "' has "
              + (place.equals(where)
                  ? "two values in " + place
                  : "one value in " + where + " and another in " + place)
              + ", allowed is one");
    }
  }
}
