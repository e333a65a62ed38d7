package dev.satchel.examples.jwks;

import dev.satchel.Decoded;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import dev.satchel.keys.JwksKeySource;
import java.net.URI;
import javax.net.ssl.SSLContext;

/**
 * Another service, which lets in whom the issuer has signed in. All that it is given is an address;
 * whoever takes everything it has cannot make one session.
 */
final class Gate implements AutoCloseable {
  private final JwksKeySource keys;
  private final TokenCodec codec;

  Gate(URI jwks, SSLContext trust) {
    // With a certificate that the JDK trusts, KeySource.open(jwks) is all.
    keys = JwksKeySource.builder(jwks).sslContext(trust).build();
    codec =
        TokenCodec.builder(TokenContext.header(Issuer.APPLICATION, Issuer.HEADER), keys).build();
  }

  /** The answer to a request with this token. */
  Answer answer(String token) {
    Decoded decoded = codec.decode(token);
    if (decoded instanceof Decoded.Accepted accepted) {
      return new Answer(200, "welcome, " + accepted.state().attribute("name"));
    }
    if (decoded instanceof Decoded.Rejected rejected && rejected.reason().isTemporary()) {
      // A key that was published since the last look: it is looked for, in the background.
      return new Answer(503, "try again in a moment");
    }
    return new Answer(401, "sign in first"); // for whatever reason: clients are not told
  }

  @Override
  public void close() {
    keys.close();
  }

  /** Status and text. */
  record Answer(int status, String text) {}
}
