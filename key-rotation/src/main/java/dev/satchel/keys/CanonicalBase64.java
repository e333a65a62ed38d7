package dev.satchel.keys;

import java.util.Base64;

/** Base64url in its only spelling: a lenient parser takes many texts for the same bytes. */
final class CanonicalBase64 {
  private CanonicalBase64() {}

  /**
   * Five parts of base64url, each in its only spelling: a lenient parser takes many texts for one
   * document, and hashes of documents are compared.
   */
  static void requireCompactJwe(String text) {
    String[] parts = text.split("\\.", 6); // No more, however many dots there are.
    boolean canonical = parts.length == 5;
    for (int i = 0; canonical && i < parts.length; i++) {
      canonical = isCanonical(parts[i]);
    }
    if (!canonical) {
      throw new IllegalArgumentException("it is neither a compact JWE nor a JSON object");
    }
  }

  static boolean isCanonical(String base64) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(base64);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(base64);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
