package dev.satchel.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/**
 * The cipher or the signature, and Base64, over the bytes that Satchel seals, as one writes it with
 * the JDK: no checks, no JSON, a copy where its methods make one. A session is those bytes. Objects
 * are reused where the JDK allows it, so it is for one thread.
 */
abstract class Floor implements Carrier<byte[]> {
  static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  static final Base64.Decoder DECODER = Base64.getUrlDecoder();
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final int BUCKET = 32; // FORMAT.md §6

  private final Profile profile;
  private final InstantSource clock;

  /** The header that Satchel writes now, with its dot. */
  final String header;

  Floor(Profile profile, InstantSource clock) {
    this.profile = profile;
    this.clock = clock;
    SatchelCarrier satchel = new SatchelCarrier(profile, clock);
    // Large and compressible, so that the header says zip where the profile does.
    String token = satchel.encode(satchel.create(Map.of("text", "a".repeat(1024))));
    this.header = token.substring(0, token.indexOf('.') + 1);
  }

  @Override
  public final byte[] create(Map<String, Object> attributes) {
    var now = clock.instant();
    Map<String, Object> claims =
        new LinkedHashMap<>(ClaimsSession.create(attributes, now).claims(now));
    claims.put("iat", new java.math.BigDecimal(now.toEpochMilli()).movePointLeft(3));
    claims.put("la", 0);
    if (profile.algorithm().isAsymmetric()) {
      claims.put("aud", SatchelCarrier.CONTEXT.toString());
    } else {
      claims.keySet().removeAll(Set.of("exp", "la", "mi")); // as is usual; both by FORMAT.md §4
    }
    byte[] json = MAPPER.writeValueAsBytes(claims);
    if (!profile.sealed()) {
      return json;
    }
    byte[] padded = Arrays.copyOf(json, (json.length + BUCKET - 1) / BUCKET * BUCKET);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  @Override
  public final byte[] with(byte[] session, String name, Object value) {
    return session;
  }

  @Override
  public final Set<String> names(byte[] session) {
    return Set.of();
  }

  @Override
  public final Object attribute(byte[] session, String name) {
    return session;
  }

  final void requireHeader(String token) {
    if (!token.startsWith(header)) {
      throw new IllegalArgumentException("header refused");
    }
  }

  static byte[] decode(String token, int from, int to) {
    return DECODER.decode(token.substring(from, to));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1); // the fastest of the JDK's
  }
}
