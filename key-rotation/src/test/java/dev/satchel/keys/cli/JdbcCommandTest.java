package dev.satchel.keys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The command on a table: nothing special but that somebody has to create the table. */
class JdbcCommandTest {
  private final CommandLineFixture cli = new CommandLineFixture();

  @Test
  void ring_inATable_fromInitToDoctor() throws Exception {
    String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";PASSWORD=hunter2";
    String ring = url + "?row=shop&insecurePlaintext=true";
    try (Connection keepsItAlive = DriverManager.getConnection(url);
        Statement statement = keepsItAlive.createStatement()) {
      assertThat(cli.run("init", "--store", ring)).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(cli.err()).contains("create table if not exists satchel_key_ring");
      statement.executeUpdate(cli.err().substring(cli.err().indexOf("create table")));

      assertThat(cli.run("status", "--store", ring)).isEqualTo(ExitCode.ERROR);
      assertThat(cli.run("init", "--store", ring)).isEqualTo(ExitCode.OK);
      assertThat(cli.said()).contains("created ring").doesNotContain("hunter2");
      assertThat(cli.run("init", "--store", ring)).isEqualTo(ExitCode.CONFLICT);
      assertThat(cli.run("rotate", "--store", ring, "--emergency", "--yes")).isEqualTo(ExitCode.OK);
      assertThat(cli.run("status", "--store", ring, "--json")).isEqualTo(ExitCode.OK);
      assertThat(cli.out()).contains("\"epoch\" : 2").doesNotContain("hunter2");
      cli.run("doctor", "--store", ring);
      assertThat(cli.said()).contains("not sealed").doesNotContain("hunter2");
    }
  }

  @Test
  void driver_missing_saysHowToAddOne() {
    assertThat(cli.run("status", "--store", "jdbc:db2://db/shop?insecurePlaintext=true"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(cli.err()).contains("java -cp satchel-keys.jar:DRIVER.jar");
  }
}
