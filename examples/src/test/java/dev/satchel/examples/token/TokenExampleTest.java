package dev.satchel.examples.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TokenExampleTest {

  @Test
  void saysWhatItsDescriptionPromises() {
    var bytes = new ByteArrayOutputStream();
    TokenExample.run(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .hasSize(5)
        .anySatisfy(line -> assertThat(line).matches("minted: \\d+ characters"))
        .contains(
            "read: ada, visits 1",
            "tampered: UNAUTHENTIC",
            "rotated: accepted under first, to be reissued",
            "reissued: under second, visits 2");
  }
}
