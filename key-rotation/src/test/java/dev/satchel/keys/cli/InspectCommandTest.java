package dev.satchel.keys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeySource;
import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InspectCommandTest {
  private static final TokenContext CONTEXT = TokenContext.cookie("shop", "__Host-Http-shop");

  private final CommandLineFixture cli = new CommandLineFixture();
  private String token;

  @BeforeEach
  void token() {
    cli.run("init", "--store", cli.ring);
    try (KeySource keys = KeySource.open(URI.create(cli.ring), cli.time)) {
      TokenCodec codec = TokenCodec.builder(CONTEXT, keys).clock(cli.time).build();
      SessionState state =
          codec.create().withAttribute("cart", "12345678").withAttribute("name", "Ada");
      token = codec.encode(state);
    }
  }

  @Test
  void inspect_withoutRing_headerOnly() {
    assertThat(cli.run("inspect", token)).isEqualTo(ExitCode.OK);
    assertThat(cli.out())
        .contains("\"enc\":\"A256GCM\"")
        .contains("hour      2026-01-01T00:00:00Z")
        .doesNotContain("phase");
  }

  @Test
  void inspect_withRing_keyAndPhase() {
    String key = cli.keyIds().get(0);
    assertThat(cli.run("inspect", token, "--store", cli.ring)).isEqualTo(ExitCode.OK);
    assertThat(cli.out()).contains("key       " + key).contains("phase     ACTIVE");
  }

  @Test
  void inspect_decrypt_sizesAndNoValues() {
    cli.input = token + "\n";
    assertThat(cli.run("inspect", "-", "--store", cli.ring, "--decrypt", "--application", "shop"))
        .isEqualTo(ExitCode.OK);
    assertThat(cli.out()).containsPattern("10 +cart").containsPattern("5 +name");
    assertThat(cli.said()).doesNotContain("12345678").doesNotContain("Ada");
  }

  @Test
  void inspect_decryptJson_stableMembers() {
    assertThat(
            cli.run(
                "inspect",
                token,
                "--store",
                cli.ring,
                "--decrypt",
                "--application",
                "shop",
                "--json"))
        .isEqualTo(ExitCode.OK);
    assertThat(cli.out())
        .contains("\"header\"", "\"form\" : \"JWE\"", "\"length\"", "\"hour\"", "\"phase\"")
        .contains("\"cart\" : 10");
  }

  @Test
  void inspect_otherApplication_rejected() {
    assertThat(
            cli.run("inspect", token, "--store", cli.ring, "--decrypt", "--application", "other"))
        .isEqualTo(ExitCode.ERROR);
    assertThat(cli.out()).contains("rejected  UNAUTHENTIC");
  }

  @Test
  void inspect_foreignKey_saysSo() {
    String foreign = token(("{\"kid\":\"zzzzzzzz.1\"}"));
    assertThat(cli.run("inspect", foreign, "--store", cli.ring)).isEqualTo(ExitCode.OK);
    assertThat(cli.out()).contains("not in this ring");
  }

  @Test
  void inspect_notAToken_usage() {
    for (String text : new String[] {"x", "a.b.c", "....", "eyJ.eyJ.x", ""}) {
      assertThat(cli.run("inspect", text)).as(text).isEqualTo(ExitCode.USAGE);
    }
  }

  /** What a stranger wrote must not steer the terminal. */
  @Test
  void inspect_controlCharacters_escaped() {
    String hostile = token("{\"kid\":\"\\u001b[31mred\\u0007\",\"x\":\"\u202e\"}");
    assertThat(cli.run("inspect", hostile, "--store", cli.ring)).isEqualTo(ExitCode.OK);
    assertThat(cli.said()).matches("[\\x20-\\x7e\\n]*");
  }

  private static String token(String header) {
    return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(header.getBytes(StandardCharsets.UTF_8))
        + ".AA.AA.AA.AA";
  }
}
