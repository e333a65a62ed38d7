package dev.satchel.keys.jdbc;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStoreProvider;
import java.net.URI;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Opens {@code jdbc:postgresql://db/shop?user=shop&passwordFile=/etc/shop/db}, with the location as
 * the driver wants it and, behind the question mark:
 *
 * <ul>
 *   <li>{@code table}: default {@code satchel_key_ring}
 *   <li>{@code row}: the row's name, default {@code session}
 *   <li>{@code passwordFile} or {@code passwordEnv}: where the password is, rather than in here; it
 *       is read each time a connection is opened
 * </ul>
 *
 * The driver is the application's and has to be on its class path.
 */
public final class JdbcKeyRingStoreProvider implements KeyRingStoreProvider {
  private final Function<String, @Nullable String> environment;

  /** For the {@link ServiceLoader}. */
  public JdbcKeyRingStoreProvider() {
    this(System::getenv);
  }

  JdbcKeyRingStoreProvider(Function<String, @Nullable String> environment) {
    this.environment = environment;
  }

  @Override
  public Set<String> schemes() {
    return Set.of("jdbc");
  }

  @Override
  public KeyRingStore open(URI location, InstantSource clock) {
    JdbcLocation parsed = JdbcLocation.of(location, environment);
    Driver driver = driver(parsed);
    JdbcKeyRingStore.Builder builder =
        JdbcKeyRingStore.builder(
            new KeptConnection(driver, parsed.url(), parsed::properties), parsed.shown());
    parsed.table().ifPresent(builder::table);
    parsed.row().ifPresent(builder::row);
    return builder.build();
  }

  /**
   * Asks for drivers itself: {@link DriverManager} looks for them once in the life of the process,
   * with whatever class loader asks first, which in a container is not the application's.
   */
  private static Driver driver(JdbcLocation location) {
    return Stream.of(
            ServiceLoader.load(Driver.class).stream(),
            ServiceLoader.load(Driver.class, JdbcKeyRingStoreProvider.class.getClassLoader())
                .stream())
        .flatMap(drivers -> drivers)
        .map(ServiceLoader.Provider::get)
        .filter(driver -> accepts(driver, location))
        .findFirst()
        .or(() -> registered(location))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no JDBC driver for "
                        + location.shown()
                        + "; put the database's driver on the class path, for the command: java -cp"
                        + " satchel-keys.jar:DRIVER.jar dev.satchel.keys.cli.SatchelKeys"));
  }

  private static Optional<Driver> registered(JdbcLocation location) {
    return DriverManager.drivers().filter(driver -> accepts(driver, location)).findFirst();
  }

  private static boolean accepts(Driver driver, JdbcLocation location) {
    try {
      return driver.acceptsURL(location.url());
    } catch (SQLException e) {
      return false;
    }
  }
}
