package dev.satchel.keys;

import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds key encryption keys by reference, as {@code kek=} in a location has it. Found by {@link
 * ServiceLoader}, as JDBC drivers are. The kinds {@code file}, {@code env}, {@code passphrase-file}
 * and {@code passphrase-env} are built in, and nobody's to replace.
 */
public interface KekProvider {

  /** What stands before the first colon of the references known here, such as {@code vault}. */
  Set<String> kinds();

  /**
   * Finds a key. May read a file; asks no service yet.
   *
   * @param reference with its kind
   * @param environment the value of an environment variable, or null
   * @throws IllegalArgumentException if the reference or what it names is wrong: says what was got
   *     and what is allowed, but neither the reference, which may be somebody's mistaken secret,
   *     nor any content
   * @throws KeyRingException with {@link KeyRingException.Reason#UNAVAILABLE} if it cannot be read
   */
  KeyEncryptionKey open(String reference, Function<String, @Nullable String> environment);

  /**
   * Finds a key with the built-in provider or the first on the class path that knows the kind.
   *
   * @throws IllegalArgumentException if none does, or as {@link #open}
   */
  static KeyEncryptionKey openKek(
      String reference, Function<String, @Nullable String> environment) {
    int colon = reference.indexOf(':');
    String kind = colon < 0 ? "" : reference.substring(0, colon);
    KekProvider local = new LocalKeks();
    if (local.kinds().contains(kind)) {
      return local.open(reference, environment);
    }
    var known = new TreeSet<String>(local.kinds());
    // Both: in a container one of them does not see the application, or the library.
    for (KekProvider provider :
        Stream.of(
                ServiceLoader.load(KekProvider.class),
                ServiceLoader.load(KekProvider.class, KekProvider.class.getClassLoader()))
            .flatMap(found -> found.stream().map(ServiceLoader.Provider::get))
            .toList()) {
      if (provider.kinds().contains(kind)) {
        return provider.open(reference, environment);
      }
      known.addAll(provider.kinds());
    }
    // The reference is not repeated: somebody may have put the key itself there.
    throw new IllegalArgumentException(
        "kek is not a reference; allowed are file:PATH, env:NAME, passphrase-file:PATH,"
            + " passphrase-env:NAME, and what begins with another of "
            + known);
  }
}
