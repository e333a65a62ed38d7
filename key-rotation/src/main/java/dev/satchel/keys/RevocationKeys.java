package dev.satchel.keys;

import dev.satchel.keys.Revocation.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What makes revocations those of a ring: keys derived from its lineage key, which is as old as the
 * ring and outlives every rotation. Under one of them records are authenticated, so that the store
 * can lose one but make none; under the other subjects are hashed, so that the store does not learn
 * who signs out, nor can find out by trying names. Thread-safe.
 *
 * <p>A record is a version byte; up to {@link #MAX_ENTRIES} entries of a kind byte, 16 bytes of
 * whom and 8 bytes of when, big-endian; and the first 128 bits of HMAC-SHA256 of all that.
 */
final class RevocationKeys {
  /** With version and tag below {@link RevocationLog#MAX_BYTES}. */
  static final int MAX_ENTRIES = 256;

  private static final String HMAC = "HmacSHA256";
  private static final byte VERSION = 1;
  private static final int ENTRY_BYTES = 1 + 2 * Long.BYTES + Long.BYTES;
  private static final int TAG_BYTES = 16;

  /** The most that a session policy lets a token outlive its session (SessionPolicy). */
  static final Duration MAX_SKEW = Duration.ofMinutes(5);

  private final Mac records;
  private final Mac subjects;

  RevocationKeys(byte[] lineageKey) {
    records = prototype(derived(lineageKey, "satchel revocation records"));
    subjects = prototype(derived(lineageKey, "satchel revoked subjects"));
  }

  /** As {@link Lineage} and {@link KeyId}: an HMAC of a text of its own under the lineage key. */
  private static byte[] derived(byte[] lineageKey, String purpose) {
    return prototype(lineageKey).doFinal(purpose.getBytes(StandardCharsets.US_ASCII));
  }

  private static Mac prototype(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      fresh(mac); // A provider whose cannot be cloned is to fail the start, not requests.
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  /** Cloned rather than shared: a Mac has state, and a lock has no place on the request path. */
  private static Mac fresh(Mac prototype) {
    try {
      return (Mac) prototype.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(
          "the "
              + HMAC
              + " of security provider "
              + prototype.getProvider().getName()
              + " cannot be cloned, which revocations need; put another provider before it",
          e);
    }
  }

  /** The subject's keyed hash; its first 128 bits count. */
  byte[] hash(String subject) {
    return fresh(subjects).doFinal(subject.getBytes(StandardCharsets.UTF_8));
  }

  Revocation ofSubject(String subject, long beforeMillis) {
    ByteBuffer hash = ByteBuffer.wrap(hash(subject));
    return Revocation.ofSubject(hash.getLong(), hash.getLong(), beforeMillis);
  }

  /**
   * @param entries 1 to {@link #MAX_ENTRIES}
   */
  byte[] record(List<Revocation> entries) {
    ByteBuffer buffer = ByteBuffer.allocate(1 + entries.size() * ENTRY_BYTES + TAG_BYTES);
    buffer.put(VERSION);
    for (Revocation entry : entries) {
      buffer
          .put((byte) entry.kind().ordinal())
          .putLong(entry.high())
          .putLong(entry.low())
          .putLong(entry.when());
    }
    buffer.put(tag(buffer.array(), buffer.position()), 0, TAG_BYTES);
    return buffer.array();
  }

  /** What a record says; null for one that nobody with this ring has made. */
  @Nullable List<Revocation> read(byte[] record) {
    int body = record.length - TAG_BYTES;
    int entries = (body - 1) / ENTRY_BYTES;
    if (body < 1 + ENTRY_BYTES
        || (body - 1) % ENTRY_BYTES != 0
        || entries > MAX_ENTRIES
        || !MessageDigest.isEqual(
            Arrays.copyOf(tag(record, body), TAG_BYTES),
            Arrays.copyOfRange(record, body, record.length))) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(record, 0, body);
    if (buffer.get() != VERSION) {
      return null; // of a later release
    }
    var read = new ArrayList<Revocation>(entries);
    try {
      for (int i = 0; i < entries; i++) {
        Kind kind = kind(buffer.get());
        read.add(new Revocation(kind, buffer.getLong(), buffer.getLong(), buffer.getLong()));
      }
    } catch (IllegalArgumentException e) {
      return null;
    }
    return read;
  }

  private static Kind kind(byte code) {
    Kind[] kinds = Kind.values();
    if (code < 0 || code >= kinds.length) {
      throw new IllegalArgumentException("no kind of a revocation");
    }
    return kinds[code];
  }

  private byte[] tag(byte[] record, int length) {
    Mac mac = fresh(records);
    mac.update(record, 0, length);
    return mac.doFinal();
  }

  /** No key. */
  @Override
  public String toString() {
    return "RevocationKeys";
  }
}
