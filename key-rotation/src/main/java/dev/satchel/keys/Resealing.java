package dev.satchel.keys;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who opens the next document: the rules for changes that change nothing else. */
final class Resealing {
  private Resealing() {}

  /**
   * @return empty if that is the key already
   * @throws KeyRingException with {@link KeyRingException.Reason#POLICY} if the ring has
   *     recipients, and the key is none of them
   */
  static Optional<Seal> rewrapped(RingDocument document, KeyEncryptionKey to, SecureRandom random) {
    List<RecipientKey> before = document.seal().recipients();
    RecipientKey own = to.recipient().orElse(null);
    if (own == null) {
      KeyEncryptionKey used = document.seal().key();
      boolean same =
          before.isEmpty()
              && used != null
              && used.isSame(to)
              && isNewest(to.service().orElse(null), document.seal(), random);
      return same ? Optional.empty() : Optional.of(Seal.under(to, List.of()));
    }
    if (before.isEmpty()) {
      return Optional.of(Seal.under(to, List.of(own)));
    }
    if (!before.contains(own)) {
      throw policy(
          document,
          " has recipients, and key "
              + own.id()
              + " is none of them; add it with `satchel-keys recipients add`");
    }
    return Optional.empty();
  }

  /** Only the service knows its newest version, and tells by what it wraps with. */
  private static boolean isNewest(
      @Nullable KeyWrappingService service, Seal seal, SecureRandom random) {
    if (service == null) {
      return true;
    }
    byte[] probe = new byte[32]; // Random: what is known must not be lying around wrapped.
    random.nextBytes(probe);
    OptionalLong newest = service.version(service.wrap(probe, new byte[0]));
    return newest.isPresent()
        && newest.equals(
            ServiceSeal.wrapped(seal).map(service::version).orElse(OptionalLong.empty()));
  }

  /**
   * @return empty if all of them are recipients already
   */
  static Optional<Seal> withRecipients(RingDocument document, List<RecipientKey> further) {
    var after = new ArrayList<RecipientKey>(recipients(document));
    int before = after.size();
    further.stream().filter(key -> !after.contains(key)).distinct().toList().forEach(after::add);
    return after.size() == before ? Optional.empty() : Optional.of(sealed(document, after));
  }

  static Seal withoutRecipients(RingDocument document, Set<String> ids) {
    List<RecipientKey> before = recipients(document);
    if (!before.stream().map(RecipientKey::id).toList().containsAll(ids)) {
      throw policy(document, " has no such recipient; nothing was changed");
    }
    KeyEncryptionKey used = document.seal().key();
    if (used != null && used.recipient().map(own -> ids.contains(own.id())).orElse(false)) {
      throw policy(
          document,
          " was opened with the key of a recipient that is to be removed; do it with another's");
    }
    return sealed(document, before.stream().filter(key -> !ids.contains(key.id())).toList());
  }

  private static Seal sealed(RingDocument document, List<RecipientKey> after) {
    if (after.size() > RecipientSeal.MAX_RECIPIENTS) {
      throw policy(
          document,
          " would have "
              + after.size()
              + " recipients, allowed are "
              + RecipientSeal.MAX_RECIPIENTS);
    }
    KeyEncryptionKey used = document.seal().key();
    return used == null ? Seal.forRecipients(after) : Seal.under(used, after);
  }

  private static List<RecipientKey> recipients(RingDocument document) {
    List<RecipientKey> recipients = document.seal().recipients();
    if (recipients.isEmpty()) {
      throw policy(
          document,
          " has no recipients; move it to a private key first, with `satchel-keys rewrap --to"
              + " file:PRIVATE.jwk`");
    }
    return recipients;
  }

  private static KeyRingException policy(RingDocument document, String what) {
    return new KeyRingException(KeyRingException.Reason.POLICY, "ring " + document.name() + what);
  }
}
