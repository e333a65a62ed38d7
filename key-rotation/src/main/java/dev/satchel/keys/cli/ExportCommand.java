package dev.satchel.keys.cli;

import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.RecipientKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Hands out the public parts, or a whole ring for somebody who may have it. */
@Command(
    name = "export",
    description =
        "Write the public parts of a ring as a JWK set, for those who only verify; or all of it,"
            + " sealed, for `import` elsewhere.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();
  @Mixin private final SealOptions seal = new SealOptions();

  @Option(
      names = "--to",
      paramLabel = "JWK",
      description =
          "sealed for the owner of the public key in the file JWK, from `generate --public`; can be"
              + " given several times")
  private List<String> to = new ArrayList<>();

  @Option(names = "--out", paramLabel = "FILE", description = "where to; default standard output")
  private @Nullable String out;

  @Option(names = "--force", description = "replace FILE, keeping it as FILE.bak")
  private boolean force;

  @Option(names = "--reveal", description = "show what is not sealed even on a terminal")
  private boolean reveal;

  ExportCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    Optional<KeyEncryptionKey> recipient = seal.key(invocation, null);
    if (recipient.isPresent() && !to.isEmpty()) {
      throw new UsageException("it can be sealed under one thing only; give one of the options");
    }
    if (seal.isPlaintext() && isStandardOutput() && invocation.outIsTerminal() && !reveal) {
      throw new UsageException(
          "standard output is a terminal, and the ring is a secret; --reveal shows it anyway");
    }
    KeyCustodian custodian = ring.custodian(invocation);
    if (!to.isEmpty()) {
      return exportTo(custodian);
    }
    if (recipient.isPresent()) {
      write(new String(custodian.exported(recipient.get()), StandardCharsets.UTF_8));
      invocation.say(
          seal.isPlaintext()
              ? "exported the whole ring, not sealed: whoever reads it can forge every session"
              : "exported the whole ring, sealed");
      return ExitCode.OK;
    }
    String set = new String(custodian.publicKeys().body(), StandardCharsets.UTF_8);
    write(set);
    if (set.startsWith("{\"keys\":[]")) {
      invocation.say("the ring has symmetric keys only, which have no public part");
    }
    return ExitCode.OK;
  }

  private int exportTo(KeyCustodian custodian) {
    List<RecipientKey> keys =
        to.stream().map(file -> PublicKeyFile.read(file, invocation)).distinct().toList();
    String lineage = custodian.status().lineage();
    write(new String(custodian.exported(keys), StandardCharsets.UTF_8));
    invocation.say(
        "exported the whole ring, sealed for "
            + keys.stream().map(RecipientKey::id).collect(Collectors.joining(", "))
            + "; there: `satchel-keys import FILE --key file:PRIVATE.jwk --lineage "
            + lineage
            + "`, and send that lineage by another way than the file: it tells it from a forged"
            + " one");
    return ExitCode.OK;
  }

  private void write(String text) {
    if (isStandardOutput()) {
      invocation.out().println(text);
    } else {
      OwnerFile.write(
          Path.of(String.valueOf(out)), (text + "\n").getBytes(StandardCharsets.UTF_8), force);
    }
  }

  private boolean isStandardOutput() {
    return out == null || out.equals("-");
  }
}
