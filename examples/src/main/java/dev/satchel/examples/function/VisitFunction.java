package dev.satchel.examples.function;

import dev.satchel.Decoded;
import dev.satchel.KeySource;
import dev.satchel.Rejection;
import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStoreProvider;
import dev.satchel.keys.RotatingKeySource;
import dev.satchel.keys.RotatingKeySource.Role;
import java.net.URI;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The function: counts a caller's visits. An instance lives for one invocation, so whatever it is
 * to remember has to travel; the caller brings it in a header and takes it back in one.
 */
final class VisitFunction implements AutoCloseable {
  static final String HEADER = "X-Session";

  /** The environment variables that name the ring and the key it is sealed under. */
  static final String RING = "SESSION_RING";

  static final String KEK = "SESSION_KEK";

  private final KeySource keys;
  private final TokenCodec codec;

  /** A cold start: one read of the ring, from a directory that is mounted read-only. */
  VisitFunction(Map<String, String> environment) {
    KeyRingStore store =
        KeyRingStoreProvider.openStore(
            URI.create(setting(environment, RING)), InstantSource.system());
    KeyEncryptionKey kek = KeyEncryptionKey.of(setting(environment, KEK), environment::get);
    keys = RotatingKeySource.builder(store, kek).role(Role.READER).build();
    codec = TokenCodec.builder(TokenContext.header("visits", HEADER), keys).build();
  }

  private static String setting(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .orElseThrow(() -> new IllegalStateException(name + " is not set"));
  }

  Result handle(Invocation invocation) {
    Decoded decoded = codec.decode(invocation.header(HEADER).orElse(""));
    if (decoded instanceof Decoded.Rejected rejected
        && rejected.reason() == Rejection.KEY_NOT_YET_KNOWN) {
      // The token may be good, only this mount is behind: the caller keeps it and comes back.
      return new Result(503, Map.of("Retry-After", "1"), "Try again in a second.");
    }
    // Every other rejection comes to the same: no session, so a new one.
    SessionState state =
        decoded instanceof Decoded.Accepted accepted ? accepted.state() : codec.create();
    int visits = state.attribute("visits") instanceof Integer before ? before + 1 : 1;
    String token = codec.encode(state.withAttribute("visits", visits));
    return new Result(200, Map.of(HEADER, token), "visit " + visits);
  }

  @Override
  public void close() {
    keys.close();
  }

  /** What the platform hands in. Header names are in lower case. */
  record Invocation(Map<String, String> headers) {
    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
  }

  /** What the platform gets back. */
  record Result(int status, Map<String, String> headers, String body) {}
}
