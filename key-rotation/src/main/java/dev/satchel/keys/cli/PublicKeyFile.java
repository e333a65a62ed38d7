package dev.satchel.keys.cli;

import dev.satchel.keys.RecipientKey;
import java.nio.charset.StandardCharsets;

/** A JWK of somebody who may have a ring. */
final class PublicKeyFile {
  private PublicKeyFile() {}

  /** Takes a private key too, with a word about it: its owner may be whoever runs this. */
  static RecipientKey read(String file, Invocation invocation) {
    String text = new String(invocation.content(file), StandardCharsets.UTF_8);
    String name = file.equals("-") ? "standard input" : file;
    RecipientKey key;
    try {
      key = RecipientKey.fromJwk(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          name
              + " holds no key of a recipient, which `generate --alg ECDH-ES+A256KW` makes: "
              + e.getMessage());
    }
    if (text.contains("\"d\"")) {
      invocation.say(
          name
              + " holds a private key, of which only the public part is used; if it is somebody"
              + " else's, it is not theirs alone any more");
    }
    return key;
  }
}
