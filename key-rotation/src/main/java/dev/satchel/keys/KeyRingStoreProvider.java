package dev.satchel.keys;

import java.net.URI;
import java.time.InstantSource;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** Opens stores by location. Found by {@link ServiceLoader}, as JDBC drivers are. */
public interface KeyRingStoreProvider {

  /** The URI schemes this provider opens, in lower case. */
  Set<String> schemes();

  /**
   * Opens a store. Does not yet read it.
   *
   * @param location without the query parameters that say how to use the ring, such as {@code kek}
   * @param clock for the store's own dates where it has no clock
   * @throws IllegalArgumentException if the location is wrong: says what was got and what is
   *     allowed
   * @throws KeyRingException if the store refuses to be used as it is set up
   */
  KeyRingStore open(URI location, InstantSource clock);

  /**
   * Opens a store with the first provider on the class path that claims the scheme.
   *
   * @throws IllegalArgumentException if no provider claims the scheme, or the location is wrong
   */
  static KeyRingStore openStore(URI location, InstantSource clock) {
    var schemes = new TreeSet<String>();
    for (KeyRingStoreProvider provider : ServiceLoader.load(KeyRingStoreProvider.class)) {
      if (provider.schemes().contains(location.getScheme())) {
        return provider.open(location, clock);
      }
      schemes.addAll(provider.schemes());
    }
    throw new IllegalArgumentException(
        "no key ring store for scheme '" + location.getScheme() + "'; available: " + schemes);
  }
}
