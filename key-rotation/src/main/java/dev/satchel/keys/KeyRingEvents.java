package dev.satchel.keys;

import dev.satchel.KeySource.Absence;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a node's key ring, for metrics and logs. All methods do nothing by default. No
 * method ever gets a key, a document or a byte chosen by a client.
 *
 * <p>Implementations are thread-safe and return quickly. All but {@link #unknownKey} are called by
 * the two threads that read the ring and what was revoked, which do nothing else meanwhile. What an
 * implementation throws is logged as a warning, once for each of its classes and methods, and stops
 * nothing.
 */
public interface KeyRingEvents {

  /**
   * The store was read. Not told of probes, which ask for the revision alone.
   *
   * @param epoch of the ring that the node holds by now
   * @param took how long the store and the unsealing took
   */
  default void read(long epoch, Duration took) {}

  /**
   * The ring could not be read, probed, rotated or healed, or revocations not be shared; the node
   * goes on with what it has and tries again.
   *
   * @param reason {@link KeyRingException.Reason#UNAVAILABLE} also for what is no {@link
   *     KeyRingException}
   */
  default void failed(KeyRingException.Reason reason) {}

  /**
   * A key is in another phase. Told when the node next looks, up to a probe interval later; of what
   * it finds with its first read nothing is told.
   *
   * @param keyId the key
   * @param from its phase when the node looked before; null for a key that is new to it
   * @param to its phase now
   */
  default void phaseChanged(String keyId, @Nullable KeyPhase from, KeyPhase to) {}

  /** Something is wrong with the ring, or the sharing of revocations, since now. */
  default void alarmRaised(KeyRingAlarm alarm) {}

  /** That is over. */
  default void alarmCleared(KeyRingAlarm alarm) {}

  /**
   * A token named a key that the ring lacks. Called on the request path, by any thread, as often as
   * clients like: no I/O, no lock, no logging.
   *
   * @param absence what that means: {@link Absence#UNKNOWN} is forged as a rule
   */
  default void unknownKey(Absence absence) {}
}
