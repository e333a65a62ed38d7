package dev.satchel.keys.vault;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyWrappingService;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A key of the transit secrets engine (API of Vault 1.x and OpenBao). Data keys are made here and
 * encrypted there, with associated data: {@code rewrap} there takes none, so a ring is moved to a
 * newer version by sealing it anew, which it is anyway whenever it changes.
 */
final class VaultTransit implements KeyWrappingService {
  /** {@code vault:v1:} and standard Base64, as the engine documents it. */
  private static final Pattern CIPHERTEXT =
      Pattern.compile("vault:v([1-9][0-9]{0,8}):[A-Za-z0-9+/]{1,980}={0,2}");

  private final VaultLocation location;
  private final VaultClient client;

  VaultTransit(VaultLocation location) {
    this.location = location;
    this.client = new VaultClient(location);
  }

  @Override
  public String kind() {
    return "vault";
  }

  @Override
  public String keyName() {
    return location.keyName();
  }

  @Override
  public String wrap(byte[] key, byte[] associatedData) {
    ObjectNode question = JsonNodeFactory.instance.objectNode();
    question.put("plaintext", base64(key));
    question.put("associated_data", base64(associatedData));
    VaultClient.Answer answer = client.post("encrypt", question);
    if (answer.status() == VaultClient.BAD_REQUEST) {
      throw new KeyRingException(
          KeyRingException.Reason.UNAVAILABLE,
          location
              + " does not encrypt: there is no such key, or it is of another type than the"
              + " allowed aes256-gcm96, aes128-gcm96 and chacha20-poly1305, or derived");
    }
    String ciphertext = text(answer.data(), "ciphertext");
    if (!CIPHERTEXT.matcher(ciphertext).matches()) {
      throw client.unexpected();
    }
    return ciphertext;
  }

  @Override
  public byte[] unwrap(String wrapped, byte[] associatedData) {
    if (!CIPHERTEXT.matcher(wrapped).matches()) {
      throw unreadable("is no ciphertext of Vault");
    }
    ObjectNode question = JsonNodeFactory.instance.objectNode();
    question.put("ciphertext", wrapped);
    question.put("associated_data", base64(associatedData));
    VaultClient.Answer answer = client.post("decrypt", question);
    if (answer.status() == VaultClient.BAD_REQUEST) {
      // Vault says which only in words, and may repeat what was sent.
      throw unreadable(
          "cannot be unwrapped (400): the key is not there any more, or has a min_decryption_version"
              + " above the "
              + version(wrapped).getAsLong()
              + " that it was wrapped by; or it was wrapped by another key, or for another ring or"
              + " epoch");
    }
    try {
      return Base64.getDecoder().decode(text(answer.data(), "plaintext"));
    } catch (IllegalArgumentException e) {
      throw client.unexpected(); // The decoder's message quotes the text.
    }
  }

  @Override
  public OptionalLong version(String wrapped) {
    Matcher ciphertext = CIPHERTEXT.matcher(wrapped);
    return ciphertext.matches()
        ? OptionalLong.of(Long.parseLong(ciphertext.group(1)))
        : OptionalLong.empty();
  }

  @Override
  public List<String> findings(String wrapped, Instant now) {
    return VaultFindings.of(location, client, version(wrapped), now);
  }

  private KeyRingException unreadable(String what) {
    return new KeyRingException(
        KeyRingException.Reason.UNREADABLE,
        "the ring's content key " + what + " (" + location + ")");
  }

  private String text(JsonNode data, String name) {
    JsonNode value = data.path(name);
    if (!value.isString()) {
      throw client.unexpected();
    }
    return value.stringValue();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** The server and the key; no token. */
  @Override
  public String toString() {
    return "VaultTransit[" + location + "]";
  }
}
