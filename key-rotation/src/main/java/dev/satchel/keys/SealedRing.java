package dev.satchel.keys;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A ring at rest: a compact JWE of a JWK set (RFC 7517 §7) with {@code A256KW} and {@code A256GCM},
 * or the JSON form of one for {@linkplain RecipientSeal several recipients}. Its protected header
 * repeats ring, lineage and epoch, so that a document can be told apart without the key, and one
 * that was put in another's place is refused.
 *
 * <p>Opens with any of the keys configured. Seals as the document before was sealed, a new ring
 * under the first key.
 */
final class SealedRing {
  /** Base64url of the largest document, and its headers. */
  static final int MAX_BYTES = 2 * RingJson.MAX_BYTES;

  private static final JOSEObjectType TYPE = new JOSEObjectType("satchel-ring");
  private static final String CONTENT_TYPE = "jwk-set+json";
  private static final String KDF = "kdf";

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
        JWEHeader header = header(JWEAlgorithm.ECDH_ES_A256KW, document).build();
        return RecipientSeal.seal(header, json, recipients, random);
      }
      if (used.isInsecurePlaintext()) {
        return json.clone();
      }
      KeyWrappingService service = used.service().orElse(null);
      if (service != null) {
        return ServiceSeal.seal(
            header(JWEAlgorithm.DIR, document), document, json, service, random);
      }
      JWEHeader.Builder header = header(JWEAlgorithm.A256KW, document);
      byte[] secret = used.secret().orElse(null);
      if (secret == null) {
        Seal.Derived derived = derivedFor(document.seal(), used);
        header.customParam(derived.member(), derived.header());
        secret = derived.key();
      } else {
        header.keyID(idOf(secret));
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

  private static JWEHeader.Builder header(JWEAlgorithm algorithm, RingDocument document) {
    return new JWEHeader.Builder(algorithm, EncryptionMethod.A256GCM)
        .type(TYPE)
        .contentType(CONTENT_TYPE)
        .customParam("ring", document.name())
        .customParam("lineage", document.lineage())
        .customParam("epoch", document.epoch());
  }

  /** As before, unless that was cheaper than it has to be; else as read last; else anew. */
  private Seal.Derived derivedFor(Seal seal, KeyEncryptionKey used) {
    if (!used.isPassphrase()) {
      throw new IllegalStateException("a private key seals for recipients, and there are none");
    }
    Seal.Derived before = seal.derived();
    Worked known = worked;
    if (before == null && known != null && known.key() == used) {
      before = known.derived();
    }
    if (before != null && !PassphraseStretching.fromHeader(before.header()).isCheaperThanOurs()) {
      return before;
    }
    Seal.Derived fresh = stretch(used, PassphraseStretching.fresh(random));
    worked = new Worked(used, fresh);
    return fresh;
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
      requireOurs(header, JWEAlgorithm.ECDH_ES_A256KW);
      byte[] json = parsed.open(mine.privateKey().orElseThrow());
      RingDocument document = RingJson.read(json);
      Arrays.fill(json, (byte) 0);
      requireSame(header, document);
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
        requireOurs(header, JWEAlgorithm.DIR);
        return openWithService(jwe);
      }
      requireOurs(header, JWEAlgorithm.A256KW);
      Object kdf = header.getCustomParam(KDF);
      if (kdf == null) {
        KeyEncryptionKey key = secretFor(header);
        jwe.decrypt(new AESDecrypter(aes(key.secret().orElseThrow())));
        return content(jwe, key, null);
      }
      return openWithPassphrase(text, kdf);
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
  private RingDocument openWithPassphrase(String text, Object kdf)
      throws ParseException, JOSEException {
    first(
        KeyEncryptionKey::isPassphrase, "it is sealed under a passphrase, and a key is configured");
    PassphraseStretching parameters = PassphraseStretching.fromHeader(kdf);
    JOSEException failure = new JOSEException("no passphrase");
    for (KeyEncryptionKey key : keys) {
      if (!key.isPassphrase()) {
        continue;
      }
      Worked known = worked;
      boolean again = known != null && known.isOf(key, KDF, parameters.toHeader());
      Seal.Derived used =
          again ? Objects.requireNonNull(known).derived() : stretch(key, parameters);
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
    requireSame(jwe.getHeader(), document);
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
    String id = header.getKeyID();
    return first(
        key -> key.secret().map(secret -> idOf(secret).equals(id)).orElse(false),
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

  private static Seal.Derived stretch(KeyEncryptionKey key, PassphraseStretching parameters) {
    return new Seal.Derived(KDF, parameters.toHeader(), parameters.stretch(key.passphrase()));
  }

  private static void requireOurs(JWEHeader header, JWEAlgorithm algorithm) {
    if (!algorithm.equals(header.getAlgorithm())
        || !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
        || !TYPE.equals(header.getType())
        || !CONTENT_TYPE.equals(header.getContentType())
        || header.getCompressionAlgorithm() != null
        || header.getCriticalParams() != null) {
      throw new IllegalArgumentException("its header is not one of a ring");
    }
  }

  private static void requireSame(JWEHeader header, RingDocument document) {
    requireEqual(header, "ring", document.name());
    requireEqual(header, "lineage", document.lineage());
    requireEqual(header, "epoch", document.epoch());
  }

  /**
   * The first 48 bits of HMAC-SHA256 of a fixed text under the key: an id for a random key of 256
   * bits that says nothing about it, and that nobody has to hand out.
   */
  static String idOf(byte[] secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      byte[] tag = mac.doFinal("satchel kek id".getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(tag, 6));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private static void requireEqual(JWEHeader header, String name, Object expected) {
    Object got = header.getCustomParam(name);
    boolean equal =
        expected instanceof Long number
            ? got instanceof Number gotNumber && gotNumber.longValue() == number
            : expected.equals(got);
    if (!equal) {
      throw new IllegalArgumentException("its header and content name another " + name);
    }
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

  /** Whether a JWK is for public-key encryption, to be read as such; decides nothing else. */
  static boolean isAsymmetric(String jwk) {
    try {
      return RingJson.parse(jwk.getBytes(StandardCharsets.UTF_8))
          .path("alg")
          .asString("")
          .equals(RecipientKey.ALGORITHM);
    } catch (IllegalArgumentException e) {
      return false;
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
