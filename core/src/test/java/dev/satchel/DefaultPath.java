package dev.satchel;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a node with symmetric keys does all day; {@link ClassLoadingTest} runs it on its own. */
public final class DefaultPath {
  private DefaultPath() {}

  /** Reads the JWK it is given, then writes and reads one token. */
  public static void main(String[] args) {
    SessionKey key = SessionKey.fromJwk(args[0]);
    TokenCodec codec =
        TokenCodec.builder(TokenContext.cookie("shop", "s"), KeySource.of(KeyRing.of(key))).build();
    SessionState state =
        codec
            .create()
            .withSubject("alice")
            .withAttribute("cart", List.of(Map.of("pear", 2), UUID.randomUUID(), Instant.EPOCH))
            .withAttribute("text", "again and ".repeat(100));
    SessionState read = ((Decoded.Accepted) codec.decode(codec.encode(state))).state();
    codec.decode("x" + codec.encode(state));
    System.out.println("read " + read.attribute("cart").getClass().getSimpleName());
  }
}
