package dev.satchel.keys;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keys and passphrases in files and environment variables. */
final class LocalKeks implements KekProvider {
  /** Base64url of 32 bytes without padding. */
  private static final int ENCODED_LENGTH = 43;

  private static final int KEY_LENGTH = 32;

  @Override
  public Set<String> kinds() {
    return Set.of("file", "env", "passphrase-file", "passphrase-env");
  }

  @Override
  public KeyEncryptionKey open(String reference, Function<String, @Nullable String> environment) {
    String kind = reference.substring(0, reference.indexOf(':'));
    String name = reference.substring(kind.length() + 1);
    return switch (kind) {
      case "file" -> key(reference, file(name));
      case "env" -> key(reference, variable(name, environment));
      case "passphrase-file" -> passphrase(file(name));
      default -> passphrase(variable(name, environment));
    };
  }

  private static KeyEncryptionKey passphrase(String text) {
    return KeyEncryptionKey.passphrase(withoutLineBreak(text).toCharArray());
  }

  private static KeyEncryptionKey key(String reference, String text) {
    String trimmed = text.strip();
    if (trimmed.startsWith("{")) {
      if (RecipientKey.isMeantBy(trimmed)) {
        try {
          return KeyEncryptionKey.ofPrivateJwk(trimmed);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(reference + " is no private key: " + e.getMessage());
        }
      }
      SessionKey jwk = SessionKey.fromJwk(trimmed);
      if (jwk.algorithm() != TokenAlgorithm.A256KW) {
        throw new IllegalArgumentException(
            reference
                + " is a JWK for "
                + jwk.algorithm().label()
                + ", allowed is A256KW or a private key for ECDH-ES+A256KW: one key serves one"
                + " algorithm (RFC 8725 §3.1)");
      }
      return KeyEncryptionKey.ofSecret(SealedRing.secretOf(trimmed));
    }
    byte[] bytes;
    try {
      bytes =
          trimmed.length() == ENCODED_LENGTH ? Base64.getUrlDecoder().decode(trimmed) : new byte[0];
    } catch (IllegalArgumentException e) {
      bytes = new byte[0]; // The decoder's message quotes the text.
    }
    if (bytes.length != KEY_LENGTH) {
      throw new IllegalArgumentException(
          reference
              + " has "
              + trimmed.length()
              + " characters, allowed is a JWK or the "
              + ENCODED_LENGTH
              + " characters of 32 random bytes in base64url; for a passphrase say passphrase-"
              + reference.substring(0, reference.indexOf(':'))
              + ": instead, and for a new key run `satchel-keys generate --alg A256KW`");
    }
    try {
      return KeyEncryptionKey.ofSecret(bytes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(reference + ": " + e.getMessage());
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static String file(String name) {
    Path path = Path.of(name);
    try {
      if (Files.size(path) > RingJson.MAX_BYTES) {
        throw new IllegalArgumentException(path + " is too large for a key");
      }
      return Files.readString(path);
    } catch (IOException e) {
      throw new KeyRingException(
          KeyRingException.Reason.UNAVAILABLE,
          "key encryption key " + path + " cannot be read: " + e.getClass().getSimpleName(),
          e);
    }
  }

  private static String variable(String name, Function<String, @Nullable String> environment) {
    String value = environment.apply(name);
    if (value == null || value.isEmpty()) {
      throw new KeyRingException(
          KeyRingException.Reason.UNAVAILABLE,
          "environment variable " + name + " for the key encryption key is not set");
    }
    return value;
  }

  private static String withoutLineBreak(String text) {
    return text.endsWith("\r\n")
        ? text.substring(0, text.length() - 2)
        : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
