package dev.satchel.keys;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a ring is and how to use it, as one text: {@code
 * file:/var/lib/shop/ring?kek=env:SHOP_KEK&role=writer}. The same text serves an application's
 * configuration and the {@code satchel-keys} command.
 *
 * <ul>
 *   <li>{@code kek}: what the ring is sealed under, by {@linkplain KeyEncryptionKey#of reference}
 *   <li>{@code kekAlso}: another that opens it too, by reference, for the time of a rewrap
 *   <li>{@code insecurePlaintext=true}: the ring is not sealed; instead of {@code kek}
 *   <li>{@code role}: {@code reader} (default) or {@code writer}
 *   <li>{@code ring}: the name the ring must have; default any
 *   <li>{@code lineage}: the lineage the ring must have; needed where it is sealed for recipients,
 *       which anybody with their public keys can do
 *   <li>{@code whenStale}: {@code serve-known} (default) or {@code fence}
 *   <li>{@code node}: the name under which this node reports to the store; default it does not
 *   <li>{@code revocations=true}: this node shares revocations of sessions through the store;
 *       default it does not
 *   <li>{@code revocationsWithin}: the same, and no token is accepted while they could not be read
 *       for so long, such as {@code 60s} or {@code 5m}; default they are trusted as they are
 * </ul>
 *
 * What else stands behind the question mark is the store's.
 */
public final class KeyRingLocation {
  private static final Set<String> OURS =
      Set.of(
          "kek",
          "kekAlso",
          "insecurePlaintext",
          "role",
          "ring",
          "lineage",
          "whenStale",
          "node",
          "revocations",
          "revocationsWithin");

  private static final Pattern TIME = Pattern.compile("(?<number>[1-9][0-9]{0,3})(?<unit>[smh])");

  private final URI store;
  private final Map<String, String> parameters;

  private KeyRingLocation(URI store, Map<String, String> parameters) {
    this.store = store;
    this.parameters = parameters;
  }

  /**
   * @throws IllegalArgumentException if it is malformed or contradicts itself; says what is
   *     allowed, and never repeats the value of {@code kek}
   */
  public static KeyRingLocation of(URI location) {
    String text = location.toString();
    int question = text.indexOf('?');
    var ours = new LinkedHashMap<String, String>();
    String rest = "";
    if (question >= 0) {
      for (String pair : text.substring(question + 1).split("&")) {
        int equal = pair.indexOf('=');
        String name = equal < 0 ? pair : pair.substring(0, equal);
        if (!OURS.contains(name)) {
          rest += (rest.isEmpty() ? "?" : "&") + pair;
        } else if (equal < 0 || ours.put(name, decoded(pair.substring(equal + 1))) != null) {
          throw new IllegalArgumentException(
              "location parameter " + name + " is there twice or without a value");
        }
      }
    }
    URI store = URI.create((question < 0 ? text : text.substring(0, question)) + rest);
    var parsed = new KeyRingLocation(store, ours);
    parsed.role();
    parsed.whenStale();
    boolean plaintext = parsed.isInsecurePlaintext();
    if (plaintext && ours.containsKey("kek")) {
      throw new IllegalArgumentException("location has both kek and insecurePlaintext");
    }
    parsed.ring().ifPresent(RingJson::requireName);
    parsed.lineage().ifPresent(Lineage::require);
    parsed.node().ifPresent(NodeName::require);
    if (parsed.revocationsWithin().isPresent() && !parsed.hasRevocations()) {
      throw new IllegalArgumentException(
          "location has both revocations=false and revocationsWithin");
    }
    return parsed;
  }

  /**
   * This location with the ring sealed under another reference; for commands that name it apart.
   */
  public KeyRingLocation withKek(String reference) {
    var changed = new LinkedHashMap<>(parameters);
    changed.remove("insecurePlaintext");
    changed.put("kek", reference);
    return new KeyRingLocation(store, changed);
  }

  /** The store alone, without our parameters. */
  public URI store() {
    return store;
  }

  /** Opens the store; does not read it. */
  public KeyRingStore openStore(InstantSource clock) {
    return KeyRingStoreProvider.openStore(store, clock);
  }

  /**
   * Opens the store for changes of its ring, which must have the {@link #ring} name if there is
   * one; does not read it. To be closed.
   *
   * @throws IllegalArgumentException if the location does not say what the ring is sealed under
   */
  public KeyCustodian openCustodian(
      Function<String, @Nullable String> environment, InstantSource clock) {
    KeyEncryptionKey kek = kek(environment);
    return new KeyCustodian(
        openStore(clock),
        kek,
        parameters.get("ring"),
        parameters.get("lineage"),
        clock,
        new SecureRandom(),
        true);
  }

  /**
   * What the ring is sealed under.
   *
   * @throws IllegalArgumentException if the location does not say
   */
  public KeyEncryptionKey kek(Function<String, @Nullable String> environment) {
    KeyEncryptionKey first = firstKek(environment);
    String also = parameters.get("kekAlso");
    return also == null ? first : first.also(KeyEncryptionKey.of(also, environment));
  }

  private KeyEncryptionKey firstKek(Function<String, @Nullable String> environment) {
    if (isInsecurePlaintext()) {
      return KeyEncryptionKey.insecurePlaintext();
    }
    String reference = parameters.get("kek");
    if (reference == null) {
      throw new IllegalArgumentException(
          "location does not say what the ring is sealed under; add kek=file:PATH, kek=env:NAME, or"
              + " insecurePlaintext=true");
    }
    return KeyEncryptionKey.of(reference, environment);
  }

  /** The reference itself, such as {@code file:/etc/shop/kek.jwk}. */
  public Optional<String> kekReference() {
    return Optional.ofNullable(parameters.get("kek"));
  }

  /** Whether the ring is stored readable. */
  public boolean isInsecurePlaintext() {
    return oneOf("insecurePlaintext", "false", "true").equals("true");
  }

  /** Whether the node changes the ring. */
  public RotatingKeySource.Role role() {
    return RotatingKeySource.Role.valueOf(constant(oneOf("role", "reader", "writer")));
  }

  /** What the node does without news for too long. */
  public RotatingKeySource.WhenStale whenStale() {
    return RotatingKeySource.WhenStale.valueOf(
        constant(oneOf("whenStale", "serve-known", "fence")));
  }

  /** The lineage the ring must have. */
  public Optional<String> lineage() {
    return Optional.ofNullable(parameters.get("lineage"));
  }

  /** The name the ring must have. */
  public Optional<String> ring() {
    return Optional.ofNullable(parameters.get("ring"));
  }

  /** The name under which the node reports how it is doing; empty if it does not. */
  public Optional<String> node() {
    return Optional.ofNullable(parameters.get("node"));
  }

  /** Whether the node shares revocations of sessions. */
  public boolean hasRevocations() {
    String byDefault = parameters.containsKey("revocationsWithin") ? "true" : "false";
    return oneOf("revocations", byDefault, byDefault.equals("true") ? "false" : "true")
        .equals("true");
  }

  /** How long the node accepts tokens without having read revocations; empty for ever. */
  public Optional<Duration> revocationsWithin() {
    String text = parameters.get("revocationsWithin");
    if (text == null) {
      return Optional.empty();
    }
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw new IllegalArgumentException(
          "location parameter revocationsWithin is no time such as 60s, 5m or 1h");
    }
    int number = Integer.parseInt(time.group("number"));
    return Optional.of(
        switch (time.group("unit")) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        });
  }

  /** The first is the default. */
  private String oneOf(String name, String... allowed) {
    String value = parameters.getOrDefault(name, allowed[0]);
    if (!Arrays.asList(allowed).contains(value)) {
      throw new IllegalArgumentException(
          "location parameter "
              + name
              + " is another than the allowed "
              + Arrays.stream(allowed).collect(Collectors.joining(", ")));
    }
    return value;
  }

  private static String constant(String value) {
    return value.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static String decoded(String value) {
    // A plus is a plus here, as in RFC 3986, not a blank as in forms.
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /**
   * The store alone, without its own parameters, and of a server with a user in its address the
   * scheme alone: a reference may be somebody's mistaken secret, and passwords stand in all those
   * places.
   */
  @Override
  public String toString() {
    String text = store.toString();
    if ("file".equals(store.getScheme())) {
      return text;
    }
    boolean user = text.contains("@") || text.contains("("); // MySQL has both forms.
    return user ? store.getScheme() + ":…" : text.split("[?;]", 2)[0];
  }
}
