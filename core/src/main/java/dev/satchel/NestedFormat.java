package dev.satchel;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * A signed token inside an encrypted one (RFC 7519 §11.2). Both layers are always there: no path
 * leads past the signature.
 */
final class NestedFormat implements TokenFormat {
  private final JweFormat outer;
  private final JwsFormat inner;

  NestedFormat(JweFormat outer, JwsFormat inner) {
    this.outer = outer;
    this.inner = inner;
  }

  @Override
  public String seal(Payload payload, WorkingKey key, SecureRandom random) {
    String signed = inner.seal(payload.bytes(), PinnedHeader.innerSegment(key.key()), key, random);
    return outer.seal(signed.getBytes(StandardCharsets.US_ASCII), key.header(false), random);
  }

  @Override
  public byte[] open(String token, PinnedHeader header, Segments segments)
      throws RejectedTokenException {
    if (header.compressed()) {
      throw new RejectedTokenException(Rejection.UNEXPECTED_HEADER);
    }
    // Bytes beyond ASCII become characters beyond ASCII, which the strict alphabet refuses.
    String signed = new String(outer.open(token, header, segments), StandardCharsets.ISO_8859_1);
    String pinned = PinnedHeader.innerSegment(header.key().key());
    if (!signed.startsWith(pinned + ".")) {
      throw new RejectedTokenException(Rejection.UNEXPECTED_HEADER);
    }
    // Not in the same room, which is kept: this is the plaintext of the outer token.
    return inner.open(signed, pinned.length(), header.key(), new Segments());
  }
}
