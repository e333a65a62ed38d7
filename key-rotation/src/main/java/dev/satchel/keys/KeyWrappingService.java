package dev.satchel.keys;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * A key that never leaves where it is, such as in Vault or a KMS, and wraps other keys there: for
 * {@link KeyEncryptionKey#ofService}. Implementations are thread-safe, bound what they wait for and
 * read, and put neither keys nor wrapped keys into messages.
 *
 * <p>All methods throw {@link KeyRingException}: with {@link KeyRingException.Reason#UNAVAILABLE}
 * if the service does not answer, or refuses whoever asks; with {@link
 * KeyRingException.Reason#UNREADABLE} if it answers that this is not a key it wrapped.
 */
public interface KeyWrappingService {

  /** What kind of service it is, such as {@code vault}; stands in the status of a ring. */
  String kind();

  /**
   * Which of its keys this is: it stands in documents as {@code kid}, so it is the same for all
   * nodes and as long as the key is. 1 to 256 visible ASCII characters.
   */
  String keyName();

  /**
   * Wraps a key with the newest version of this one.
   *
   * @param key 32 bytes, not kept
   * @param associatedData what has to be given again to unwrap it
   * @return 1 to 1,024 visible ASCII characters
   */
  String wrap(byte[] key, byte[] associatedData);

  /**
   * Unwraps a key.
   *
   * @param wrapped of the length that {@link #wrap} may have, but not yet authenticated
   */
  byte[] unwrap(String wrapped, byte[] associatedData);

  /** The version of the key that wrapped this, without asking the service; empty if unknown. */
  default OptionalLong version(String wrapped) {
    return OptionalLong.empty();
  }

  /**
   * What somebody should mend about the key: its age, an old version in use, loose rights. Each
   * says what to do. What cannot be found out is no finding.
   *
   * @param wrapped a data key of the ring in question
   */
  default List<String> findings(String wrapped, Instant now) {
    return List.of();
  }
}
