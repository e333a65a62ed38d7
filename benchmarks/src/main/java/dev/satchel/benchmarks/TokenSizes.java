package dev.satchel.benchmarks;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import tools.jackson.databind.json.JsonMapper;

/** Characters on the wire, by making tokens; for frameworks of other platforms, by formula. */
public final class TokenSizes {
  /** What browsers take for one cookie: RFC 6265bis §5.7, in practice for the whole header line. */
  private static final int COOKIE_LIMIT = 4096;

  private static final String COOKIE = "__Host-Http-shop=; Path=/; Secure; HttpOnly; SameSite=Lax";

  /** Half past, with milliseconds: sessions that have just begun. */
  private static final Instant NOW = Instant.parse("2026-06-01T12:30:00.345Z");

  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final String[] WORDS = {
    "account", "basket", "delivery", "editor", "favourite", "invoice", "language", "newsletter"
  };

  private TokenSizes() {}

  /**
   * Writes {@code sizes.json}.
   *
   * @param args the file
   */
  public static void main(String[] args) {
    if (args.length != 1) {
      throw new IllegalArgumentException("usage: TokenSizes FILE");
    }
    Machine.write(Path.of(args[0]), measure());
  }

  static Map<String, Object> measure() {
    Map<String, Object> sizes = new LinkedHashMap<>();
    sizes.put("machine", Machine.describe());
    sizes.put("samples", samples());
    sizes.put("random", random());
    sizes.put("cookie", cookie());
    return sizes;
  }

  /** One row per way to write a token; a column per sample. */
  private static List<Object> samples() {
    List<Object> rows = new ArrayList<>();
    rows.add(row("attributes as JSON", "", sample -> json(sample.attributes()).length));
    for (Profile profile : Profile.values()) {
      for (Library library : Library.values()) {
        if (library != Library.FLOOR && library.has(profile)) {
          Carrier<?> carrier = library.carrier(profile, CLOCK);
          Map<String, Object> row =
              row(
                  library.title(),
                  profile.name(),
                  sample -> token(carrier, sample.attributes()).length());
          row.put("framing", framing(token(carrier, Sample.S.attributes())));
          rows.add(row);
        }
      }
    }
    for (OtherFormat format : OtherFormat.values()) {
      rows.add(
          row(format.title(), "formula", sample -> format.characters(json(sample.attributes()))));
    }
    return rows;
  }

  private static Map<String, Object> row(
      String title, String profile, ToIntFunction<Sample> characters) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("title", title);
    row.put("profile", profile);
    for (Sample sample : Sample.values()) {
      row.put(sample.name(), characters.applyAsInt(sample));
    }
    return row;
  }

  /** Everything but the payload: header, initialization vector, tag, dots. */
  private static int framing(String token) {
    int payload = 0;
    for (String segment : token.split("\\.", -1)) {
      payload = Math.max(payload, segment.length());
    }
    return token.length() - payload;
  }

  /** Sessions of 50 to 3,000 bytes, half words and half noise. */
  private static List<Object> random() {
    Map<String, ToIntFunction<Map<String, Object>>> ways = ways();
    List<Object> rows = new ArrayList<>();
    for (int bytes = 50; bytes <= 3000; bytes += 50) {
      Map<String, Object> attributes = randomSession(new Random(bytes), bytes);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("bytes", json(attributes).length);
      ways.forEach((title, way) -> row.put(title, way.applyAsInt(attributes)));
      rows.add(row);
    }
    return rows;
  }

  /** The sealed ways of everybody, by title. */
  private static Map<String, ToIntFunction<Map<String, Object>>> ways() {
    Map<String, ToIntFunction<Map<String, Object>>> ways = new LinkedHashMap<>();
    for (Profile profile : List.of(Profile.A256GCM_DEF, Profile.A256GCM)) {
      for (Library library : Library.values()) {
        if (library != Library.FLOOR && library.has(profile)) {
          Carrier<?> carrier = library.carrier(profile, CLOCK);
          ways.put(
              library.title() + (profile.compressed() ? ", zip" : ""),
              attributes -> token(carrier, attributes).length());
        }
      }
    }
    for (OtherFormat format : OtherFormat.values()) {
      ways.put(format.title(), attributes -> format.characters(json(attributes)));
    }
    return ways;
  }

  static Map<String, Object> randomSession(Random random, int bytes) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("user", "u-" + random.nextInt(100_000));
    for (int i = 0; json(attributes).length < bytes; i++) {
      String name = WORDS[random.nextInt(WORDS.length)] + i;
      int room = Math.max(1, bytes - json(attributes).length - name.length() - 6);
      switch (random.nextInt(4)) {
        case 0 -> attributes.put(name, random.nextInt());
        case 1 -> attributes.put(name, words(random, Math.min(room, 40)));
        default -> attributes.put(name, Sample.text(random, Math.min(room, 40) * 3 / 4 + 1));
      }
    }
    return attributes;
  }

  private static String words(Random random, int length) {
    StringBuilder words = new StringBuilder();
    while (words.length() < length) {
      words.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    return words.substring(0, length);
  }

  /** The largest session, in bytes of serialized attributes, whose cookie a browser takes. */
  private static List<Object> cookie() {
    List<Object> rows = new ArrayList<>();
    ways()
        .forEach(
            (title, way) -> {
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("title", title);
              row.put("noise", largest(way, TokenSizes::noise));
              row.put("cart", largest(way, TokenSizes::cart));
              rows.add(row);
            });
    return rows;
  }

  private static Map<String, Object> noise(int size) {
    return Map.of("n", Sample.text(new Random(5), size));
  }

  private static Map<String, Object> cart(int size) {
    return Map.of("cart", Sample.cart(new Random(6), size));
  }

  private static int largest(
      ToIntFunction<Map<String, Object>> way, IntFunction<Map<String, Object>> sessionOfSize) {
    int fits = 0;
    for (int step = 4096; step > 0; step /= 2) {
      int size = fits + step;
      // Nobody takes more than 16 KB, compressed or not; longer texts are not asked for.
      if (json(sessionOfSize.apply(size)).length < 16 * 1024
          && COOKIE.length() + way.applyAsInt(sessionOfSize.apply(size)) <= COOKIE_LIMIT) {
        fits = size;
      }
    }
    return json(sessionOfSize.apply(fits)).length;
  }

  private static String token(Carrier<?> carrier, Map<String, Object> attributes) {
    return Exercise.of(carrier, attributes).token();
  }

  static byte[] json(Map<String, Object> attributes) {
    return MAPPER.writeValueAsBytes(attributes);
  }
}
