package dev.satchel.keys;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWECryptoParts;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A ring sealed for several recipients: the general JSON form of a JWE (RFC 7516 §7.2.1) with
 * {@code ECDH-ES+A256KW} and {@code A256GCM}. What the library's own form of it would pass over is
 * refused: members that nobody expects, a second spelling, a recipient twice. One key agreement is
 * tried, with the key that {@code kid} names.
 */
final class RecipientSeal {
  /** Groups of nodes and people, not nodes: each makes every read 420 bytes longer. */
  static final int MAX_RECIPIENTS = 64;

  /** How every document of this form begins, and no other. */
  private static final String BEGINNING = "{\"protected\":";

  private static final int CEK_LENGTH = 32;
  private static final Set<String> TOP =
      Set.of("protected", "recipients", "iv", "ciphertext", "tag");
  private static final Set<String> RECIPIENT = Set.of("header", "encrypted_key");
  private static final Set<String> HEADER = Set.of("kid", "epk");
  private static final Set<String> EPK = Set.of("kty", "crv", "x", "y");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(SealedRing.MAX_BYTES)
                          .maxNestingDepth(5)
                          .maxNameLength(64)
                          .maxStringLength(SealedRing.MAX_BYTES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RecipientSeal() {}

  static boolean isOurForm(byte[] stored) {
    return new String(
            stored, 0, Math.min(stored.length, BEGINNING.length()), StandardCharsets.UTF_8)
        .equals(BEGINNING);
  }

  /**
   * @param header the protected one, with the algorithm
   * @param recipients 1 to 64, none twice
   */
  static byte[] seal(
      JWEHeader header, byte[] content, List<RecipientKey> recipients, SecureRandom random)
      throws JOSEException {
    requireAllowed(recipients);
    byte[] cek = new byte[CEK_LENGTH];
    random.nextBytes(cek);
    SecretKey key = new SecretKeySpec(cek, "AES");
    Arrays.fill(cek, (byte) 0);
    Base64URL protectedHeader = header.toBase64URL();
    byte[] authenticated = protectedHeader.toString().getBytes(StandardCharsets.US_ASCII);
    ObjectNode top = MAPPER.createObjectNode();
    top.put("protected", protectedHeader.toString());
    ArrayNode list = top.putArray("recipients");
    JWECryptoParts sealed = null;
    for (RecipientKey recipient : recipients) {
      // The content is encrypted once; for the others the same key is wrapped around nothing.
      JWECryptoParts parts =
          new ECDHEncrypter(recipient.key().toECPublicKey(), key)
              .encrypt(
                  new JWEHeader.Builder(header).keyID(recipient.id()).build(),
                  sealed == null ? content : new byte[0],
                  authenticated);
      sealed = sealed == null ? parts : sealed;
      ObjectNode entry = list.addObject();
      ObjectNode own = entry.putObject("header");
      own.put("kid", recipient.id());
      ECKey ephemeral = (ECKey) parts.getHeader().getEphemeralPublicKey();
      own.putObject("epk")
          .put("kty", "EC")
          .put("crv", Curve.P_256.getName())
          .put("x", ephemeral.getX().toString())
          .put("y", ephemeral.getY().toString());
      entry.put("encrypted_key", parts.getEncryptedKey().toString());
    }
    if (sealed == null) {
      throw new IllegalStateException("no recipients");
    }
    top.put("iv", sealed.getInitializationVector().toString());
    top.put("ciphertext", sealed.getCipherText().toString());
    top.put("tag", sealed.getAuthenticationTag().toString());
    return MAPPER.writeValueAsBytes(top);
  }

  static void requireAllowed(List<RecipientKey> recipients) {
    if (recipients.isEmpty() || recipients.size() > MAX_RECIPIENTS) {
      throw new IllegalArgumentException(
          recipients.size() + " recipients, allowed are 1 to " + MAX_RECIPIENTS);
    }
    if (new HashSet<>(recipients).size() != recipients.size()) {
      throw new IllegalArgumentException("a recipient is there twice");
    }
  }

  /**
   * Reads the outside; decrypts nothing.
   *
   * @throws IllegalArgumentException if it is another form, or another spelling of this one
   */
  static Parsed parse(byte[] stored) {
    ObjectNode top;
    try {
      top = members(MAPPER.readTree(stored), "document", TOP);
      // One document has one spelling: hashes of documents are compared.
      if (!Arrays.equals(MAPPER.writeValueAsBytes(top), stored)) {
        throw new IllegalArgumentException("it is not spelled as rings are");
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException("it is neither a JWE nor a ring");
    }
    if (!(top.get("recipients") instanceof ArrayNode list)
        || list.isEmpty()
        || list.size() > MAX_RECIPIENTS) {
      throw new IllegalArgumentException(
          "recipients is not a list of 1 to " + MAX_RECIPIENTS + " members");
    }
    var entries = new ArrayList<Entry>();
    var ids = new HashSet<String>();
    for (JsonNode each : list) {
      ObjectNode entry = members(each, "recipient", RECIPIENT);
      ObjectNode header = members(entry.get("header"), "recipient's header", HEADER);
      ObjectNode epk = members(header.get("epk"), "epk", EPK);
      if (!ids.add(RingJson.string(header, "kid"))) {
        throw new IllegalArgumentException("a recipient is there twice");
      }
      if (!RingJson.string(epk, "kty").equals("EC")
          || !RingJson.string(epk, "crv").equals(Curve.P_256.getName())) {
        throw new IllegalArgumentException("epk is not on P-256");
      }
      entries.add(
          new Entry(
              RingJson.string(header, "kid"),
              base64(epk, "x"),
              base64(epk, "y"),
              base64(entry, "encrypted_key")));
    }
    return new Parsed(
        base64(top, "protected"),
        List.copyOf(entries),
        base64(top, "iv"),
        base64(top, "ciphertext"),
        base64(top, "tag"));
  }

  private static ObjectNode members(JsonNode node, String what, Set<String> allowed) {
    ObjectNode object = RingJson.object(node, what);
    if (!new HashSet<>(object.propertyNames()).equals(allowed)) {
      throw new IllegalArgumentException(
          what
              + " has not the members "
              + allowed.stream().sorted().collect(Collectors.joining(", ")));
    }
    return object;
  }

  private static Base64URL base64(ObjectNode node, String name) {
    String text = RingJson.string(node, name);
    if (!CanonicalBase64.isCanonical(text)) {
      throw new IllegalArgumentException(name + " is not base64url");
    }
    return new Base64URL(text);
  }

  /** One recipient as the outside has it. */
  private record Entry(String kid, Base64URL x, Base64URL y, Base64URL encryptedKey) {}

  /** The outside of a document. Nothing of it is authenticated before {@link #open}. */
  record Parsed(
      Base64URL protectedHeader,
      List<Entry> entries,
      Base64URL iv,
      Base64URL ciphertext,
      Base64URL tag) {

    /** The thumbprints of those who may open it, in order. */
    List<String> ids() {
      return entries.stream().map(Entry::kid).toList();
    }

    byte[] open(RecipientPrivateKey key) throws JOSEException {
      String id = key.publicPart().id();
      Entry mine =
          entries.stream()
              .filter(entry -> entry.kid().equals(id))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("key is no recipient"));
      // Built here rather than read: the key says which algorithm, not the document.
      JWEHeader header =
          new JWEHeader.Builder(JWEAlgorithm.ECDH_ES_A256KW, EncryptionMethod.A256GCM)
              .keyID(id)
              .ephemeralPublicKey(new ECKey.Builder(Curve.P_256, mine.x(), mine.y()).build())
              .build();
      return new ECDHDecrypter(key.key())
          .decrypt(
              header,
              mine.encryptedKey(),
              iv,
              ciphertext,
              tag,
              protectedHeader.toString().getBytes(StandardCharsets.US_ASCII));
    }
  }
}
