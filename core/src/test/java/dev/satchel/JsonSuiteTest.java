package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** nst/JSONTestSuite as the value of an attribute of an authentic token. */
class JsonSuiteTest {
  private final SessionKey key = TestKeys.key(TokenAlgorithm.A256GCM);
  private final TokenCodec codec = TestKeys.codec(key).build();
  private final Minter minter = new Minter(key);

  private Decoded decode(byte[] value) {
    byte[] before = minter.claims("{\"x\":").getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.write(before, 0, before.length - 1);
    payload.writeBytes(value);
    payload.writeBytes("}}".getBytes(StandardCharsets.US_ASCII));
    return codec.decode(minter.token(payload.toByteArray()));
  }

  @Test
  void control_valueInTheMiddle_isAccepted() {
    assertThat(decode("1".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(Decoded.Accepted.class);
  }

  @Test
  void text_thatIsNoJson_isUnreadable() {
    Set<String> lazily = new TreeSet<>();
    List<Path> files = VectorFolder.files("json-test-suite/test_parsing", "n_*.json");
    for (Path file : files) {
      Decoded decoded = decode(VectorFolder.bytes(file));
      if (decoded instanceof Decoded.Rejected rejected) {
        assertThat(rejected.reason()).as("%s", file).isIn(Rejection.UNREADABLE, Rejection.TOO_LONG);
        continue;
      }
      // Strings are decoded when they are read.
      lazily.add(file.getFileName().toString());
      try {
        Object value = ((Decoded.Accepted) decoded).state().attribute("x");
        throw new AssertionError(file + " was read as " + value);
      } catch (AttributeException e) {
        assertThat(e).hasNoCause();
      }
    }
    assertThat(files).hasSizeGreaterThan(150);
    assertThat(lazily).as("refused only once the attribute is read").isEmpty();
  }

  @Test
  void text_thatIsJson_isReadOrRefusedAsAWhole() {
    // What our dialect adds: names once only, and a number is at most 64 characters long.
    Set<String> refused = new TreeSet<>();
    List<Path> files = VectorFolder.files("json-test-suite/test_parsing", "y_*.json");
    for (Path file : files) {
      if (decode(VectorFolder.bytes(file)) instanceof Decoded.Accepted accepted) {
        try {
          accepted.state().attribute("x");
        } catch (AttributeException e) {
          refused.add(file.getFileName().toString());
        }
      } else {
        refused.add(file.getFileName().toString());
      }
    }
    assertThat(files).hasSizeGreaterThan(90);
    assertThat(refused)
        .containsExactly(
            "y_number_double_close_to_zero.json",
            "y_object_duplicated_key.json",
            "y_object_duplicated_key_and_value.json",
            "y_structure_lonely_null.json");
  }

  @Test
  void text_thatMayBeJson_isReadOrRefusedWithoutAnException() {
    List<Path> files = VectorFolder.files("json-test-suite/test_parsing", "i_*.json");
    for (Path file : files) {
      if (decode(VectorFolder.bytes(file)) instanceof Decoded.Accepted accepted) {
        SessionState state = accepted.state();
        try {
          state.attribute("x");
        } catch (AttributeException e) {
          assertThat(e).hasNoCause();
        }
        // Carried on as it is, whatever it is.
        TestKeys.accept(codec, codec.encode(state.withAttribute("y", 1)));
      }
    }
    assertThat(files).hasSizeGreaterThan(30);
  }
}
