package dev.satchel;

import java.security.SecureRandom;

/**
 * How one algorithm makes compact tokens and opens them. Stateless. One implementation per row of
 * FORMAT.md §2; a format only ever sees tokens whose header was found to be one that this node
 * mints for this key.
 */
sealed interface TokenFormat permits JweFormat, JwsFormat, NestedFormat {

  /** The compact form. */
  String seal(Payload payload, WorkingKey key, SecureRandom random);

  /**
   * The payload of an authentic token, in an array of its own.
   *
   * @param segments room to work in; what it held is lost
   * @throws RejectedTokenException with {@link Rejection#MALFORMED} before any cryptography, or
   *     {@link Rejection#UNAUTHENTIC}
   */
  byte[] open(String token, PinnedHeader header, Segments segments) throws RejectedTokenException;

  static TokenFormat of(TokenAlgorithm algorithm) {
    return switch (algorithm) {
      case A256GCM -> new JweFormat(new ContentEncryption.A256Gcm(), false);
      case A256CBC_HS512 -> new JweFormat(new ContentEncryption.A256CbcHs512(), false);
      case A256KW -> new JweFormat(new ContentEncryption.A256Gcm(), true);
      case HS256, ES256, ED25519 -> new JwsFormat(SignatureScheme.of(algorithm));
      case ED25519_A256GCM ->
          new NestedFormat(
              new JweFormat(new ContentEncryption.A256Gcm(), false),
              new JwsFormat(SignatureScheme.of(TokenAlgorithm.ED25519)));
    };
  }
}
