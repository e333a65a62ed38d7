package dev.satchel.keys;

import com.nimbusds.jose.JWEHeader;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A ring sealed under a passphrase: as under a key, with {@code kdf} in the header in the place of
 * the key's id, which says how the key is worked out of the passphrase. That takes half a second
 * and 64 MiB.
 */
final class PassphraseSeal {
  /** The header member with the parameters. */
  static final String KDF = "kdf";

  private PassphraseSeal() {}

  static boolean isIn(JWEHeader header) {
    return header.getCustomParam(KDF) != null;
  }

  /**
   * Of a header that nobody has authenticated yet.
   *
   * @throws IllegalArgumentException if they are not of our kind or out of bounds
   */
  static PassphraseStretching parameters(JWEHeader header) {
    return PassphraseStretching.fromHeader(header.getCustomParam(KDF));
  }

  /**
   * The key to seal with: as before, unless that was cheaper than it has to be; else anew.
   *
   * @param before what the document before was sealed with; null if that is not known
   */
  static Seal.Derived toSeal(
      KeyEncryptionKey used, Seal.@Nullable Derived before, SecureRandom random) {
    if (before != null && !PassphraseStretching.fromHeader(before.header()).isCheaperThanOurs()) {
      return before;
    }
    return stretched(used, PassphraseStretching.fresh(random));
  }

  /** Works it out. */
  static Seal.Derived stretched(KeyEncryptionKey key, PassphraseStretching parameters) {
    return new Seal.Derived(KDF, parameters.toHeader(), parameters.stretch(key.passphrase()));
  }
}
