package dev.satchel;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One fact about one token: header lines, an empty line, the token. Readers in other languages need
 * no more than this and FORMAT.md.
 *
 * <p>{@code expect} is {@code ACCEPTED} or a {@link Rejection}; {@code key} is the JWK of the
 * ring's only key; {@code absent} says what the ring knows of other keys; {@code revoked} is a
 * session id; {@code id} and {@code attributes} are those of an accepted session, the latter byte
 * for byte; {@code varies} gives the reason where the token cannot be made again byte for byte.
 */
record Vector(Map<String, String> header, String token) {
  static final String ACCEPTED = "ACCEPTED";

  static Vector rejected(Rejection reason, String comment, SessionKey key, String token) {
    return of(reason.name(), comment, key, token);
  }

  static Vector accepted(String comment, SessionKey key, String attributes, String token) {
    return of(ACCEPTED, comment, key, token)
        .with("id", Minter.SESSION_ID)
        .with("attributes", attributes);
  }

  private static Vector of(String expect, String comment, SessionKey key, String token) {
    Map<String, String> header = new LinkedHashMap<>();
    header.put("expect", expect);
    header.put("comment", comment);
    header.put("context", TestKeys.CONTEXT.toString());
    header.put("now", TestKeys.NOW.toString());
    header.put("key", key.toSecretJwk());
    return new Vector(header, token);
  }

  Vector with(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(header);
    changed.put(name, value);
    return new Vector(changed, token);
  }

  static Vector parse(String text) {
    int end = text.indexOf("\n\n");
    Map<String, String> header = new LinkedHashMap<>();
    for (String line : text.substring(0, end).split("\n", -1)) {
      int colon = line.indexOf(": ");
      header.put(line.substring(0, colon), line.substring(colon + 2));
    }
    return new Vector(header, text.substring(end + 2, text.length() - 1));
  }

  String text() {
    return header.entrySet().stream()
        .map(line -> line.getKey() + ": " + line.getValue() + "\n")
        .collect(Collectors.joining("", "", "\n" + token + "\n"));
  }

  boolean varies() {
    return header.containsKey("varies");
  }

  String expect() {
    return header.get("expect");
  }

  TokenCodec codec() {
    String[] context = header.get("context").split("/", -1);
    KeyRing ring = KeyRing.of(SessionKey.fromJwk(header.get("key")));
    KeySource.Absence absence = KeySource.Absence.valueOf(header.getOrDefault("absent", "UNKNOWN"));
    KeySource source =
        new KeySource() {
          @Override
          public KeyRing current() {
            return ring;
          }

          @Override
          public Absence absent(String keyId) {
            return absence;
          }
        };
    return TokenCodec.builder(new TokenContext(context[0], context[1], context[2]), source)
        .clock(() -> Instant.parse(header.get("now")))
        .revocationCheck(session -> session.id().equals(header.get("revoked")))
        .build();
  }

  /** What becomes of the token, in the words of the header. */
  String outcome() {
    Decoded decoded = codec().decode(token);
    return decoded instanceof Decoded.Rejected rejected ? rejected.reason().name() : ACCEPTED;
  }
}
