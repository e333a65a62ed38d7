package dev.satchel.keys.redis;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.NodeReports;
import dev.satchel.keys.RevocationLog;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A ring under one key of Redis 6.2 or newer: a hash of {@code revision}, {@code document} and
 * {@code committed}, the server's time of the commit in milliseconds.
 *
 * <p>Redis answers before its replicas have a commit, and a server without persistence starts
 * empty: a ring can be set back or gone. The protocol heals both (PROTOCOL.md N1), {@code
 * satchel-keys doctor} warns of what leads there.
 */
public final class RedisKeyRingStore implements KeyRingStore {
  /** Beyond this a document is not a ring; as for files. */
  private static final int MAX_BYTES = MAX_DOCUMENT_BYTES;

  private final RedisLocation location;
  private final RedisLink link;

  /**
   * A store at this location, {@code redis://[[user]:password@]host[:port][/database]}, with the
   * parameters {@code key} (default {@code satchel:ring}) and {@code timeout} of an operation
   * (default {@code 5s}); {@code rediss:} is over TLS. Of a cluster any node will do. Connects when
   * first used.
   *
   * @throws IllegalArgumentException if the location is wrong: says what is allowed
   */
  public RedisKeyRingStore(URI location) {
    this(RedisLocation.of(location));
  }

  RedisKeyRingStore(RedisLocation location) {
    this.location = location;
    this.link = new RedisLink(location);
  }

  @Override
  public Optional<Stored> read() {
    List<@Nullable Object> answer = ask(RingScripts.READ, bytes(Integer.toString(MAX_BYTES)));
    if (!isThere(answer)) {
      return Optional.empty();
    }
    String committed = text(answer, 2);
    if (answer.size() != 4 || !(answer.get(3) instanceof byte[] document)) {
      throw foreign();
    }
    try {
      return Optional.of(
          new Stored(
              Long.parseLong(text(answer, 1)),
              document,
              Optional.of(Instant.ofEpochMilli(Long.parseLong(committed)))));
    } catch (NumberFormatException e) {
      throw foreign();
    }
  }

  @Override
  public OptionalLong probe() {
    List<@Nullable Object> answer = ask(RingScripts.PROBE);
    return isThere(answer)
        ? OptionalLong.of(Long.parseLong(text(answer, 1)))
        : OptionalLong.empty();
  }

  @Override
  public Commit compareAndSet(long expectedRevision, byte[] document) {
    if (document.length > MAX_BYTES) {
      throw new KeyRingException(
          KeyRingException.Reason.POLICY,
          this + ": a ring of " + document.length + " bytes, allowed is " + MAX_BYTES);
    }
    List<@Nullable Object> answer;
    try {
      answer =
          link.run(
              RingScripts.COMMIT,
              bytes(Long.toString(expectedRevision)),
              bytes(Long.toString(expectedRevision + 1)),
              document.clone());
    } catch (NoAnswerException e) {
      if (e.isNothingDone()) {
        throw unavailable(e);
      }
      return Commit.UNKNOWN;
    }
    return switch (text(answer, 0)) {
      case RingScripts.COMMITTED -> Commit.COMMITTED;
      case RingScripts.CONFLICT -> Commit.CONFLICT;
      default -> throw foreign();
    };
  }

  /** Of the server that has the ring. */
  @Override
  public Optional<Instant> time() {
    List<@Nullable Object> answer = ask(RingScripts.TIME);
    try {
      return Optional.of(
          Instant.ofEpochSecond(
              Long.parseLong(text(answer, 0)), Long.parseLong(text(answer, 1)) * 1_000));
    } catch (NumberFormatException e) {
      throw foreign();
    }
  }

  /**
   * In a hash beside the ring; empty for a key with braces that are no hash tag, as nothing else is
   * sure to be in its slot.
   */
  @Override
  public Optional<NodeReports> nodeReports() {
    String key = RedisNodeReports.keyBeside(location.key(), "nodes");
    return key == null ? Optional.empty() : Optional.of(new RedisNodeReports(link, location, key));
  }

  /** In two sorted sets beside the ring; empty where {@link #nodeReports} is. */
  @Override
  public Optional<RevocationLog> revocationLog() {
    String key = RedisNodeReports.keyBeside(location.key(), "revoked");
    return key == null
        ? Optional.empty()
        : Optional.of(new RedisRevocationLog(link, location, key));
  }

  @Override
  public List<String> findings() {
    try {
      return RedisFindings.of(link, location);
    } catch (NoAnswerException e) {
      throw unavailable(e);
    }
  }

  @Override
  public void close() {
    link.close();
  }

  private boolean isThere(List<@Nullable Object> answer) {
    return switch (text(answer, 0)) {
      case RingScripts.RING -> true;
      case RingScripts.ABSENT -> false;
      case RingScripts.REPLICA ->
          throw new KeyRingException(
              KeyRingException.Reason.UNAVAILABLE,
              this
                  + ": nothing there, but this is a replica, which may lack what its primary has;"
                  + " give the primary");
      case RingScripts.OVERSIZE ->
          throw new KeyRingException(
              KeyRingException.Reason.UNREADABLE,
              this + " has more than the allowed " + MAX_BYTES + " bytes");
      default -> throw foreign();
    };
  }

  private List<@Nullable Object> ask(String script, byte[]... arguments) {
    try {
      return link.run(script, arguments);
    } catch (NoAnswerException e) {
      throw unavailable(e);
    }
  }

  /** A member of an answer; empty if it is none. */
  private static String text(List<@Nullable Object> answer, int index) {
    return index < answer.size() && answer.get(index) instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.US_ASCII)
        : "";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private KeyRingException foreign() {
    return new KeyRingException(
        KeyRingException.Reason.UNREADABLE,
        this + " is not a ring; find out who put it there, and remove it or use another key");
  }

  private KeyRingException unavailable(NoAnswerException cause) {
    return new KeyRingException(
        KeyRingException.Reason.UNAVAILABLE, this + ": " + cause.getMessage());
  }

  /** Scheme, host, port, database and key. */
  @Override
  public String toString() {
    return location.toString();
  }
}
