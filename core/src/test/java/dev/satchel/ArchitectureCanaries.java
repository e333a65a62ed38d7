package dev.satchel;

import com.nimbusds.jose.jwk.Curve;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.Cipher;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/** One class per rule of {@link ArchitectureTest}, each doing what its rule forbids. Never run. */
@SuppressWarnings({
  "unused",
  "JavaUtilDate",
  "JavaTimeDefaultTimeZone",
  "NonFinalStaticField",
  "BanJNDI"
})
final class ArchitectureCanaries {
  private ArchitectureCanaries() {}

  static final class Serializes {
    Object read(InputStream in) throws IOException, ClassNotFoundException {
      return new ObjectInputStream(in).readObject();
    }
  }

  static final class TypesByDefault {
    Object mapper() {
      return JsonMapper.builder()
          .activateDefaultTyping(
              BasicPolymorphicTypeValidator.builder().build(), DefaultTyping.NON_FINAL)
          .build();
    }
  }

  static final class ComparesInVariableTime {
    boolean verify(byte[] mac, byte[] expected) {
      return Arrays.equals(mac, expected);
    }
  }

  static final class Connects {
    Object connect() throws IOException {
      return new Socket("localhost", 1);
    }
  }

  static final class LooksAtTheClock {
    Object[] now() {
      return new Object[] {
        System.currentTimeMillis(),
        System.nanoTime(),
        Instant.now(),
        Clock.systemUTC(),
        InstantSource.system(),
        LocalDate.now(),
        new java.util.Date()
      };
    }
  }

  static final class KnowsNimbus {
    Object curve() {
      return Curve.P_256;
    }
  }

  static final class BindsData {
    Object mapper() {
      return new JsonMapper();
    }
  }

  static final class HoldsState {
    static int counter;
    static final ConcurrentHashMap<String, String> CACHE = new ConcurrentHashMap<>();
    static final ThreadLocal<SecureRandom> RANDOM = ThreadLocal.withInitial(SecureRandom::new);
  }

  static final class Streams {
    byte[] decrypt(Cipher cipher, byte[] ciphertext) {
      return cipher.update(ciphertext);
    }
  }

  static final class LoadsByName {
    Class<?> load(String name) throws ClassNotFoundException {
      return Class.forName(name);
    }
  }

  static final class RollsDice {
    Object[] roll() {
      return new Object[] {
        new Random(1).nextInt(),
        ThreadLocalRandom.current().nextInt(),
        Math.random(),
        UUID.randomUUID()
      };
    }
  }

  static final class Prints {
    void print(Exception e) {
      System.out.println(e);
      e.printStackTrace(System.err);
    }
  }
}
