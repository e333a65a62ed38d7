package dev.satchel.keys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionRevocations;
import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import dev.satchel.keys.KeyRingLocation;
import dev.satchel.keys.RotatingKeySource;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignOutCommandTest {
  private final CommandLineFixture cli = new CommandLineFixture();

  @BeforeEach
  void init() {
    assertThat(cli.run("init", "--store", cli.ring)).isEqualTo(ExitCode.OK);
  }

  private int signOut(String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "sign-out";
    all[1] = "--store";
    all[2] = cli.ring;
    System.arraycopy(options, 0, all, 3, options.length);
    return cli.run(all);
  }

  /** What a node knows that starts now. */
  private SessionRevocations atANode() {
    KeyRingLocation location = KeyRingLocation.of(URI.create(cli.ring));
    RotatingKeySource node =
        RotatingKeySource.builder(location.openStore(cli.time), location.kek(cli.environment::get))
            .clock(cli.time)
            .revocations()
            .build();
    node.close();
    return node.revocations().orElseThrow();
  }

  private SessionState session() {
    KeyRingLocation location = KeyRingLocation.of(URI.create(cli.ring));
    try (RotatingKeySource node =
        RotatingKeySource.builder(location.openStore(cli.time), location.kek(cli.environment::get))
            .clock(cli.time)
            .build()) {
      return TokenCodec.builder(TokenContext.cookie("shop", "s"), node)
          .clock(cli.time)
          .build()
          .create()
          .withSubject("ann");
    }
  }

  @Test
  void session_endsForAsLongAsAnyLives() {
    SessionState session = session();
    assertThat(signOut("--session", session.id(), "--yes")).isEqualTo(ExitCode.OK);
    assertThat(cli.err()).contains("This session ends", "within 20 s");
    assertThat(cli.said()).doesNotContain(session.id());
    assertThat(atANode().isRevoked(session)).isTrue();
    cli.time.advance(Duration.ofHours(24));
    assertThat(atANode().isRevoked(session)).isTrue();
    assertThat(signOut("--session", session.id(), "--yes")).isEqualTo(ExitCode.OK); // twice is once
  }

  @Test
  void subject_now_orBefore() {
    SessionState early = session();
    cli.time.advance(Duration.ofHours(1));
    SessionState late = session();
    cli.time.advance(Duration.ofHours(1));
    String between = cli.time.instant().minus(Duration.ofMinutes(90)).toString();
    assertThat(signOut("--subject", "ann", "--before", between, "--yes")).isEqualTo(ExitCode.OK);
    assertThat(atANode().isRevoked(early)).isTrue();
    assertThat(atANode().isRevoked(late)).isFalse();
    assertThat(signOut("--subject", "ann", "--yes")).isEqualTo(ExitCode.OK);
    assertThat(cli.said()).doesNotContain("ann"); // whoever it is, not for logs
    assertThat(atANode().isRevoked(late)).isTrue();
    cli.time.advance(Duration.ofMillis(1));
    assertThat(atANode().isRevoked(session())).isFalse();
  }

  @Test
  void allBefore_everybody() {
    SessionState session = session().withoutSubject();
    cli.time.advance(Duration.ofMillis(1));
    assertThat(signOut("--all-before", cli.time.instant().toString(), "--yes"))
        .isEqualTo(ExitCode.OK);
    assertThat(atANode().isRevoked(session)).isTrue();
    assertThat(atANode().isRevoked(session())).isFalse();
  }

  @Test
  void notConfirmed_changesNothing() {
    SessionState session = session();
    cli.input = "yes\n";
    assertThat(signOut("--session", session.id())).isEqualTo(ExitCode.USAGE);
    assertThat(atANode().isRevoked(session)).isFalse();
    cli.input = "session\n";
    assertThat(signOut("--session", session.id())).isEqualTo(ExitCode.OK);
    assertThat(atANode().isRevoked(session)).isTrue();
  }

  @Test
  void dryRun_saysWhatWouldBe() {
    SessionState session = session();
    cli.time.advance(Duration.ofMillis(1));
    assertThat(signOut("--subject", "ann", "--dry-run")).isEqualTo(ExitCode.OK);
    assertThat(cli.err()).contains("Every session of this subject", "nothing was revoked");
    assertThat(atANode().isRevoked(session)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--yes",
        "--session short",
        "--session AAAAAAAAAAAAAAAAAAAAAB",
        "--session AAAAAAAAAAAAAAAAAAAAAA --subject ann",
        "--session AAAAAAAAAAAAAAAAAAAAAA --before 2026-01-01T00:00:00Z",
        "--subject ann --before yesterday",
        "--subject ann --all-before 2026-01-01T00:00:00Z",
        "--all-before 2026-01-01T00:05:01Z --dry-run",
        "--subject ann --before 2026-01-01T00:05:01Z --yes",
        "--subject= --yes"
      })
  void wrongUsage(String options) {
    assertThat(signOut(options.split(" "))).isEqualTo(ExitCode.USAGE);
    assertThat(cli.err()).isNotEmpty();
  }

  @Test
  void beforeAllLivingSessions_matchesNothing() {
    assertThat(signOut("--all-before", "2025-12-30T00:00:00Z", "--yes")).isEqualTo(ExitCode.POLICY);
    assertThat(cli.err()).contains("longer than 1 d", "nothing was revoked");
  }

  @Test
  void noRing_error() {
    assertThat(
            cli.run(
                "sign-out",
                "--all-before",
                "2026-01-01T00:00:00Z",
                "--store",
                "test:none" + "?insecurePlaintext=true"))
        .isEqualTo(ExitCode.ERROR);
  }
}
