package dev.satchel;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys in use at one moment: at most one that issues tokens, and those whose tokens are
 * accepted. Immutable and thread-safe. Phases, dates and rotation are the business of whoever makes
 * it.
 */
public final class KeyRing {
  private final @Nullable SessionKey issuing;
  private final @Nullable Instant latestExpiry;
  private final Map<String, SessionKey> keys;

  private KeyRing(Builder builder) {
    this.issuing = builder.issuing;
    this.latestExpiry = builder.latestExpiry;
    this.keys = Collections.unmodifiableMap(new LinkedHashMap<>(builder.keys));
  }

  /** A ring that issues with the first key and accepts tokens of all. */
  public static KeyRing of(SessionKey issuing, SessionKey... accepted) {
    Builder builder = builder().issuing(issuing);
    for (SessionKey key : accepted) {
      builder.accepting(key);
    }
    return builder.build();
  }

  /** A builder of a ring that has no keys yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** The key that new tokens are sealed with, if there is one. */
  public Optional<SessionKey> issuing() {
    return Optional.ofNullable(issuing);
  }

  /**
   * The latest expiry a new token may have, so that every node can still read it then; empty for no
   * bound.
   */
  public Optional<Instant> latestExpiry() {
    return Optional.ofNullable(latestExpiry);
  }

  @Nullable SessionKey issuingOrNull() {
    return issuing;
  }

  @Nullable Instant latestExpiryOrNull() {
    return latestExpiry;
  }

  /** The key of that id, compared exactly, if its tokens are accepted. */
  public Optional<SessionKey> find(String keyId) {
    return Optional.ofNullable(keys.get(keyId));
  }

  /** The ids of all accepted keys. Unmodifiable. */
  public Set<String> keyIds() {
    return keys.keySet();
  }

  /** Key ids only. */
  @Override
  public String toString() {
    return "KeyRing[issuing="
        + (issuing == null ? "none" : issuing.id())
        + ", keys="
        + keys.keySet()
        + "]";
  }

  /** Collects the keys of a ring. */
  public static final class Builder {
    private @Nullable SessionKey issuing;
    private @Nullable Instant latestExpiry;
    private final Map<String, SessionKey> keys = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Sets the key that issues; its tokens are accepted too.
     *
     * @throws IllegalArgumentException if the key cannot issue (public part only), or clashes as in
     *     {@link #accepting}
     * @throws IllegalStateException if there is one already
     */
    public Builder issuing(SessionKey key) {
      if (issuing != null) {
        throw new IllegalStateException("issuing key was already set to " + issuing.id());
      }
      if (!key.canIssue()) {
        throw new IllegalArgumentException(
            "key " + key.id() + " has no private part and cannot issue");
      }
      accepting(key);
      issuing = key;
      return this;
    }

    /** Sets the latest expiry of new tokens. */
    public Builder latestExpiry(Instant bound) {
      latestExpiry = Objects.requireNonNull(bound, "bound");
      return this;
    }

    /**
     * Adds a key whose tokens are accepted.
     *
     * @throws IllegalArgumentException if another key of this ring has the same id or the same
     *     material (RFC 8725 §3.1)
     * @throws IllegalStateException if the key was destroyed
     */
    public Builder accepting(SessionKey key) {
      key.requireUsable();
      for (SessionKey other : keys.values()) {
        if (other.id().equals(key.id())) {
          throw new IllegalArgumentException("two keys of a ring have the id " + key.id());
        }
        if (other.hasSameMaterial(key)) {
          throw new IllegalArgumentException(
              "keys " + other.id() + " and " + key.id() + " are the same key under two ids");
        }
      }
      keys.put(key.id(), key);
      return this;
    }

    /** The ring. */
    public KeyRing build() {
      return new KeyRing(this);
    }
  }
}
