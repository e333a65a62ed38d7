package dev.satchel.benchmarks;

import dev.satchel.Decoded;
import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.SessionPolicy;
import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Satchel with its defaults, but for compression where a profile says none. */
final class SatchelCarrier implements Carrier<SessionState> {
  static final TokenContext CONTEXT = TokenContext.cookie("shop", "__Host-Http-shop");

  private final TokenCodec codec;

  SatchelCarrier(Profile profile, InstantSource clock) {
    SessionPolicy policy = SessionPolicy.defaults();
    this.codec =
        TokenCodec.builder(CONTEXT, KeySource.of(KeyRing.of(key(profile))))
            .policy(profile.compressed() ? policy : policy.withoutCompression())
            .clock(clock)
            .build();
  }

  private static SessionKey key(Profile profile) {
    return profile.algorithm().isAsymmetric()
        ? SessionKey.generate(Keys.ID, profile.algorithm())
        : SessionKey.ofSecret(Keys.ID, profile.algorithm(), Keys.secret());
  }

  @Override
  public SessionState create(Map<String, Object> attributes) {
    SessionState state = codec.create();
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      state = state.withAttribute(attribute.getKey(), attribute.getValue());
    }
    return state;
  }

  @Override
  public SessionState with(SessionState session, String name, Object value) {
    return session.withAttribute(name, value);
  }

  @Override
  public String encode(SessionState session) {
    return codec.encode(session);
  }

  @Override
  public SessionState decode(String token) {
    if (codec.decode(token) instanceof Decoded.Accepted accepted) {
      return accepted.state();
    }
    throw new IllegalArgumentException("token rejected");
  }

  @Override
  public Set<String> names(SessionState session) {
    return session.attributeNames();
  }

  @Override
  public Object attribute(SessionState session, String name) {
    return Objects.requireNonNull(session.attribute(name));
  }
}
