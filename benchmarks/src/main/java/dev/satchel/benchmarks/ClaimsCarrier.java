package dev.satchel.benchmarks;

import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** A session in the claims of a JWT library: attributes are a map of plain values. */
abstract class ClaimsCarrier implements Carrier<ClaimsSession> {
  /** Loaded for those alone that leave JSON to their user: it would slow the others' cold start. */
  private static final class Json {
    /**
     * RFC 7519 §4: claim names are unique. JJWT's parser and Nimbus' own are strict as well; for
     * java-jwt there is no such setting.
     */
    private static final JsonMapper MAPPER =
        JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    static final ObjectReader READER =
        MAPPER.readerFor(new TypeReference<Map<String, Object>>() {});
    static final ObjectWriter WRITER =
        MAPPER.writerFor(new TypeReference<Map<String, Object>>() {});
  }

  private final InstantSource clock;

  ClaimsCarrier(InstantSource clock) {
    this.clock = clock;
  }

  final InstantSource clock() {
    return clock;
  }

  /** The claims as JSON, for libraries that leave it to their user. */
  final byte[] json(ClaimsSession session) {
    return Json.WRITER.writeValueAsBytes(session.claims(clock.instant()));
  }

  /** The session of an authentic payload. */
  final ClaimsSession session(byte[] json) {
    Map<String, Object> claims = Json.READER.readValue(json);
    return ClaimsSession.of(claims, clock.instant());
  }

  static void require(boolean condition) {
    if (!condition) {
      throw new IllegalArgumentException("header or signature refused");
    }
  }

  @Override
  public final ClaimsSession create(Map<String, Object> attributes) {
    return ClaimsSession.create(attributes, clock.instant());
  }

  @Override
  public final ClaimsSession with(ClaimsSession session, String name, Object value) {
    session.attributes().put(name, value);
    return session;
  }

  @Override
  public final Set<String> names(ClaimsSession session) {
    return session.attributes().keySet();
  }

  @Override
  public final Object attribute(ClaimsSession session, String name) {
    return Objects.requireNonNull(session.attributes().get(name));
  }
}
