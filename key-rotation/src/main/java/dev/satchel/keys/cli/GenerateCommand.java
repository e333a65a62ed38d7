package dev.satchel.keys.cli;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.RecipientKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes one key. */
@Command(
    name = "generate",
    description =
        "Make one key as a JWK: for a ring of fixed keys, or to seal rings under (A256KW, or"
            + " ECDH-ES+A256KW whose public part others can seal for).",
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  /** 48 random bits, 8 characters: an id says nothing about its key, unlike a thumbprint of it. */
  private static final int ID_LENGTH = 6;

  private final Invocation invocation;

  @Option(
      names = "--alg",
      paramLabel = "NAME",
      required = true,
      description =
          "A256GCM, A256CBC-HS512, A256KW, HS256, ES256, Ed25519, Ed25519+A256GCM or"
              + " ECDH-ES+A256KW")
  private String algorithm = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to, readable by its owner only; - for standard output")
  private @Nullable String out;

  @Option(
      names = "--public",
      paramLabel = "FILE",
      description = "where to put the public part, for those who verify, or seal for this key")
  private @Nullable String publicFile;

  @Option(
      names = "--kid",
      paramLabel = "ID",
      description = "the key's id; default random, of ECDH-ES+A256KW always its thumbprint")
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
    Made made = make();
    if (publicFile != null) {
      requireFree(publicFile, made);
    }
    String jwk = made.secretJwk() + "\n";
    if (out.equals("-")) {
      if (invocation.outIsTerminal() && !reveal) {
        throw new UsageException(
            "standard output is a terminal, and the key is a secret; --reveal shows it anyway");
      }
      invocation.out().print(jwk);
      invocation.out().flush();
    } else {
      OwnerFile.write(Path.of(out), bytes(jwk), force);
    }
    made.publicJwk()
        .filter(open -> publicFile != null)
        .ifPresent(
            open ->
                OwnerFile.write(Path.of(String.valueOf(publicFile)), bytes(open + "\n"), force));
    invocation.say("key " + made.id() + " for " + algorithm);
    made.publicJwk().ifPresent(open -> invocation.say("public part: " + open));
    return ExitCode.OK;
  }

  private Made make() {
    if (algorithm.equals(RecipientKey.ALGORITHM)) {
      if (id != null) {
        throw new UsageException(
            "--kid cannot be chosen for " + algorithm + ": it is the key's thumbprint (RFC 7638)");
      }
      String secret = RecipientKey.generateJwk(invocation.random());
      RecipientKey open = RecipientKey.fromJwk(secret);
      return new Made(open.id(), secret, Optional.of(open.toJwk()));
    }
    SessionKey key =
        SessionKey.generate(
            id == null ? randomId() : id, TokenAlgorithm.of(algorithm), invocation.random());
    return new Made(key.id(), key.toSecretJwk(), key.toPublicJwk());
  }

  /** Before anything is written: half of a pair is of no use. */
  private void requireFree(String file, Made made) {
    if (made.publicJwk().isEmpty()) {
      throw new UsageException(algorithm + " is symmetric: such a key has no public part");
    }
    Path path = Path.of(file).toAbsolutePath().normalize();
    if (path.equals(Path.of(String.valueOf(out)).toAbsolutePath().normalize())) {
      throw new UsageException("--out and --public are the same file");
    }
    if (!force && Files.exists(path)) {
      throw new KeyRingException(
          KeyRingException.Reason.EXISTS,
          file + " exists; --force replaces it, keeping a .bak; nothing was written");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String randomId() {
    byte[] bytes = new byte[ID_LENGTH];
    invocation.random().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Held for as long as it takes to write; never shown. */
  private static final class Made {
    private final String id;
    private final String secretJwk;
    private final Optional<String> publicJwk;

    Made(String id, String secretJwk, Optional<String> publicJwk) {
      this.id = id;
      this.secretJwk = secretJwk;
      this.publicJwk = publicJwk;
    }

    String id() {
      return id;
    }

    String secretJwk() {
      return secretJwk;
    }

    Optional<String> publicJwk() {
      return publicJwk;
    }
  }
}
