package dev.satchel;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@link SessionState} into a token and back. Immutable after building and thread-safe;
 * build one per application and transport.
 *
 * <p>{@link #decode} never throws, for any string; {@link #encode} throws only for what the
 * application can mend. The token is specified in {@code core/FORMAT.md}; the steps of reading are
 * numbered as in its §7.
 */
public final class TokenCodec {
  /**
   * No token longer than this is looked at, nor made: 16 KiB in characters, twice what most servers
   * allow for all headers.
   */
  public static final int MAX_TOKEN_LENGTH = 16 * 1024;

  private static final int ID_LENGTH = 16; // 128 bits, ASVS 7.2.3

  private final TokenContext context;
  private final KeySource keySource;
  private final SessionPolicy policy;
  private final AttributeTypes types;
  private final RevocationCheck revocation;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Claims claims;

  /** The working keys of the ring seen last; replaced, never changed, when the ring is another. */
  private volatile @Nullable WorkingKeys workingKeys;

  private final Spares<Segments> spares = new Spares<>();
  private final Spares<BoundedInflate> inflaters = new Spares<>();
  private final Spares<Deflater> deflaters = new Spares<>();

  private TokenCodec(Builder builder) {
    this.context = builder.context;
    this.keySource = builder.keySource;
    this.policy = builder.policy;
    this.types = builder.types;
    this.revocation = builder.revocation();
    this.clock = builder.clock;
    this.random = builder.random;
    this.claims = new Claims(context, types);
  }

  /** A codec for this context with these keys, and defaults for the rest. */
  public static Builder builder(TokenContext context, KeySource keySource) {
    return new Builder(context, keySource);
  }

  /** A new, empty session that starts now. */
  public SessionState create() {
    Instant now = clock.instant();
    return new SessionState(
        newId(),
        now.toEpochMilli(),
        now.toEpochMilli(),
        now.plus(policy.absoluteLifetime()).getEpochSecond(),
        (int) policy.idleTimeout().toSeconds(),
        null,
        now.toEpochMilli(),
        Attributes.none(types));
  }

  /**
   * The same session under a new random id; do so whenever somebody signs in or gains rights. Its
   * lifetime is not renewed.
   */
  public SessionState renewId(SessionState state) {
    return state.withId(newId());
  }

  /** {@link #encode(SessionState, int)} with {@link #MAX_TOKEN_LENGTH}. */
  public String encode(SessionState state) {
    return encode(state, MAX_TOKEN_LENGTH);
  }

  /**
   * Writes the session as a token under the key that issues now. Counts as an access: the token
   * says it was accessed at this moment.
   *
   * @param maxLength characters the token may have, at most {@link #MAX_TOKEN_LENGTH}
   * @throws SessionTooLargeException if it does not fit
   * @throws NoUsableKeyException if no key may issue
   */
  public String encode(SessionState state, int maxLength) {
    if (maxLength < 1 || maxLength > MAX_TOKEN_LENGTH) {
      throw new IllegalArgumentException(
          "maxLength is " + maxLength + ", allowed is 1 to " + MAX_TOKEN_LENGTH);
    }
    Instant now = clock.instant();
    // The ring names the key.
    KeyRing ring = keySource.current();
    SessionKey key =
        ring.issuing()
            .orElseThrow(
                () ->
                    new NoUsableKeyException(
                        "no key may issue tokens for " + context + " now: " + ring));
    Instant end = ring.latestExpiryOrNull();
    if (end != null && !now.isBefore(end)) {
      // Every node would refuse the token: better to say so than to sign the user out.
      throw new NoUsableKeyException(
          "no token for " + context + " may outlive this moment: " + ring);
    }
    SessionState written = Lifetimes.written(state, now, policy, ring);
    WorkingKey workingKey = workingKeys(ring).issuing(key, now);
    Payload payload = Payload.of(written, claims, policy, key.algorithm(), deflaters, maxLength);
    String token = workingKey.format().seal(payload, workingKey, random);
    if (token.length() > maxLength) {
      throw new SessionTooLargeException(token.length(), maxLength, Claims.largest(written));
    }
    return token;
  }

  /**
   * Reads a token. Never throws: whatever the string, the answer is a value. One key and one
   * attempt per token, however large the ring.
   *
   * @param token as it came from the client; null counts as malformed
   */
  public Decoded decode(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      return new Decoded.Rejected(Rejection.MALFORMED, null);
    }
    // 1. The length, before anything is looked at.
    if (token.length() > MAX_TOKEN_LENGTH) {
      return new Decoded.Rejected(Rejection.TOO_LONG, null);
    }
    Segments spare = spares.take();
    Segments segments = spare == null ? new Segments() : spare;
    Decoded decoded = decode(token, segments);
    spares.give(segments); // not after an Error, which may have left it between two states
    return decoded;
  }

  private Decoded decode(String token, Segments segments) {
    String keyId = null;
    try {
      long now = clock.millis();
      // 2. The header, compared with those that this node mints: yields the key.
      KeyRing ring = keySource.current();
      WorkingKeys keys = workingKeys(ring);
      PinnedHeader header = keys.forToken(token, now, policy, keySource);
      SessionKey key = header.key().key();
      keyId = key.id();
      // 3. Segments; 4. open or verify.
      byte[] payload = header.key().format().open(token, header, segments);
      keys.remember(header);
      // 5. Inflate, read the claims.
      SessionState state =
          claims.read(
              header.compressed() ? BoundedInflate.inflate(payload, inflaters) : payload,
              key.algorithm().isAsymmetric(),
              segments.values());
      // 6. Lifetimes.
      Rejection outlived = Lifetimes.check(state, now, policy);
      if (outlived != null) {
        return new Decoded.Rejected(outlived, keyId, null, state);
      }
      // 7. Revocation; and whether it is time for a new token.
      if (revocation.isRevoked(state)) {
        throw new RejectedTokenException(Rejection.REVOKED);
      }
      SessionKey issuing = ring.issuingOrNull();
      boolean isIssuing = issuing == null || issuing == key;
      return new Decoded.Accepted(
          state, keyId, !isIssuing || Lifetimes.isRefreshDue(state, now, policy));
    } catch (RejectedTokenException e) {
      return new Decoded.Rejected(e.reason(), keyId, e.failure(), null);
    } catch (RuntimeException e) {
      // A revocation check, a key source or a clock that breaks its contract. Never accepted, and
      // never the client's fault: the request must not end in an exception because of its cookie.
      return new Decoded.Rejected(Rejection.UNVERIFIABLE, keyId, e, null);
    }
  }

  /**
   * From when on no token of this session is accepted, however often it is renewed: for how long a
   * revocation of it has to be remembered. Later than {@link SessionState#expiresAt()} by the clock
   * skew at least, and by more where that was cut to the end of a key.
   */
  public Instant endOf(SessionState state) {
    Instant end = state.createdAt().plus(policy.absoluteLifetime());
    return (end.isBefore(state.expiresAt()) ? state.expiresAt() : end).plus(policy.clockSkew());
  }

  /**
   * Whether {@link #decode} would answer {@link Rejection#KEY_NOT_YET_KNOWN}: costs a look at the
   * header and no cryptography. Lets a server answer 503 before the application has run. Never
   * throws.
   */
  public boolean awaitsKey(String token) {
    if (token.isEmpty() || token.length() > MAX_TOKEN_LENGTH) {
      return false;
    }
    try {
      KeyRing ring = keySource.current();
      workingKeys(ring).forToken(token, clock.millis(), policy, keySource);
      return false;
    } catch (RejectedTokenException e) {
      return e.reason() == Rejection.KEY_NOT_YET_KNOWN;
    } catch (RuntimeException e) {
      return false; // decode will say UNVERIFIABLE
    }
  }

  private WorkingKeys workingKeys(KeyRing ring) {
    WorkingKeys known = workingKeys;
    if (known == null || known.ring() != ring) {
      known = new WorkingKeys(ring, context);
      workingKeys = known;
    }
    return known;
  }

  private String newId() {
    byte[] fresh = new byte[ID_LENGTH];
    random.nextBytes(fresh);
    // The clock is mixed in for processes restored from one snapshot: they draw the same bytes, and
    // one id for two users would let the revocation of one hit the other.
    Instant now = clock.instant();
    byte[] moment =
        (now.getEpochSecond() + "." + now.getNano()).getBytes(StandardCharsets.US_ASCII);
    return Base64Url.encode(KeyDerivation.hkdfSha256(fresh, moment, new byte[0], ID_LENGTH));
  }

  /** The context and the policy; no key. */
  @Override
  public String toString() {
    return "TokenCodec[context=" + context + ", policy=" + policy + "]";
  }

  /** Collects what a codec works with. Not thread-safe. */
  public static final class Builder {
    private final TokenContext context;
    private final KeySource keySource;
    private SessionPolicy policy = SessionPolicy.defaults();
    private AttributeTypes types = AttributeTypes.builtIn();
    private @Nullable RevocationCheck revocation;
    private InstantSource clock = InstantSource.system();
    private SecureRandom random = new SecureRandom();

    private Builder(TokenContext context, KeySource keySource) {
      this.context = Objects.requireNonNull(context, "context");
      this.keySource = Objects.requireNonNull(keySource, "keySource");
    }

    /** The rules of a session's life and form; default {@link SessionPolicy#defaults()}. */
    public Builder policy(SessionPolicy newPolicy) {
      policy = Objects.requireNonNull(newPolicy, "policy");
      return this;
    }

    /** The types attributes may have; default {@link AttributeTypes#builtIn()}. */
    public Builder attributeTypes(AttributeTypes newTypes) {
      types = Objects.requireNonNull(newTypes, "attributeTypes");
      return this;
    }

    /**
     * Asked for every accepted token; default the {@linkplain KeySource#revocations() revocations}
     * of the key source, or else {@link RevocationCheck#none()}.
     */
    public Builder revocationCheck(RevocationCheck check) {
      revocation = Objects.requireNonNull(check, "revocationCheck");
      return this;
    }

    /** The clock; default the system's. Nothing else here reads a clock. */
    public Builder clock(InstantSource source) {
      clock = Objects.requireNonNull(source, "clock");
      return this;
    }

    /** The source of ids and initialization vectors; default a new {@link SecureRandom}. */
    public Builder random(SecureRandom source) {
      random = Objects.requireNonNull(source, "random");
      return this;
    }

    /**
     * The codec.
     *
     * @throws IllegalArgumentException if sessions may live longer than the key source's
     *     revocations do
     */
    public TokenCodec build() {
      return new TokenCodec(this);
    }

    private RevocationCheck revocation() {
      if (revocation != null) {
        return revocation;
      }
      SessionRevocations shared = keySource.revocations().orElse(null);
      if (shared == null) {
        return RevocationCheck.none();
      }
      if (policy.absoluteLifetime().compareTo(shared.longestLifetime()) > 0) {
        throw new IllegalArgumentException(
            "absoluteLifetime of sessions is "
                + policy.absoluteLifetime()
                + ", allowed with the revocations of "
                + keySource
                + " is at most "
                + shared.longestLifetime()
                + ": longer ones would outlive a sign-out");
      }
      return shared;
    }
  }
}
