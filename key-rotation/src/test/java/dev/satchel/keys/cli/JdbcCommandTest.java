package dev.satchel.keys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.SeededRandom;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** What a copy of a table often lacks, and a database that confirms too early. */
  @Test
  void doctor_tableWithoutKey_andHastyDatabase_policy(@TempDir Path temp) throws Exception {
    String url = "jdbc:h2:file:" + temp.resolve("rings");
    String ring = url + "?kek=env:KEK";
    cli.environment.put(
        "KEK",
        SessionKey.generate("kek", TokenAlgorithm.A256KW, new SeededRandom(1)).toSecretJwk());
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      cli.run("init", "--store", ring);
      statement.executeUpdate(cli.err().substring(cli.err().indexOf("create table")));
      assertThat(cli.run("init", "--store", ring)).isEqualTo(ExitCode.OK);
      cli.time.setWall(Instant.now());
      assertThat(cli.run("doctor", "--store", ring)).isEqualTo(ExitCode.POLICY);
      assertThat(cli.out()).contains("WRITE_DELAY is not 0").doesNotContain("primary key");
      statement.execute("set write_delay 0");
      assertThat(cli.run("doctor", "--store", ring)).isEqualTo(ExitCode.OK);
      statement.executeUpdate("create table copy as select * from satchel_key_ring");
      assertThat(cli.run("doctor", "--store", url + "?table=copy&kek=env:KEK"))
          .isEqualTo(ExitCode.POLICY);
      assertThat(cli.out()).contains("primary key").doesNotContain("WRITE_DELAY");
    }
  }

  /** What nodes would find out one sign-out after the other. */
  @Test
  void doctor_ofRevocations_tableMissing_andNoRightToAdd(@TempDir Path temp) throws Exception {
    String url = "jdbc:h2:file:" + temp.resolve("rings");
    String parameters = "?kek=env:KEK&revocations=true";
    cli.environment.put(
        "KEK",
        SessionKey.generate("kek", TokenAlgorithm.A256KW, new SeededRandom(1)).toSecretJwk());
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      cli.run("init", "--store", url + parameters);
      statement.executeUpdate(cli.err().substring(cli.err().indexOf("create table")));
      assertThat(cli.run("init", "--store", url + parameters)).isEqualTo(ExitCode.OK);
      statement.execute("set write_delay 0");
      cli.time.setWall(Instant.now());
      assertThat(cli.run("doctor", "--store", url + parameters)).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(cli.out()).contains("create table if not exists satchel_key_ring_revoked");
      statement.executeUpdate(cli.out().substring(cli.out().indexOf("create table")));
      assertThat(cli.run("doctor", "--store", url + parameters)).isEqualTo(ExitCode.OK);
      statement.execute("create user reader password 'reader'");
      statement.execute("grant select on satchel_key_ring, satchel_key_ring_revoked to reader");
      String reader = url + ";USER=reader;PASSWORD=reader" + parameters;
      assertThat(cli.run("doctor", "--store", reader)).isEqualTo(ExitCode.POLICY);
      assertThat(cli.out()).contains("can be read and not added");
    }
  }

  @Test
  void driver_missing_saysHowToAddOne() {
    assertThat(cli.run("status", "--store", "jdbc:db2://db/shop?insecurePlaintext=true"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(cli.err()).contains("java -cp satchel-keys.jar:DRIVER.jar");
  }
}
