package dev.satchel.keys.cli;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes one key. */
@Command(
    name = "generate",
    description =
        "Make one key as a JWK: for a ring of fixed keys, or (A256KW) to seal rings under.",
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  /** 48 random bits, 8 characters: an id says nothing about its key, unlike a thumbprint of it. */
  private static final int ID_LENGTH = 6;

  private final Invocation invocation;

  @Option(
      names = "--alg",
      paramLabel = "NAME",
      required = true,
      description = "A256GCM, A256CBC-HS512, A256KW, HS256, ES256, Ed25519 or Ed25519+A256GCM")
  private String algorithm = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to, readable by its owner only; - for standard output")
  private @Nullable String out;

  @Option(names = "--kid", paramLabel = "ID", description = "the key's id; default random")
  private @Nullable String id;

  @Option(names = "--force", description = "replace FILE, keeping it as FILE.bak")
  private boolean force;

  @Option(names = "--reveal", description = "show the secret even on a terminal")
  private boolean reveal;

  GenerateCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (out == null) {
      throw new UsageException("where to? Give --out FILE, or --out - for standard output");
    }
    SessionKey key =
        SessionKey.generate(
            id == null ? randomId() : id, TokenAlgorithm.of(algorithm), invocation.random());
    String jwk = key.toSecretJwk() + "\n";
    if (out.equals("-")) {
      if (invocation.outIsTerminal() && !reveal) {
        throw new UsageException(
            "standard output is a terminal, and the key is a secret; --reveal shows it anyway");
      }
      invocation.out().print(jwk);
      invocation.out().flush();
    } else {
      OwnerFile.write(Path.of(out), jwk.getBytes(StandardCharsets.UTF_8), force);
    }
    invocation.say("key " + key.id() + " for " + key.algorithm().label());
    key.toPublicJwk().ifPresent(publicJwk -> invocation.say("public part: " + publicJwk));
    return ExitCode.OK;
  }

  private String randomId() {
    byte[] bytes = new byte[ID_LENGTH];
    invocation.random().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
