package dev.satchel.benchmarks;

import java.time.InstantSource;

/** What is compared. */
public enum Library {
  SATCHEL("Satchel") {
    @Override
    Carrier<?> carrier(Profile profile, InstantSource clock) {
      return new SatchelCarrier(profile, clock);
    }
  },
  NIMBUS("Nimbus JOSE+JWT") {
    @Override
    Carrier<?> carrier(Profile profile, InstantSource clock) {
      return profile.sealed()
          ? new NimbusSealedCarrier(profile, clock)
          : new NimbusSignedCarrier(profile, clock);
    }
  },
  JOSE4J("jose4j") {
    @Override
    Carrier<?> carrier(Profile profile, InstantSource clock) {
      return profile.sealed()
          ? new Jose4jSealedCarrier(profile, clock)
          : new Jose4jSignedCarrier(profile, clock);
    }
  },
  JJWT("JJWT") {
    @Override
    Carrier<?> carrier(Profile profile, InstantSource clock) {
      return new JjwtCarrier(profile, clock);
    }
  },
  JAVA_JWT("java-jwt") {
    @Override
    boolean has(Profile profile) {
      return profile == Profile.HS256 || profile == Profile.ES256;
    }

    @Override
    Carrier<?> carrier(Profile profile, InstantSource clock) {
      return new JavaJwtCarrier(profile, clock);
    }
  },
  /** Bare JCA and JDK Base64 over the same bytes, with reused objects: no JSON, no checks. */
  FLOOR("bare JDK") {
    @Override
    Carrier<?> carrier(Profile profile, InstantSource clock) {
      return profile.sealed() ? new SealedFloor(profile, clock) : new SignedFloor(profile, clock);
    }
  };

  private final String title;

  Library(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Whether the library can do this at all. */
  boolean has(Profile profile) {
    return true;
  }

  /** A carrier of its own keys and clock; expensive, made once. */
  abstract Carrier<?> carrier(Profile profile, InstantSource clock);
}
