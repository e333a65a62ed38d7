package dev.satchel.benchmarks;

import java.util.zip.Deflater;

/**
 * Session tokens of other frameworks, by formula: characters of the cookie's value for the same
 * serialized attributes. Taken from those frameworks' sources; each is checked against sizes
 * computed by hand from the same sources.
 */
enum OtherFormat {
  PLAY("Play 3 (HS256, readable)") {
    @Override
    int characters(byte[] json) {
      return 65 + base64Url(json.length + 43);
    }
  },
  VERTX("Vert.x CookieSessionStore") {
    @Override
    int characters(byte[] json) {
      return base64Url(98 + json.length); // one attribute with a name of one character
    }
  },
  QUARKUS_KEY_WRAP("Quarkus OIDC, A256GCMKW") {
    @Override
    int characters(byte[] json) {
      return 205 + base64Url(json.length);
    }
  },
  QUARKUS_DIRECT("Quarkus OIDC, dir") {
    @Override
    int characters(byte[] json) {
      return 81 + base64Url(json.length);
    }
  },
  KTOR("Ktor, encrypt transformer") {
    @Override
    int characters(byte[] json) {
      return 102 + 2 * cbc(json.length);
    }
  },
  ASP_NET("ASP.NET Core, GCM") {
    @Override
    int characters(byte[] json) {
      return base64Url(64 + json.length);
    }
  },
  RACK("rack-session 2") {
    @Override
    int characters(byte[] json) {
      int bytes = 61 + 32 * ((json.length + 50) / 32 + 1);
      return base64(bytes) + 2 * padding(bytes); // each = is escaped as %3D
    }
  },
  RODA("Roda sessions") {
    @Override
    int characters(byte[] json) {
      int bytes = 81 + 32 * ((json.length + 10 + 31) / 32);
      return base64(bytes) + 2 * padding(bytes);
    }
  },
  IRON("iron-session") {
    @Override
    int characters(byte[] json) {
      return 222 + base64Url(cbc(json.length));
    }
  },
  AUTH_JS("Auth.js") {
    @Override
    int characters(byte[] json) {
      return 243 + base64Url(cbc(json.length + 79));
    }
  },
  FLASK("Flask (readable)") {
    @Override
    int characters(byte[] json) {
      int deflated = zlib(json);
      return deflated < json.length - 1 ? 36 + base64Url(deflated) : 35 + base64Url(json.length);
    }
  },
  PHOENIX("Plug/Phoenix") {
    @Override
    int characters(byte[] json) {
      return 4 + base64Url(40 + json.length);
    }
  },
  RESTY("lua-resty-session 4") {
    @Override
    int characters(byte[] json) {
      return 110 + base64Url(json.length);
    }
  },
  HELIDON("Helidon OIDC cookies") {
    @Override
    int characters(byte[] json) {
      return base64(49 + Math.min(json.length, zlib(json) + 12)); // gzip's frame is 12 bytes more
    }
  },
  /** No JOSE: version, key id, nonce, ciphertext, tag. What framing costs at the least. */
  BINARY("smallest binary AEAD") {
    @Override
    int characters(byte[] json) {
      return base64Url(30 + json.length);
    }
  };

  private final String title;

  OtherFormat(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Characters of the value for these serialized attributes. */
  abstract int characters(byte[] json);

  static int base64Url(int bytes) {
    return (4 * bytes + 2) / 3;
  }

  static int base64(int bytes) {
    return 4 * ((bytes + 2) / 3);
  }

  private static int padding(int bytes) {
    return (3 - bytes % 3) % 3;
  }

  private static int cbc(int bytes) {
    return 16 * (bytes / 16 + 1);
  }

  private static int zlib(byte[] json) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(json);
      deflater.finish();
      return deflater.deflate(new byte[json.length + 64]);
    } finally {
      deflater.end();
    }
  }
}
