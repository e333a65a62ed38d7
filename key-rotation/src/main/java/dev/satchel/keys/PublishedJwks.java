package dev.satchel.keys;

import dev.satchel.SessionKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of a ring, ready to be served over HTTP to those who only verify: a JWK set (RFC
 * 7517 §5) with the fields it is sent with. Knows no HTTP server: {@code GET} sends {@link #body},
 * {@code HEAD} the fields alone, and 304 instead where {@link #isNotModified} says so.
 *
 * <p>Immutable and thread-safe. There is no way for a private part to get in: keys are written by
 * {@link SessionKey#toPublicJwk()}, which has none. All nodes that hold the same document publish
 * the same bytes under the same tag.
 */
public final class PublishedJwks {
  /** RFC 7517 §8.5.1. */
  public static final String CONTENT_TYPE = "application/jwk-set+json";

  private static final int TAG_LENGTH = 16; // 128 bits: no two sets ever share a tag

  private final byte[] body;
  private final String etag;
  private final Duration maxAge;
  private final Duration age;
  private final Duration lifetime;

  private PublishedJwks(byte[] body, Duration maxAge, Duration age, Duration refreshInterval) {
    this.body = body;
    this.maxAge = maxAge;
    this.age = age;
    // A node is never late by more than its refresh interval, unless something is wrong: then
    // nobody is to keep what it says.
    this.lifetime = maxAge.plus(age.compareTo(refreshInterval) < 0 ? age : refreshInterval);
    byte[] hash = Arrays.copyOf(sha256(body), TAG_LENGTH);
    this.etag = '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(hash) + '"';
  }

  /**
   * @param unread how long ago the node's last successful read began
   */
  static PublishedJwks of(Published published, Instant now, Duration unread) {
    Stream<SessionKey> keys =
        published.ring().keyIds().stream().flatMap(id -> published.ring().find(id).stream());
    return of(published.view().document(), keys, now, unread);
  }

  /** Of a document that was read just now. */
  static PublishedJwks of(RingDocument document, Instant now) {
    KeyTimeline timeline = new KeyTimeline(document);
    Stream<SessionKey> keys =
        document.keys().stream()
            .filter(key -> timeline.phase(key, now).verifies())
            .map(RingKey::material);
    return of(document, keys, now, Duration.ZERO);
  }

  private static PublishedJwks of(
      RingDocument document, Stream<SessionKey> verifying, Instant now, Duration unread) {
    StringJoiner keys = new StringJoiner(",", "{\"keys\":[", "]");
    // By id, not by who signs: that differs from node to node for a while.
    verifying
        .sorted(Comparator.comparing(SessionKey::id))
        .forEach(key -> key.toPublicJwk().ifPresent(keys::add));
    String set = keys + "," + RingMark.of(document).toMember() + "}";
    RotationPolicy policy = document.policy();
    Duration maxAge =
        KeyRingStatus.of(document, now)
            .nextChange()
            .map(change -> Duration.between(now, change))
            .filter(left -> left.compareTo(policy.refreshInterval()) < 0)
            .orElse(policy.refreshInterval());
    return new PublishedJwks(
        set.getBytes(StandardCharsets.UTF_8),
        Duration.ofSeconds(maxAge.toSeconds()),
        Duration.ofSeconds(unread.toSeconds()),
        Duration.ofSeconds(policy.refreshInterval().toSeconds()));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The JWK set as UTF-8 JSON, of {@link #CONTENT_TYPE}; a copy. */
  public byte[] body() {
    return body.clone();
  }

  /** The strong entity tag with its quotes (RFC 9110 §8.8.3), for {@code ETag}. */
  public String etag() {
    return etag;
  }

  /**
   * How long the set may be kept from now on without asking again: the ring's refresh interval,
   * less if the phase of a key changes before. Whole seconds.
   */
  public Duration maxAge() {
    return maxAge;
  }

  /**
   * How old the set is: the time since this node last read the ring. Whole seconds. To be sent as
   * {@code Age} (RFC 9111 §5.1), with 304 too: by it verifiers notice a publisher that is cut off
   * from its store, which goes on to serve keys that were revoked.
   */
  public Duration age() {
    return age;
  }

  /**
   * The value of {@code Cache-Control}: public, and {@link #maxAge} counted from {@link #age}, at
   * most a refresh interval more.
   */
  public String cacheControl() {
    return "public, max-age=" + lifetime.toSeconds();
  }

  /**
   * Whether to answer 304 instead of the set (RFC 9110 §13.1.2).
   *
   * @param ifNoneMatch the request's {@code If-None-Match}, several of them joined by commas; null
   *     for none
   */
  public boolean isNotModified(@Nullable String ifNoneMatch) {
    if (ifNoneMatch == null) {
      return false;
    }
    for (String tag : ifNoneMatch.split(",")) {
      String each = tag.strip();
      String opaque = each.startsWith("W/") ? each.substring(2) : each; // weak comparison
      if (each.equals("*") || opaque.equals(etag)) {
        return true;
      }
    }
    return false;
  }

  /** The tag and the age; no keys. */
  @Override
  public String toString() {
    return "PublishedJwks[" + etag + ", " + cacheControl() + "]";
  }
}
