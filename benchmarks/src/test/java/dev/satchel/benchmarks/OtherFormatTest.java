package dev.satchel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formulae give the sizes that were worked out by hand for incompressible attributes. */
class OtherFormatTest {
  @ParameterizedTest
  @CsvSource({
    "PLAY, 208, 805, 4219",
    "VERTX, 216, 814, 4227",
    "QUARKUS_KEY_WRAP, 291, 888, 4301",
    "QUARKUS_DIRECT, 167, 764, 4177",
    "KTOR, 262, 1158, 6278",
    "ASP_NET, 171, 768, 4182",
    "RACK, 252, 856, 4266",
    "RODA, 236, 840, 4250",
    "IRON, 329, 926, 4340",
    "AUTH_JS, 435, 1033, 4446",
    "FLASK, 121, 718, 4131",
    "PHOENIX, 143, 740, 4154",
    "RESTY, 196, 793, 4206",
    "HELIDON, 152, 748, 4164",
    "BINARY, 126, 723, 4136"
  })
  void givesTheSizesOfNoise(OtherFormat format, int of64, int of512, int of3072) {
    assertThat(format.characters(noise(64))).isEqualTo(of64);
    assertThat(format.characters(noise(512))).isEqualTo(of512);
    assertThat(format.characters(noise(3072))).isEqualTo(of3072);
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }
}
