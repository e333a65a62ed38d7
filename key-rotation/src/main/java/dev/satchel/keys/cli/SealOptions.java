package dev.satchel.keys.cli;

import dev.satchel.keys.KeyEncryptionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What a ring outside of its store is sealed under; by reference, as secrets are never arguments.
 */
final class SealOptions {
  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "sealed under the passphrase in FILE, 12 characters or more")
  private @Nullable String passphraseFile;

  @Option(
      names = "--passphrase-env",
      paramLabel = "NAME",
      description = "sealed under the passphrase in the environment variable NAME")
  private @Nullable String passphraseVariable;

  @Option(
      names = "--unsafe-plaintext",
      description = "not sealed: whoever reads it can forge every session")
  private boolean plaintext;

  boolean isPlaintext() {
    return plaintext;
  }

  /** The references given, of which one at most makes sense. */
  Optional<KeyEncryptionKey> key(Invocation invocation, @Nullable String another) {
    List<String> references = new ArrayList<>();
    if (passphraseFile != null) {
      references.add("passphrase-file:" + passphraseFile);
    }
    if (passphraseVariable != null) {
      references.add("passphrase-env:" + passphraseVariable);
    }
    if (another != null) {
      references.add(another);
    }
    if (references.size() + (plaintext ? 1 : 0) > 1) {
      throw new UsageException("it can be sealed under one thing only; give one of the options");
    }
    if (plaintext) {
      return Optional.of(KeyEncryptionKey.insecurePlaintext());
    }
    return references.stream()
        .findFirst()
        .map(reference -> KeyEncryptionKey.of(reference, invocation::variable));
  }
}
