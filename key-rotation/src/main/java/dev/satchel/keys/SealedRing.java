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
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A ring at rest: a compact JWE of a JWK set (RFC 7517 §7) with {@code A256KW} and {@code A256GCM}.
 * Its protected header repeats ring, lineage and epoch, so that a document can be told apart
 * without the key, and one that was put in another's place is refused.
 */
final class SealedRing {
  private static final JOSEObjectType TYPE = new JOSEObjectType("satchel-ring");
  private static final String CONTENT_TYPE = "jwk-set+json";

  private final KeyEncryptionKey kek;
  private final SecureRandom random;

  /** The stretched passphrase of the document opened last: half a second and 64 MiB each. */
  private volatile @Nullable Stretched stretched;

  SealedRing(KeyEncryptionKey kek, SecureRandom random) {
    this.kek = Objects.requireNonNull(kek, "kek");
    this.random = random;
  }

  byte[] seal(RingDocument document) {
    byte[] json = RingJson.write(document);
    if (kek.isInsecurePlaintext()) {
      return json;
    }
    JWEHeader.Builder header =
        new JWEHeader.Builder(JWEAlgorithm.A256KW, EncryptionMethod.A256GCM)
            .type(TYPE)
            .contentType(CONTENT_TYPE)
            .customParam("ring", document.name())
            .customParam("lineage", document.lineage())
            .customParam("epoch", document.epoch());
    try {
      SecretKey key;
      byte[] secret = kek.secret().orElse(null);
      if (secret == null) {
        Stretched known = stretched;
        if (known == null || known.parameters().isCheaperThanOurs()) {
          known = stretch(PassphraseStretching.fresh(random));
          stretched = known;
        }
        header.customParam("kdf", known.parameters().toHeader());
        key = aes(known.key());
      } else {
        key = aes(secret);
      }
      JWEObject jwe = new JWEObject(header.build(), new Payload(json));
      jwe.encrypt(new AESEncrypter(key));
      return jwe.serialize().getBytes(StandardCharsets.US_ASCII);
    } catch (JOSEException e) {
      throw new IllegalStateException("ring cannot be sealed", e);
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  /**
   * @throws KeyRingException with {@link KeyRingException.Reason#UNREADABLE}, whatever is wrong
   */
  RingDocument open(byte[] stored, String where) {
    try {
      boolean plaintext = stored.length > 0 && stored[0] == '{';
      if (plaintext != kek.isInsecurePlaintext()) {
        throw new IllegalArgumentException(
            plaintext
                ? "it is not sealed, and a key encryption key is configured"
                : "it is sealed, and no key encryption key is configured");
      }
      return plaintext ? RingJson.read(stored) : decrypt(stored);
    } catch (IllegalArgumentException e) {
      throw new KeyRingException(
          KeyRingException.Reason.UNREADABLE,
          "ring in " + where + " cannot be read: " + e.getMessage());
    }
  }

  private RingDocument decrypt(byte[] stored) {
    // Base64url of the largest document and its header.
    if (stored.length > 2 * RingJson.MAX_BYTES) {
      throw new IllegalArgumentException("it has " + stored.length + " bytes");
    }
    try {
      String text = new String(stored, StandardCharsets.ISO_8859_1);
      requireCanonical(text);
      JWEObject jwe = JWEObject.parse(text);
      JWEHeader header = jwe.getHeader();
      if (!JWEAlgorithm.A256KW.equals(header.getAlgorithm())
          || !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
          || !TYPE.equals(header.getType())
          || !CONTENT_TYPE.equals(header.getContentType())
          || header.getCompressionAlgorithm() != null) {
        throw new IllegalArgumentException("its header is not one of a ring");
      }
      Stretched used = kek.isPassphrase() ? stretchedFor(header) : null;
      jwe.decrypt(new AESDecrypter(aes(used == null ? secretFor(header) : used.key())));
      byte[] json = jwe.getPayload().toBytes();
      RingDocument document = RingJson.read(json);
      Arrays.fill(json, (byte) 0);
      requireEqual(header, "ring", document.name());
      requireEqual(header, "lineage", document.lineage());
      requireEqual(header, "epoch", document.epoch());
      if (used != null) {
        // Only now: until it is authenticated, a header is anybody's, and its cost too.
        stretched = used;
      }
      return document;
    } catch (ParseException e) {
      throw new IllegalArgumentException("it is neither a compact JWE nor a JSON object");
    } catch (JOSEException e) {
      throw new IllegalArgumentException("it is sealed under another key, or damaged");
    } catch (NullPointerException | ClassCastException | IllegalStateException e) {
      // How the library meets some headers that it does not expect.
      throw new IllegalArgumentException("its header is not one of a ring");
    }
  }

  private byte[] secretFor(JWEHeader header) {
    if (header.getCustomParam("kdf") != null) {
      throw new IllegalArgumentException(
          "it is sealed under a passphrase, and a key is configured");
    }
    return kek.secret().orElseThrow();
  }

  private Stretched stretchedFor(JWEHeader header) {
    Object kdf = header.getCustomParam("kdf");
    if (kdf == null) {
      throw new IllegalArgumentException(
          "it is sealed under a key, and a passphrase is configured");
    }
    PassphraseStretching parameters = PassphraseStretching.fromHeader(kdf);
    Stretched known = stretched;
    return known != null && known.parameters().toHeader().equals(parameters.toHeader())
        ? known
        : stretch(parameters);
  }

  private Stretched stretch(PassphraseStretching parameters) {
    return new Stretched(parameters, parameters.stretch(kek.passphrase()));
  }

  /**
   * Five parts of base64url, each in its only spelling: a lenient parser takes many texts for one
   * document, and hashes of documents are compared.
   */
  private static void requireCanonical(String text) {
    String[] parts = text.split("\\.", -1);
    boolean canonical = parts.length == 5;
    for (int i = 0; canonical && i < parts.length; i++) {
      try {
        byte[] bytes = Base64.getUrlDecoder().decode(parts[i]);
        canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(parts[i]);
      } catch (IllegalArgumentException e) {
        canonical = false;
      }
    }
    if (!canonical) {
      throw new IllegalArgumentException("it is neither a compact JWE nor a JSON object");
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

  private static final class Stretched {
    private final PassphraseStretching parameters;
    private final byte[] key;

    Stretched(PassphraseStretching parameters, byte[] key) {
      this.parameters = parameters;
      this.key = key;
    }

    PassphraseStretching parameters() {
      return parameters;
    }

    byte[] key() {
      return key;
    }
  }
}
