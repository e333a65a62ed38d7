package dev.satchel.keys;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a ring is sealed under at rest: a key, a passphrase, or expressly nothing. Immutable and
 * thread-safe; {@code toString} says its kind only.
 *
 * <p>Configuration names it by {@linkplain #of reference} and never holds it.
 */
public final class KeyEncryptionKey {
  /** An old and a new one are the use; a passphrase among them costs half a second to try. */
  private static final int MAX_ALTERNATIVES = 8;

  /**
   * Eight words of a word list have some 40 characters; below 12, Argon2id does not save anybody.
   */
  private static final int MIN_PASSPHRASE = 12;

  private final byte @Nullable [] secret;
  private final byte @Nullable [] passphrase;
  private final @Nullable RecipientPrivateKey privateKey;
  private final @Nullable KeyWrappingService service;
  private final List<KeyEncryptionKey> others;

  private KeyEncryptionKey(
      byte @Nullable [] secret,
      byte @Nullable [] passphrase,
      @Nullable RecipientPrivateKey privateKey,
      @Nullable KeyWrappingService service,
      List<KeyEncryptionKey> others) {
    this.secret = secret;
    this.passphrase = passphrase;
    this.privateKey = privateKey;
    this.service = service;
    this.others = List.copyOf(others);
  }

  /**
   * Finds a key by reference:
   *
   * <ul>
   *   <li>{@code file:PATH}: a file with a symmetric JWK of {@code alg} {@code A256KW}, with 32
   *       random bytes in base64url, or with a private JWK of {@code alg} {@code ECDH-ES+A256KW},
   *       which opens the rings that are sealed for it among others
   *   <li>{@code env:NAME}: an environment variable with the same
   *   <li>{@code passphrase-file:PATH} and {@code passphrase-env:NAME}: a passphrase of at least 12
   *       characters; one line break at the end is not part of it
   *   <li>what a {@link KekProvider} on the class path knows, such as {@code
   *       vault:https://HOST:8200/transit/keys/NAME?tokenFile=PATH}
   * </ul>
   *
   * @param environment the value of an environment variable, or null
   * @throws IllegalArgumentException if the reference or what it names is not one of these: says
   *     what was got and what is allowed, never the content
   * @throws KeyRingException with {@link KeyRingException.Reason#UNAVAILABLE} if it cannot be read
   */
  public static KeyEncryptionKey of(
      String reference, Function<String, @Nullable String> environment) {
    return KekProvider.openKek(reference, environment);
  }

  /**
   * A key from its raw bytes.
   *
   * @param secret 32 random bytes, copied
   * @throws IllegalArgumentException if the length is another or the bytes are not random
   */
  public static KeyEncryptionKey ofSecret(byte[] secret) {
    // The same checks as for every other key.
    SessionKey.ofSecret("kek", TokenAlgorithm.A256KW, secret);
    return new KeyEncryptionKey(secret.clone(), null, null, null, List.of());
  }

  /**
   * A passphrase, stretched with Argon2id for each ring. For operators and small sites: a random
   * key is stronger and faster.
   *
   * @param passphrase at least 12 characters, copied
   */
  public static KeyEncryptionKey passphrase(char[] passphrase) {
    if (passphrase.length < MIN_PASSPHRASE) {
      throw new IllegalArgumentException(
          "passphrase has "
              + passphrase.length
              + " characters, allowed are "
              + MIN_PASSPHRASE
              + " or more");
    }
    // One spelling on every keyboard (RFC 8265 §4.2.2 asks for NFC).
    String normal = Normalizer.normalize(new String(passphrase), Normalizer.Form.NFC);
    return new KeyEncryptionKey(
        null, normal.getBytes(StandardCharsets.UTF_8), null, null, List.of());
  }

  /**
   * Nothing: the ring is stored readable. Whoever reads the store can then forge every session. For
   * tests, and for stores that are sealed by other means.
   */
  public static KeyEncryptionKey insecurePlaintext() {
    return new KeyEncryptionKey(null, null, null, null, List.of());
  }

  /**
   * A private key of one who is among the recipients of a ring. A ring that is created with it is
   * sealed for it alone; who else may open it is up to {@link KeyCustodian}.
   *
   * @param jwk as of {@link RecipientKey#generateJwk}
   * @throws IllegalArgumentException if it is another kind of JWK or a public key, or its halves do
   *     not belong together
   */
  public static KeyEncryptionKey ofPrivateJwk(String jwk) {
    return new KeyEncryptionKey(null, null, RecipientPrivateKey.fromJwk(jwk), null, List.of());
  }

  /**
   * A key that stays in a service, which wraps a new data key for each document. A node asks it at
   * its start and for each document that it has not opened yet; while it is away, nodes keep what
   * they have, with the alarm {@code UNAVAILABLE}.
   *
   * <p>Who may wrap with the key can make a ring, without being able to open one: as with
   * recipients, a ring is opened only where its lineage is known.
   */
  public static KeyEncryptionKey ofService(KeyWrappingService service) {
    return new KeyEncryptionKey(
        null, null, null, Objects.requireNonNull(service, "service"), List.of());
  }

  /**
   * This key, and others that open rings too. For the time of a rewrap: nodes get the new key in
   * this way, then the ring is sealed under it, then the old one goes. A ring stays sealed as it is
   * until somebody rewraps it; one that is created is sealed under the first key.
   *
   * @throws IllegalArgumentException if that makes more than 8 keys
   */
  public KeyEncryptionKey also(KeyEncryptionKey other) {
    var all = new ArrayList<KeyEncryptionKey>(others);
    all.addAll(other.alternatives());
    if (all.size() >= MAX_ALTERNATIVES) {
      throw new IllegalArgumentException(
          (all.size() + 1) + " keys to open a ring with, allowed are " + MAX_ALTERNATIVES);
    }
    return new KeyEncryptionKey(secret, passphrase, privateKey, service, all);
  }

  /** Each key by itself, this one first. */
  List<KeyEncryptionKey> alternatives() {
    if (others.isEmpty()) {
      return List.of(this);
    }
    var all = new ArrayList<KeyEncryptionKey>();
    all.add(new KeyEncryptionKey(secret, passphrase, privateKey, service, List.of()));
    all.addAll(others);
    return all;
  }

  /** Whether the first of both is the same key; in constant time where it is a secret. */
  boolean isSame(KeyEncryptionKey other) {
    if (privateKey != null || other.privateKey != null) {
      return recipient().equals(other.recipient());
    }
    if (service != null || other.service != null) {
      return kind().equals(other.kind()) && id().equals(other.id());
    }
    return isSame(secret, other.secret) && isSame(passphrase, other.passphrase);
  }

  private static boolean isSame(byte @Nullable [] one, byte @Nullable [] other) {
    return one == null || other == null ? one == other : MessageDigest.isEqual(one, other);
  }

  /** Whether rings are stored readable. */
  public boolean isInsecurePlaintext() {
    return secret == null && passphrase == null && privateKey == null && service == null;
  }

  /** The public part of a private key, which may be given to those who seal rings for it. */
  public Optional<RecipientKey> recipient() {
    return privateKey().map(RecipientPrivateKey::publicPart);
  }

  Optional<RecipientPrivateKey> privateKey() {
    return Optional.ofNullable(privateKey);
  }

  /** Where the key is, if it is in a service. */
  Optional<KeyWrappingService> service() {
    return Optional.ofNullable(service);
  }

  /** The key itself; empty where it comes from a passphrase or there is none. */
  Optional<byte[]> secret() {
    return Optional.ofNullable(secret);
  }

  boolean isPassphrase() {
    return passphrase != null;
  }

  byte[] passphrase() {
    return Objects.requireNonNull(passphrase, "not a passphrase");
  }

  /** As operators call it. */
  String kind() {
    if (service != null) {
      return service.kind();
    }
    if (privateKey != null) {
      return RecipientKey.ALGORITHM;
    }
    return secret != null ? "A256KW" : passphrase != null ? "passphrase" : "plaintext";
  }

  /** What may be told of the key, and tells it from others; empty for what has no id. */
  Optional<String> id() {
    if (service != null) {
      return Optional.of(service.keyName());
    }
    return secret != null ? Optional.of(idOf(secret)) : recipient().map(RecipientKey::id);
  }

  /**
   * The first 48 bits of HMAC-SHA256 of a fixed text under the key: an id for a random key of 256
   * bits that says nothing about it, and that nobody has to hand out.
   */
  private static String idOf(byte[] secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      byte[] tag = mac.doFinal("satchel kek id".getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(tag, 6));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /** The kind only. */
  @Override
  public String toString() {
    return "KeyEncryptionKey["
        + (isInsecurePlaintext() ? "INSECURE plaintext" : kind())
        + (others.isEmpty() ? "" : " and " + others.size() + " more")
        + "]";
  }
}
