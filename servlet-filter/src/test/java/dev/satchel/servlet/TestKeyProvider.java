package dev.satchel.servlet;

import dev.satchel.KeySource;
import dev.satchel.KeySourceProvider;
import java.net.URI;
import java.time.InstantSource;
import java.util.Set;

/** Keys for {@code test:} locations. Found by ServiceLoader. */
public final class TestKeyProvider implements KeySourceProvider {
  static volatile TestKeys.Changing opened;

  @Override
  public Set<String> schemes() {
    return Set.of("test");
  }

  @Override
  public KeySource open(URI location, InstantSource clock) {
    if (location.getSchemeSpecificPart().equals("missing")) {
      throw new IllegalStateException("no ring there");
    }
    opened = new TestKeys.Changing(TestKeys.source().current());
    return opened;
  }
}
