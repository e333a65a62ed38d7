package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** The table of README.md is what the fleet does. {@code -Dsatchel.write=true} writes it anew. */
class FleetTest {
  private static final Path README = Path.of("README.md");
  private static final String BEGIN = "<!-- made by FleetTest -->\n";
  private static final String END = "<!-- end -->\n";

  /** Alarms of the node that is cut off are what it is for. */
  private static final Logger LOGGER = Logger.getLogger("dev.satchel.keys");

  @Test
  void readme_tableOfTheFleet_isWhatItDoes() throws IOException {
    LOGGER.setLevel(Level.OFF);
    Fleet fleet = new Fleet();
    String table = fleet.table();
    RotationPolicy policy = RotationPolicy.defaults();
    assertThat(fleet.slowestThatReachedTheStore())
        .as("I8")
        .isLessThanOrEqualTo(policy.propagation().plus(policy.probeInterval()).plusMillis(1));
    String page = Files.readString(README);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    if (Boolean.getBoolean("satchel.write")) {
      Files.writeString(README, page.substring(0, from) + table + page.substring(to));
      return;
    }
    assertThat(page.substring(from, to))
        .as("figures of README.md; -Dsatchel.write=true writes them anew")
        .isEqualTo(table);
  }
}
