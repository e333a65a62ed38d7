package dev.satchel;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** Compact JWS (RFC 7515 §7.1): {@code header.payload.signature}. */
final class JwsFormat implements TokenFormat {
  private final SignatureScheme scheme;

  JwsFormat(SignatureScheme scheme) {
    this.scheme = scheme;
  }

  @Override
  public String seal(Payload payload, WorkingKey key, SecureRandom random) {
    return seal(payload.bytes(), key.header(false).segment(), key, random);
  }

  String seal(byte[] payload, String header, WorkingKey key, SecureRandom random) {
    String input = header + "." + Base64Url.encode(payload);
    byte[] signature = scheme.sign(key, input.getBytes(StandardCharsets.US_ASCII), random);
    return input + "." + Base64Url.encode(signature);
  }

  @Override
  public byte[] open(String token, PinnedHeader header) throws RejectedTokenException {
    if (header.compressed()) {
      throw new RejectedTokenException(Rejection.UNEXPECTED_HEADER); // zip is a member of JWE alone
    }
    return open(token, header.segment().length(), header.key());
  }

  /**
   * @param first the position of the dot behind the header, which the caller has compared
   */
  byte[] open(String token, int first, WorkingKey key) throws RejectedTokenException {
    int second = token.indexOf('.', first + 1);
    if (second < 0) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    byte[] payload = Base64Url.decode(token, first + 1, second);
    byte[] signature = Base64Url.decode(token, second + 1, token.length());
    if (payload == null
        || payload.length == 0
        || signature == null
        || signature.length != scheme.length()) {
      throw new RejectedTokenException(Rejection.MALFORMED);
    }
    byte[] input = token.substring(0, second).getBytes(StandardCharsets.US_ASCII);
    if (!scheme.verify(key, input, signature)) {
      throw new RejectedTokenException(Rejection.UNAUTHENTIC);
    }
    return payload;
  }
}
