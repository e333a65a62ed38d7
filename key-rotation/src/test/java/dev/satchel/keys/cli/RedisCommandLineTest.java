package dev.satchel.keys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.redis.RealRedis;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisCommandLineTest {
  private final CommandLineFixture cli = new CommandLineFixture();

  @TempDir Path temp;
  private RealRedis redis;
  private String ring;

  @BeforeEach
  void server() {
    redis = new RealRedis(temp, "--requirepass", "hunter2");
    Path kek = temp.resolve("kek.jwk");
    cli.run("generate", "--alg", "A256KW", "--out", kek.toString());
    ring = "redis://:hunter2@127.0.0.1:" + redis.port() + "/1?key=shop:ring&kek=file:" + kek;
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void verbs_ringInRedis_asInADirectory() {
    assertThat(run("status")).isEqualTo(ExitCode.ERROR);
    assertThat(cli.err()).contains("/1?key=shop:ring");
    assertThat(run("init")).isEqualTo(ExitCode.OK);
    assertThat(run("init")).isEqualTo(ExitCode.CONFLICT);
    assertThat(run("rotate", "--emergency", "--yes")).isEqualTo(ExitCode.OK);
    assertThat(run("status", "--json")).isEqualTo(ExitCode.OK);
    assertThat(cli.out()).contains("\"epoch\" : 2");
  }

  @Test
  void doctor_serverWithoutPersistence_policy() {
    run("init");
    assertThat(run("doctor")).isEqualTo(ExitCode.POLICY);
    assertThat(cli.out()).contains("appendonly yes").contains("use rediss:");
  }

  @Test
  void serverGone_noAnswer() {
    run("init");
    redis.kill();
    assertThat(run("status")).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(run("rotate", "--emergency", "--yes")).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(run("doctor")).isEqualTo(ExitCode.UNAVAILABLE);
  }

  @Test
  void wrongPassword_noAnswerAndNotInMessages() {
    ring = ring.replace("hunter2", "hunter3");
    // The client may see that the server hung up before it hears why; asked again, it says why.
    for (int i = 0; i < 10 && !cli.err().contains("WRONGPASS"); i++) {
      assertThat(run("status")).isEqualTo(ExitCode.UNAVAILABLE);
    }
    assertThat(cli.err()).contains("WRONGPASS");
  }

  private int run(String verb, String... more) {
    cli.time.setWall(Instant.now()); // the server has its own clock, by which keys are dated
    String[] args = new String[more.length + 3];
    args[0] = verb;
    args[1] = "--store";
    args[2] = ring;
    System.arraycopy(more, 0, args, 3, more.length);
    int code = cli.run(args);
    assertThat(cli.said()).doesNotContain("hunter");
    return code;
  }
}
