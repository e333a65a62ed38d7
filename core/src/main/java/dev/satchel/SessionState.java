package dev.satchel;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session's data at one moment. Immutable and thread-safe; every change gives a new state. {@link
 * TokenCodec#create()} makes the first, {@link TokenCodec#decode} later ones.
 *
 * <p>Attributes are kept as the JSON they travelled in and parsed at each {@link #attribute} call,
 * so reading one of ten parses one, and what is not touched is carried on byte for byte, also where
 * its type is not registered on this node.
 */
public final class SessionState {
  /** Names are paid for in every request; the reader's bound lies above, whatever the encoding. */
  private static final int MAX_NAME_LENGTH = 256;

  /** Of a subject that was set since the state was last written, nobody said when. */
  private static final long NOT_SAID = -1;

  /** Null where it lies in the payload. */
  private final @Nullable String givenId;

  /**
   * What lies there, once somebody has asked: who only reads an attribute does not. Made twice by
   * two threads is no harm.
   */
  private @Nullable String readId;

  private final long createdAtMillis;
  private final long lastAccessedAtMillis;
  private final long expiresAtSecond;
  private final int maxInactiveSeconds;
  private final @Nullable String subject;

  /** Creation, where there is no subject. */
  private final long subjectSinceMillis;

  private final Attributes attributes;

  SessionState(
      @Nullable String id,
      long createdAtMillis,
      long lastAccessedAtMillis,
      long expiresAtSecond,
      int maxInactiveSeconds,
      @Nullable String subject,
      long subjectSinceMillis,
      Attributes attributes) {
    this.givenId = id;
    this.createdAtMillis = createdAtMillis;
    this.lastAccessedAtMillis = lastAccessedAtMillis;
    this.expiresAtSecond = expiresAtSecond;
    this.maxInactiveSeconds = maxInactiveSeconds;
    this.subject = subject;
    this.subjectSinceMillis = subjectSinceMillis;
    this.attributes = attributes;
  }

  /**
   * The session's id: 128 random bits in base64url, the token's {@code jti}. Not the token, and no
   * credential.
   */
  public String id() {
    if (givenId != null) {
      return givenId;
    }
    String known = readId;
    if (known == null) {
      known = attributes.id();
      readId = known;
    }
    return known;
  }

  /** When the session was created, to the millisecond; the token's {@code iat}. */
  public Instant createdAt() {
    return Instant.ofEpochMilli(createdAtMillis);
  }

  /** When the token was last written, to the millisecond; for a new session its creation. */
  public Instant lastAccessedAt() {
    return Instant.ofEpochMilli(lastAccessedAtMillis);
  }

  /** When the session ends however busy it is, to the second; the token's {@code exp}. */
  public Instant expiresAt() {
    return Instant.ofEpochSecond(expiresAtSecond);
  }

  /** How long the session may be idle, in whole seconds; zero for ever. */
  public Duration maxInactiveInterval() {
    return Duration.ofSeconds(maxInactiveSeconds);
  }

  /** Whose session it is, if somebody signed in; the token's {@code sub}. */
  public Optional<String> subject() {
    return Optional.ofNullable(subject);
  }

  /**
   * Since when the session is its {@linkplain #subject() subject's}, to the millisecond: what
   * {@link SessionRevocations#revokeSubject} judges it by. The token's {@code auth_time}, or
   * creation where that is missing, for a session of nobody, and for a subject that was set without
   * saying when until the state is written. A new id keeps it, and so does setting the subject that
   * there is.
   */
  public Instant subjectSince() {
    return Instant.ofEpochMilli(subjectSinceMillis());
  }

  /** The attributes' names, in the order they were set. Unmodifiable. */
  public Set<String> attributeNames() {
    return Collections.unmodifiableSet(attributes.asMap().keySet());
  }

  /**
   * The attribute's value, parsed anew at each call, or null where there is none.
   *
   * @throws AttributeException if the stored form cannot be read: an alias that is not registered
   *     here, or a type that changed
   */
  public @Nullable Object attribute(String name) {
    return attributes.read(Objects.requireNonNull(name, "name"));
  }

  /**
   * The attribute's value as {@link #attribute(String)} gives it, cast to its type.
   *
   * @throws AttributeException as there, or if the value is of another type
   */
  public <T> @Nullable T attribute(String name, Class<T> type) {
    Object value = attribute(name);
    if (value != null && !type.isInstance(value)) {
      throw new AttributeException(
          "the attribute is a " + value.getClass().getName() + ", wanted is a " + type.getName());
    }
    return type.cast(value);
  }

  /** Bytes of the attribute's serialized form before compression; 0 where there is none. */
  public int attributeSize(String name) {
    return attributes.valueLength(Objects.requireNonNull(name, "name"));
  }

  /**
   * This state with the attribute set. Returns <em>this instance</em> where the value's serialized
   * form is the one already stored, which is how a caller finds a value that was changed in place.
   *
   * @throws AttributeException if the value's type, or that of a value inside it, is not registered
   * @throws IllegalArgumentException if the name has more than 256 characters, or half a surrogate
   *     pair
   */
  public SessionState withAttribute(String name, Object value) {
    Objects.requireNonNull(name, "name");
    if (name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "attribute name has " + name.length() + " characters, allowed are " + MAX_NAME_LENGTH);
    }
    if (!StrictJson.isWellFormed(name)) {
      throw new IllegalArgumentException("attribute name has half of a surrogate pair");
    }
    JsonSlice json = attributes.types().write(Objects.requireNonNull(value, "value"));
    Attributes changed = attributes.with(name, json);
    return changed == null ? this : withAttributes(changed);
  }

  /** This state without the attribute; this instance where there is none. */
  public SessionState withoutAttribute(String name) {
    if (!attributes.has(Objects.requireNonNull(name, "name"))) {
      return this;
    }
    return withAttributes(attributes.without(name));
  }

  /**
   * This state with another inactive interval, in whole seconds, at least one. Zero or less means
   * that it never expires idle.
   *
   * @throws IllegalArgumentException if longer than {@link Integer#MAX_VALUE} seconds, the range of
   *     {@code HttpSession}
   */
  public SessionState withMaxInactiveInterval(Duration interval) {
    if (interval.toSeconds() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "maxInactiveInterval is "
              + interval
              + ", allowed is at most "
              + Integer.MAX_VALUE
              + " s");
    }
    boolean partial = interval.toSeconds() == 0 && !interval.isNegative() && !interval.isZero();
    int whole = partial ? 1 : (int) Math.max(0, interval.toSeconds());
    return whole == maxInactiveSeconds
        ? this
        : new SessionState(
            givenId,
            createdAtMillis,
            lastAccessedAtMillis,
            expiresAtSecond,
            whole,
            subject,
            subjectSinceMillis,
            attributes);
  }

  /**
   * This state with a subject, which is new from the moment on at which the state is written
   * ({@link #subjectSince()}); this instance where it is the subject already. Renew the session's
   * id in the same step ({@link TokenCodec#renewId}), or a session fixed before the sign-in stays
   * valid.
   *
   * @throws IllegalArgumentException if the subject is empty
   */
  public SessionState withSubject(String newSubject) {
    return withSubject(newSubject, NOT_SAID);
  }

  /**
   * As {@link #withSubject(String)}, for who keeps the state for longer than until it is written.
   *
   * @param since when whose session it is was found out; before its creation it counts as that
   * @throws IllegalArgumentException if the subject is empty
   */
  public SessionState withSubject(String newSubject, Instant since) {
    return withSubject(newSubject, Math.max(createdAtMillis, since.toEpochMilli()));
  }

  private SessionState withSubject(String newSubject, long since) {
    if (newSubject.isEmpty()) {
      throw new IllegalArgumentException(
          "subject is empty; use withoutSubject() for a session of nobody");
    }
    return newSubject.equals(subject) ? this : withNullableSubject(newSubject, since);
  }

  /** This state without a subject. */
  public SessionState withoutSubject() {
    return subject == null ? this : withNullableSubject(null, createdAtMillis);
  }

  /**
   * This state with the attributes, the subject and the inactive interval of another one, which is
   * how changes are undone without undoing a new id. Attributes keep the types of the codec that
   * made the other state.
   */
  public SessionState withContentOf(SessionState other) {
    return new SessionState(
        id(), // the other's attributes lie in another payload
        createdAtMillis,
        lastAccessedAtMillis,
        expiresAtSecond,
        other.maxInactiveSeconds,
        other.subject,
        other.subject == null ? createdAtMillis : other.subjectSinceMillis,
        other.attributes);
  }

  private SessionState withNullableSubject(@Nullable String newSubject, long since) {
    return new SessionState(
        givenId,
        createdAtMillis,
        lastAccessedAtMillis,
        expiresAtSecond,
        maxInactiveSeconds,
        newSubject,
        since,
        attributes);
  }

  private SessionState withAttributes(Attributes changed) {
    return new SessionState(
        givenId,
        createdAtMillis,
        lastAccessedAtMillis,
        expiresAtSecond,
        maxInactiveSeconds,
        subject,
        subjectSinceMillis,
        changed);
  }

  SessionState withId(String newId) {
    return new SessionState(
        newId,
        createdAtMillis,
        lastAccessedAtMillis,
        expiresAtSecond,
        maxInactiveSeconds,
        subject,
        subjectSinceMillis,
        attributes);
  }

  SessionState written(long lastAccessMillis, long expirySecond) {
    return new SessionState(
        givenId,
        createdAtMillis,
        lastAccessMillis,
        expirySecond,
        maxInactiveSeconds,
        subject,
        // A clock may have been set back since: no subject is newer than the last access.
        subjectSinceMillis == NOT_SAID
            ? lastAccessMillis
            : Math.min(subjectSinceMillis, lastAccessMillis),
        attributes);
  }

  long createdAtMillis() {
    return createdAtMillis;
  }

  long lastAccessedAtMillis() {
    return lastAccessedAtMillis;
  }

  long expiresAtSecond() {
    return expiresAtSecond;
  }

  long subjectSinceMillis() {
    return subjectSinceMillis == NOT_SAID ? createdAtMillis : subjectSinceMillis;
  }

  int maxInactiveSeconds() {
    return maxInactiveSeconds;
  }

  Map<String, JsonSlice> attributes() {
    return attributes.asMap();
  }

  /** The same, for who writes it. */
  Attributes content() {
    return attributes;
  }

  @Nullable String subjectOrNull() {
    return subject;
  }

  /** Times and sizes only: neither the id nor a name nor a value. */
  @Override
  public String toString() {
    return "SessionState[createdAt="
        + createdAt()
        + ", expiresAt="
        + expiresAt()
        + ", attributes="
        + attributes.size()
        + "]";
  }
}
