package dev.satchel.keys;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one document is sealed. It goes from a document to its successors, so that only a rewrap
 * changes it: nodes that hold several keys, in whatever order, do not reseal a ring by the way.
 */
final class Seal {
  /** Of a document that was never sealed, or that says who may open it and no more. */
  static final Seal UNDECIDED = new Seal(null, null, List.of());

  private final @Nullable KeyEncryptionKey key;
  private final @Nullable Derived derived;
  private final List<RecipientKey> recipients;

  private Seal(
      @Nullable KeyEncryptionKey key, @Nullable Derived derived, List<RecipientKey> recipients) {
    this.key = key;
    this.derived = derived;
    this.recipients = List.copyOf(recipients);
  }

  /** For those who hold one of these keys; part of the content. Empty: for those with the key. */
  static Seal forRecipients(List<RecipientKey> recipients) {
    return new Seal(null, null, recipients);
  }

  static Seal under(KeyEncryptionKey key, List<RecipientKey> recipients) {
    return new Seal(key, null, recipients);
  }

  Seal openedWith(KeyEncryptionKey opener, @Nullable Derived opening) {
    return new Seal(opener, opening, recipients);
  }

  /**
   * This seal for those alone who are recipients of the earlier one too, if both have any. As it is
   * where that leaves nobody, or not the key that opened it: a key took over from another in
   * between, and whoever seals must be able to open.
   */
  Seal withRecipientsOf(Seal earlier) {
    if (recipients.isEmpty() || earlier.recipients.isEmpty()) {
      return this;
    }
    List<RecipientKey> both = recipients.stream().filter(earlier.recipients::contains).toList();
    RecipientKey own = key == null ? null : key.recipient().orElse(null);
    boolean ofNoUse = both.isEmpty() || (own != null && !both.contains(own));
    return ofNoUse ? this : new Seal(key, derived, both);
  }

  /** One of those configured here; null if nothing says which. */
  @Nullable KeyEncryptionKey key() {
    return key;
  }

  /** What was worked out of the key for this document; null to work it out anew. */
  @Nullable Derived derived() {
    return derived;
  }

  /**
   * Whether somebody who cannot open such a document can make one: with public keys, or with the
   * right to wrap and not to unwrap. Its lineage has to be known then.
   */
  boolean isForgeable() {
    return !recipients.isEmpty() || (key != null && key.service().isPresent());
  }

  List<RecipientKey> recipients() {
    return recipients;
  }

  /** A key that does not stand anywhere itself, and the header member that leads to it. */
  static final class Derived {
    private final String member;
    private final Map<String, Object> header;
    private final byte[] key;

    Derived(String member, Map<String, Object> header, byte[] key) {
      this.member = member;
      this.header = Collections.unmodifiableMap(new LinkedHashMap<>(header)); // In its order.
      this.key = key;
    }

    String member() {
      return member;
    }

    Map<String, Object> header() {
      return header;
    }

    byte[] key() {
      return key;
    }
  }
}
