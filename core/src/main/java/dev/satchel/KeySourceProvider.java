package dev.satchel;

import java.net.URI;
import java.time.InstantSource;
import java.util.Set;

/** Opens key sources by location. Found by {@link java.util.ServiceLoader}, as JDBC drivers are. */
public interface KeySourceProvider {

  /** The URI schemes this provider opens, in lower case, such as {@code file}. */
  Set<String> schemes();

  /**
   * Opens a source.
   *
   * @throws IllegalArgumentException if the location is wrong: says what was got and what is
   *     allowed, never a secret
   * @throws IllegalStateException if the source cannot be opened
   */
  KeySource open(URI location, InstantSource clock);
}
