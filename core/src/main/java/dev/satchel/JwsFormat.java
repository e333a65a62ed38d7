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
  public byte[] open(String token, PinnedHeader header, Segments segments)
      throws RejectedTokenException {
    if (header.compressed()) {
      throw new RejectedTokenException(Rejection.UNEXPECTED_HEADER); // zip is a member of JWE alone
    }
    return open(token, header.segment().length(), header.key(), segments);
  }

  /**
   * @param first the position of the dot behind the header, which the caller has compared
   */
  byte[] open(String token, int first, WorkingKey key, Segments segments)
      throws RejectedTokenException {
    int second = token.indexOf('.', first + 1);
    if (second <= first + 1) {
      throw new RejectedTokenException(Rejection.MALFORMED); // no dot, or no payload
    }
    segments.load(token);
    byte[] payload = segments.decoded(first + 1, second);
    byte[] signature = new byte[scheme.length()];
    segments.decode(second + 1, token.length(), signature, 0, signature.length);
    if (!scheme.verify(key, segments.text(), second, signature)) {
      throw new RejectedTokenException(Rejection.UNAUTHENTIC);
    }
    return payload;
  }
}
