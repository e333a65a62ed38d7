package dev.satchel.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A ring at rest: a compact JWE of a JWK set (RFC 7517 §7) with {@code A256KW} and {@code A256GCM},
 * or the JSON form of one for {@linkplain RecipientSeal several recipients}, with a {@link
 * RingHeader}.
 *
 * <p>Opens with any of the keys configured. Seals as the document before was sealed, a new ring
 * under the first key.
 */
final class SealedRing {
  /** Base64url of the largest document, and its headers. */
  static final int MAX_BYTES = 2 * RingJson.MAX_BYTES;

  private final List<KeyEncryptionKey> keys;
  private final SecureRandom random;

  /** What was worked out for the document opened last: half a second and 64 MiB each. */
  private volatile @Nullable Worked worked;

  SealedRing(KeyEncryptionKey kek, SecureRandom random) {
    this.keys = Objects.requireNonNull(kek, "kek").alternatives();
    this.random = random;
  }

  /** The document with the seal of a new ring: under the first key, for its owner. */
  RingDocument founding(RingDocument document) {
    KeyEncryptionKey first = keys.get(0);
    return document.sealed(Seal.under(first, first.recipient().map(List::of).orElse(List.of())));
  }

  byte[] seal(RingDocument document) {
    KeyEncryptionKey key = document.seal().key();
    KeyEncryptionKey used = key == null ? keys.get(0) : key;
    List<RecipientKey> recipients = document.seal().recipients();
    byte[] json = RingJson.write(document);
    try {
      if (!recipients.isEmpty()) {
        JWEHeader header = RingHeader.of(JWEAlgorithm.ECDH_ES_A256KW, document).build();
        return RecipientSeal.seal(header, json, recipients, random);
      }
      if (used.isInsecurePlaintext()) {
        return json.clone();
      }
      KeyWrappingService service = used.service().orElse(null);
      if (service != null) {
        return ServiceSeal.seal(
            RingHeader.of(JWEAlgorithm.DIR, document), document, json, service, random);
      }
      JWEHeader.Builder header = RingHeader.of(JWEAlgorithm.A256KW, document);
      byte[] secret = used.secret().orElse(null);
      if (secret == null) {
        Seal.Derived derived = derivedFor(document.seal(), used);
        header.customParam(derived.member(), derived.header());
        secret = derived.key();
      } else {
        header.keyID(used.id().orElseThrow());
      }
      JWEObject jwe = new JWEObject(header.build(), new Payload(json));
      jwe.encrypt(new AESEncrypter(aes(secret)));
      return jwe.serialize().getBytes(StandardCharsets.US_ASCII);
    } catch (JOSEException e) {
      throw new IllegalStateException("ring cannot be sealed", e);
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  /** As the document before; else as the one read last; else anew. */
  private Seal.Derived derivedFor(Seal seal, KeyEncryptionKey used) {
    if (!used.isPassphrase()) {
      throw new IllegalStateException("a private key seals for recipients, and there are none");
    }
    Seal.Derived before = seal.derived();
    Worked known = worked;
    if (before == null && known != null && known.key() == used) {
      before = known.derived();
    }
    Seal.Derived derived = PassphraseSeal.toSeal(used, before, random);
    if (derived != before) {
      worked = new Worked(used, derived);
    }
    return derived;
  }

  /**
   * @throws KeyRingException with {@link KeyRingException.Reason#UNREADABLE}, whatever is wrong
   *     with the document; with {@link KeyRingException.Reason#UNAVAILABLE} if a service with its
   *     key is away
   */
  RingDocument open(byte[] stored, String where) {
    try {
      // Before anything is parsed.
      if (stored.length > MAX_BYTES) {
        throw new IllegalArgumentException("it has " + stored.length + " bytes");
      }
      if (RecipientSeal.isOurForm(stored)) {
        return openForRecipient(stored);
      }
      if (stored.length > 0 && stored[0] == '{') {
        return openPlaintext(stored);
      }
      return decrypt(stored);
    } catch (IllegalArgumentException e) {
      throw new KeyRingException(
          KeyRingException.Reason.UNREADABLE,
          "ring in " + where + " cannot be read: " + e.getMessage());
    } catch (KeyRingException e) {
      throw new KeyRingException(
          e.reason(), "ring in " + where + " cannot be read: " + e.getMessage(), e);
    }
  }

  private RingDocument openPlaintext(byte[] stored) {
    KeyEncryptionKey plain =
        first(
            KeyEncryptionKey::isInsecurePlaintext,
            "it is not sealed, or not as rings are, and a key encryption key is configured");
    return openedWith(RingJson.read(stored), plain, null);
  }

  private RingDocument openForRecipient(byte[] stored) {
    requireAnyKey();
    KeyEncryptionKey any =
        first(
            key -> key.privateKey().isPresent(),
            "it is sealed for recipients, and no private key is configured");
    RecipientSeal.Parsed parsed = RecipientSeal.parse(stored);
    List<String> ids = parsed.ids();
    KeyEncryptionKey mine =
        first(
            key -> key.recipient().map(own -> ids.contains(own.id())).orElse(false),
            "key "
                + any.recipient().orElseThrow().id()
                + " is none of them that it is sealed for: "
                + ids.size());
    try {
      JWEHeader header = JWEHeader.parse(parsed.protectedHeader());
      RingHeader.requireOurs(header, JWEAlgorithm.ECDH_ES_A256KW);
      byte[] json = parsed.open(mine.privateKey().orElseThrow());
      RingDocument document = RingJson.read(json);
      Arrays.fill(json, (byte) 0);
      RingHeader.requireOf(document, header);
      // What stands outside is the store's word; whoever could add to it would be sealed for next.
      if (!document.seal().recipients().stream().map(RecipientKey::id).toList().equals(ids)) {
        throw new IllegalArgumentException("its header and content name other recipients");
      }
      return document.sealed(document.seal().openedWith(mine, null));
    } catch (ParseException e) {
      throw new IllegalArgumentException("its header is not one of a ring");
    } catch (JOSEException e) {
      throw new IllegalArgumentException("it is sealed under another key, or damaged");
    } catch (NullPointerException | ClassCastException | IllegalStateException e) {
      // How the library meets some headers that it does not expect.
      throw new IllegalArgumentException("its header is not one of a ring");
    }
  }

  private RingDocument decrypt(byte[] stored) {
    requireAnyKey();
    try {
      String text = new String(stored, StandardCharsets.ISO_8859_1);
      CanonicalBase64.requireCompactJwe(text);
      JWEObject jwe = JWEObject.parse(text);
      JWEHeader header = jwe.getHeader();
      if (JWEAlgorithm.DIR.equals(header.getAlgorithm())) {
        RingHeader.requireOurs(header, JWEAlgorithm.DIR);
        return openWithService(jwe);
      }
      RingHeader.requireOurs(header, JWEAlgorithm.A256KW);
      if (PassphraseSeal.isIn(header)) {
        return openWithPassphrase(text, header);
      }
      KeyEncryptionKey key = secretFor(header);
      jwe.decrypt(new AESDecrypter(aes(key.secret().orElseThrow())));
      return content(jwe, key, null);
    } catch (ParseException e) {
      throw new IllegalArgumentException("it is neither a compact JWE nor a JSON object");
    } catch (JOSEException e) {
      throw new IllegalArgumentException("it is sealed under another key, or damaged");
    } catch (KeyRingException e) {
      throw e; // Of a service, which may just be away: that says nothing about the document.
    } catch (NullPointerException | ClassCastException | IllegalStateException e) {
      throw new IllegalArgumentException("its header is not one of a ring");
    }
  }

  /** A passphrase has no id, so each is tried. */
  private RingDocument openWithPassphrase(String text, JWEHeader header)
      throws ParseException, JOSEException {
    first(
        KeyEncryptionKey::isPassphrase, "it is sealed under a passphrase, and a key is configured");
    PassphraseStretching parameters = PassphraseSeal.parameters(header);
    JOSEException failure = new JOSEException("no passphrase");
    for (KeyEncryptionKey key : keys) {
      if (!key.isPassphrase()) {
        continue;
      }
      Worked known = worked;
      boolean again = known != null && known.isOf(key, PassphraseSeal.KDF, parameters.toHeader());
      Seal.Derived used =
          again
              ? Objects.requireNonNull(known).derived()
              : PassphraseSeal.stretched(key, parameters);
      JWEObject jwe = JWEObject.parse(text);
      try {
        jwe.decrypt(new AESDecrypter(aes(used.key())));
      } catch (JOSEException e) {
        failure = e;
        continue;
      }
      RingDocument document = content(jwe, key, used);
      // Only now: until it is authenticated, a header is anybody's, and its cost too.
      worked = new Worked(key, used);
      return document;
    }
    throw failure;
  }

  /** Asks the service once for a document; a probe or a read of the same one asks it nothing. */
  private RingDocument openWithService(JWEObject jwe) throws JOSEException {
    JWEHeader header = jwe.getHeader();
    first(
        key -> key.service().isPresent(),
        "it is sealed under a key in a service, and none is configured");
    KeyEncryptionKey key =
        first(
            each ->
                each.service().isPresent()
                    && each.id().equals(Optional.ofNullable(header.getKeyID())),
            "it is sealed under another key of a service");
    Worked known = worked;
    Seal.Derived used =
        known != null && known.isOf(key, ServiceSeal.WRAPPED, ServiceSeal.member(header))
            ? known.derived()
            : ServiceSeal.unwrapped(header, key.service().orElseThrow());
    ServiceSeal.open(jwe, used);
    RingDocument document = content(jwe, key, used);
    worked = new Worked(key, used);
    return document;
  }

  private static RingDocument content(
      JWEObject jwe, KeyEncryptionKey key, Seal.@Nullable Derived derived) {
    byte[] json = jwe.getPayload().toBytes();
    RingDocument document = RingJson.read(json);
    Arrays.fill(json, (byte) 0);
    RingHeader.requireOf(document, jwe.getHeader());
    return openedWith(document, key, derived);
  }

  private static RingDocument openedWith(
      RingDocument document, KeyEncryptionKey key, Seal.@Nullable Derived derived) {
    if (!document.seal().recipients().isEmpty()) {
      throw new IllegalArgumentException("it names recipients, and is not sealed for any");
    }
    return document.sealed(document.seal().openedWith(key, derived));
  }

  private KeyEncryptionKey secretFor(JWEHeader header) {
    first(
        key -> key.secret().isPresent(),
        keys.stream().anyMatch(KeyEncryptionKey::isPassphrase)
            ? "it is sealed under a key, and a passphrase is configured"
            : "it is sealed under a symmetric key, and none is configured");
    Optional<String> id = Optional.ofNullable(header.getKeyID());
    return first(
        key -> key.secret().isPresent() && key.id().equals(id),
        "it is sealed under another key, or damaged");
  }

  private void requireAnyKey() {
    first(
        key -> !key.isInsecurePlaintext(), "it is sealed, and no key encryption key is configured");
  }

  private KeyEncryptionKey first(Predicate<KeyEncryptionKey> fitting, String otherwise) {
    return keys.stream()
        .filter(fitting)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(otherwise));
  }

  private static SecretKey aes(byte[] key) {
    return new SecretKeySpec(key, "AES");
  }

  /** The bytes of a symmetric JWK that {@link dev.satchel.SessionKey} has already checked. */
  static byte[] secretOf(String jwk) {
    try {
      return OctetSequenceKey.parse(jwk).toByteArray();
    } catch (ParseException e) {
      throw new IllegalArgumentException("not a symmetric JWK");
    }
  }

  private static final class Worked {
    private final KeyEncryptionKey key;
    private final Seal.Derived derived;

    Worked(KeyEncryptionKey key, Seal.Derived derived) {
      this.key = key;
      this.derived = derived;
    }

    KeyEncryptionKey key() {
      return key;
    }

    Seal.Derived derived() {
      return derived;
    }

    boolean isOf(KeyEncryptionKey other, String member, Map<String, Object> header) {
      return key == other && derived.member().equals(member) && derived.header().equals(header);
    }
  }
}
