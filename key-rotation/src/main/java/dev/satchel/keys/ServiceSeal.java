package dev.satchel.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/**
 * A ring sealed under a key in a service: a compact JWE with {@code dir} and {@code A256GCM}. Its
 * content key is new for each document; the header says as {@code kid} which key of the service
 * wrapped it, and has it as {@code wrapped}. Ring, lineage and epoch are bound to it there too.
 */
final class ServiceSeal {
  /** The header member with the wrapped content key. */
  static final String WRAPPED = "wrapped";

  /** A wrapped key of 32 bytes has 80 to 200 characters; an RSA-4096 one some 700. */
  private static final Pattern FORM = Pattern.compile("[!-~]{1,1024}");

  private static final int KEY_LENGTH = 32;

  private ServiceSeal() {}

  /**
   * @param header with the algorithm {@code dir} and all but {@code kid} and {@code wrapped}
   */
  static byte[] seal(
      JWEHeader.Builder header,
      RingDocument document,
      byte[] json,
      KeyWrappingService service,
      SecureRandom random)
      throws JOSEException {
    byte[] key = new byte[KEY_LENGTH];
    random.nextBytes(key);
    try {
      String wrapped = requireForm(service.wrap(key, associated(document)));
      JWEObject jwe =
          new JWEObject(
              header.keyID(service.keyName()).customParam(WRAPPED, wrapped).build(),
              new Payload(json));
      jwe.encrypt(new DirectEncrypter(new SecretKeySpec(key, "AES")));
      return jwe.serialize().getBytes(StandardCharsets.US_ASCII);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * What the header says of the content key.
   *
   * @throws IllegalArgumentException if there is nothing of the kind
   */
  static Map<String, Object> member(JWEHeader header) {
    if (header.getCustomParam(WRAPPED) instanceof String wrapped) {
      return Map.of(WRAPPED, requireForm(wrapped));
    }
    throw new IllegalArgumentException("its header is not one of a ring");
  }

  /** Asks the service; of what the header says, nothing is authenticated before that. */
  static Seal.Derived unwrapped(JWEHeader header, KeyWrappingService service) {
    Map<String, Object> member = member(header);
    if (!(header.getCustomParam("ring") instanceof String ring)
        || !(header.getCustomParam("lineage") instanceof String lineage)
        || !(header.getCustomParam("epoch") instanceof Long epoch)) {
      throw new IllegalArgumentException("its header is not one of a ring");
    }
    RingJson.requireName(ring);
    byte[] key =
        service.unwrap(
            String.valueOf(member.get(WRAPPED)), associated(ring, Lineage.require(lineage), epoch));
    if (key.length != KEY_LENGTH) {
      throw new IllegalArgumentException("its content key has not " + KEY_LENGTH + " bytes");
    }
    return new Seal.Derived(WRAPPED, member, key);
  }

  static void open(JWEObject jwe, Seal.Derived contentKey) throws JOSEException {
    jwe.decrypt(new DirectDecrypter(new SecretKeySpec(contentKey.key(), "AES")));
  }

  /** The data key that a document was opened with, as it stands there. */
  static Optional<String> wrapped(Seal seal) {
    Seal.Derived derived = seal.derived();
    return derived != null && derived.header().get(WRAPPED) instanceof String wrapped
        ? Optional.of(wrapped)
        : Optional.empty();
  }

  /** What somebody should mend about the key in the service; nothing where there is none. */
  static List<String> findings(Seal seal, Instant now) {
    KeyEncryptionKey used = seal.key();
    String wrapped = wrapped(seal).orElse(null);
    return used == null || wrapped == null
        ? List.of()
        : used.service().map(service -> service.findings(wrapped, now)).orElse(List.of());
  }

  private static byte[] associated(RingDocument document) {
    return associated(document.name(), document.lineage(), document.epoch());
  }

  /** None of the three can have a line break. */
  private static byte[] associated(String ring, String lineage, long epoch) {
    return ("satchel-ring\n" + ring + "\n" + lineage + "\n" + epoch)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String requireForm(String wrapped) {
    if (!FORM.matcher(wrapped).matches()) {
      throw new IllegalArgumentException("its wrapped key is not of 1 to 1024 visible characters");
    }
    return wrapped;
  }
}
