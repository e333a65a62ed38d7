package dev.satchel.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The sessions that are measured. Values are of types that every library writes as plain JSON, and
 * the same in every run.
 */
public enum Sample {
  /** Three attributes, some 64 bytes: somebody is signed in. */
  S {
    @Override
    Map<String, Object> attributes() {
      Map<String, Object> session = new LinkedHashMap<>();
      session.put("user", "u-18234");
      session.put("role", "editor");
      session.put("csrf", text(new Random(1), 12));
      return session;
    }
  },

  /** Twelve attributes, some 512 bytes: a shop's session. */
  M {
    @Override
    Map<String, Object> attributes() {
      Random random = new Random(2);
      Map<String, Object> session = new LinkedHashMap<>();
      session.put("user", "u-18234");
      session.put("name", "Zoë Müller-Lüdenscheidt");
      session.put("roles", List.of("customer", "reviewer"));
      session.put("locale", "de-CH");
      session.put("zone", "Europe/Zurich");
      session.put("csrf", text(random, 24));
      session.put("visits", 17);
      session.put("signedIn", true);
      session.put("theme", "dark");
      session.put("landing", "/autumn/coats?utm_source=newsletter");
      session.put("cart", cart(random, 3));
      session.put("flash", "Your address was saved.");
      return session;
    }
  },

  /** Some 3 KB, most of it the three tokens of an OpenID Connect sign-in. */
  L {
    @Override
    Map<String, Object> attributes() {
      Random random = new Random(3);
      Map<String, Object> session = new LinkedHashMap<>();
      session.put("user", "u-18234");
      session.put("idToken", idToken(random, 700));
      session.put("accessToken", idToken(random, 700));
      session.put("refreshToken", text(random, 192));
      session.put("visits", 17);
      return session;
    }
  },

  /** A cart of thirty lines, some 2.7 KB of JSON: what compresses. */
  XL {
    @Override
    Map<String, Object> attributes() {
      Random random = new Random(4);
      Map<String, Object> session = new LinkedHashMap<>();
      session.put("user", "u-18234");
      session.put("locale", "de-CH");
      session.put("csrf", text(random, 24));
      session.put("visits", 17);
      session.put("cart", cart(random, 30));
      return session;
    }
  };

  /** An attribute of every sample: what a request reads that reads one. */
  static final String USER = "user";

  /** The attribute that a request changes: a number. */
  static final String VISITS = "visits";

  private static final String[] GOODS = {
    "Wool coat, navy",
    "Linen shirt, white",
    "Rain boots, yellow",
    "Silk scarf, printed",
    "Denim jacket, washed",
    "Canvas belt, olive"
  };

  /** A new map of the session's attributes, in their order. */
  abstract Map<String, Object> attributes();

  /** Base64url of this many random bytes, which no compression makes shorter than those bytes. */
  static String text(Random random, int bytes) {
    byte[] noise = new byte[bytes];
    random.nextBytes(noise);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(noise);
  }

  static List<Object> cart(Random random, int lines) {
    List<Object> cart = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("sku", String.format("SKU-%06d", random.nextInt(1_000_000)));
      line.put("title", GOODS[random.nextInt(GOODS.length)]);
      line.put("qty", 1 + random.nextInt(4));
      line.put("cents", 990 + 100 * random.nextInt(200));
      line.put("gift", random.nextInt(8) == 0);
      cart.add(line);
    }
    return cart;
  }

  /** Looks like a signed token of an identity provider: header, claims, 256 bytes of signature. */
  private static String idToken(Random random, int claims) {
    String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"" + text(random, 24) + "\"}";
    StringBuilder body =
        new StringBuilder(
            "{\"iss\":\"https://login.example.org/realms/shop\",\"aud\":\"shop-web\"");
    while (body.length() < claims) {
      body.append(",\"scope_").append(random.nextInt(1000)).append("\":\"");
      body.append(text(random, 12)).append('"');
    }
    body.append('}');
    return base64(header) + "." + base64(body.toString()) + "." + text(random, 256);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
