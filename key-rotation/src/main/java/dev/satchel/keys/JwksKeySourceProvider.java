package dev.satchel.keys;

import dev.satchel.KeySource;
import dev.satchel.KeySourceProvider;
import java.net.URI;
import java.time.InstantSource;
import java.util.Set;

/** Opens {@code https:} locations: the public keys of an issuer, to verify with. */
public final class JwksKeySourceProvider implements KeySourceProvider {
  /** For the {@link java.util.ServiceLoader}. */
  public JwksKeySourceProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("https");
  }

  @Override
  public KeySource open(URI location, InstantSource clock) {
    return JwksKeySource.builder(location).clock(clock).build();
  }
}
