package dev.satchel.keys.cli;

import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyRingLocation;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which ring a verb is about. */
final class RingOptions {
  private static final String VARIABLE = "SATCHEL_STORE";

  @Option(
      names = "--store",
      paramLabel = "URI",
      description =
          "the ring's location, as in the application's configuration, such as"
              + " file:/var/lib/shop/ring?kek=file:/etc/shop/kek.jwk, or"
              + " jdbc:postgresql://db/shop?user=shop&passwordFile=/etc/shop/db&kek=env:SHOP_KEK with"
              + " the driver beside the command: java -cp satchel-keys.jar:DRIVER.jar"
              + " dev.satchel.keys.cli.SatchelKeys; default is the environment variable"
              + " SATCHEL_STORE")
  private @Nullable String store;

  @Option(
      names = "--kek",
      paramLabel = "REFERENCE",
      description =
          "what the ring is sealed under, where the location does not say: file:PATH, env:NAME,"
              + " passphrase-file:PATH, passphrase-env:NAME or"
              + " vault:https://HOST:8200/transit/keys/NAME?tokenFile=PATH")
  private @Nullable String kek;

  boolean isGiven(Invocation invocation) {
    return store != null || invocation.variable(VARIABLE) != null;
  }

  KeyRingLocation location(Invocation invocation) {
    String value = store != null ? store : invocation.variable(VARIABLE);
    if (value == null) {
      throw new UsageException("which ring? Give --store URI or set " + VARIABLE);
    }
    URI uri;
    try {
      uri = new URI(value);
    } catch (URISyntaxException e) {
      // Not the text itself, and no cause that has it: it may hold a password.
      throw new UsageException(
          "the ring's location is no URI"
              + (e.getIndex() < 0
                  ? ""
                  : ": character " + (e.getIndex() + 1) + " may not stand there")
              + "; write other characters as % and two hexadecimal digits");
    }
    if (uri.getScheme() == null) {
      throw new UsageException("--store is no URI; a directory is file:/path/to/ring");
    }
    KeyRingLocation location = KeyRingLocation.of(uri);
    return kek == null ? location : location.withKek(kek);
  }

  KeyCustodian custodian(Invocation invocation) {
    return custodian(location(invocation), invocation);
  }

  static KeyCustodian custodian(KeyRingLocation location, Invocation invocation) {
    return invocation.opened(location.openCustodian(invocation::variable, invocation.clock()));
  }
}
