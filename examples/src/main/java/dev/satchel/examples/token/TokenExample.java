package dev.satchel.examples.token;

import dev.satchel.Decoded;
import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.SessionState;
import dev.satchel.TokenAlgorithm;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import java.io.PrintStream;

/**
 * The token API without servlets: mint a token, read one attribute of it, see a tampered one
 * refused with a reason, and rotate the key under it. Whatever {@code decode} is given, it answers
 * with a value; there is nothing to catch.
 */
public final class TokenExample {
  private TokenExample() {}

  /** Runs it. */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    // A ring in memory; dev.satchel.keys keeps one in a store and rotates it by itself.
    SessionKey first = SessionKey.generate("first", TokenAlgorithm.A256GCM);
    TokenCodec codec = codec(KeyRing.of(first));

    // Mint. A state is immutable: every change is a new one.
    SessionState session = codec.create().withSubject("ada").withAttribute("visits", 1);
    String token = codec.encode(session);
    out.println("minted: " + token.length() + " characters");

    // Read one attribute of it.
    if (codec.decode(token) instanceof Decoded.Accepted accepted) {
      SessionState read = accepted.state();
      out.println(
          "read: " + read.subject().orElse("nobody") + ", visits " + read.attribute("visits"));
    }

    // Tamper. The reason is for your log; the client learns nothing but that it has no session.
    if (codec.decode(tampered(token)) instanceof Decoded.Rejected rejected) {
      out.println("tampered: " + rejected.reason());
    }

    // Rotate. The second key issues; the first is still accepted, and its tokens ask to be
    // reissued.
    codec = codec(KeyRing.of(SessionKey.generate("second", TokenAlgorithm.A256GCM), first));
    if (codec.decode(token) instanceof Decoded.Accepted accepted && accepted.reissue()) {
      out.println("rotated: accepted under " + accepted.keyId() + ", to be reissued");
      token = codec.encode(accepted.state().withAttribute("visits", 2));
    }
    if (codec.decode(token) instanceof Decoded.Accepted accepted) {
      out.println(
          "reissued: under "
              + accepted.keyId()
              + ", visits "
              + accepted.state().attribute("visits"));
    }
  }

  private static TokenCodec codec(KeyRing ring) {
    return TokenCodec.builder(TokenContext.header("shop", "X-Session"), KeySource.of(ring)).build();
  }

  /** The token with one character of the sealed text changed. */
  private static String tampered(String token) {
    int at = token.lastIndexOf('.') - 2;
    return token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
  }
}
