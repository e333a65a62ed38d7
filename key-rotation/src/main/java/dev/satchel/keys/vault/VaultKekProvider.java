package dev.satchel.keys.vault;

import dev.satchel.keys.KekProvider;
import dev.satchel.keys.KeyEncryptionKey;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code vault:https://HOST:8200/transit/keys/NAME?tokenFile=PATH}: a key of Vault's transit
 * engine, mounted at {@code transit} or elsewhere. In a location, {@code &} inside the reference is
 * written {@code %26}.
 *
 * <ul>
 *   <li>{@code tokenFile}: the file with the token, as Vault Agent writes and renews it; read for
 *       each question, and again if Vault refuses what was in it
 *   <li>{@code namespace}: of Vault Enterprise; default none
 *   <li>{@code caFile}: certificates in PEM form that Vault's has to be signed by; default the
 *       JDK's
 *   <li>{@code timeout}: of a connection and of an answer, 1 to 15 seconds; default {@code 5s}
 * </ul>
 *
 * <p>Only {@code https}, but for an agent on this machine ({@code localhost}, {@code 127.0.0.1},
 * {@code [::1]}). The token needs the capability {@code update}, and not {@code create}, on {@code
 * transit/decrypt/NAME}, of writers also on {@code transit/encrypt/NAME}, and {@code read} on
 * {@code transit/keys/NAME} for what {@code satchel-keys doctor} finds.
 */
public final class VaultKekProvider implements KekProvider {

  @Override
  public Set<String> kinds() {
    return Set.of("vault");
  }

  @Override
  public KeyEncryptionKey open(String reference, Function<String, @Nullable String> environment) {
    return KeyEncryptionKey.ofService(new VaultTransit(VaultLocation.of(reference)));
  }
}
