package dev.satchel.keys.cli;

import dev.satchel.keys.ForeignKeys;
import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.RingImport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes keys of elsewhere into a ring. */
@Command(
    name = "import",
    description =
        "Take keys of another ring, or JWKs, into this one: to verify with, never to sign.",
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();
  @Mixin private final ChangeOptions options = new ChangeOptions();
  @Mixin private final SealOptions seal = new SealOptions();

  @Parameters(
      paramLabel = "FILE",
      description = "a ring from `export`, a JWK or a JWK set; - for standard input")
  private String file = "";

  @Option(
      names = "--key",
      paramLabel = "REFERENCE",
      description =
          "what FILE is sealed under: file:PATH or env:NAME with a key, or a reference as for --kek")
  private @Nullable String key;

  @Option(
      names = "--lineage",
      paramLabel = "LINEAGE",
      description =
          "the lineage that the ring in FILE has to be of, as status shows it there; needed where it"
              + " is sealed for a recipient")
  private @Nullable String lineage;

  @Option(
      names = "--signs-for",
      paramLabel = "DURATION",
      description =
          "how much longer these keys sign elsewhere; default what their ring's dates say, for a"
              + " JWK a lead of this ring")
  private @Nullable Duration signsFor;

  ImportCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    KeyCustodian custodian = ring.custodian(invocation);
    RingImport found = custodian.importing(keys(), Optional.ofNullable(signsFor));
    if (found.change().isEmpty()) {
      StatusReport.print(custodian.status(), options.isJson(), invocation.out());
      tell(found);
      if (!found.refused().isEmpty() && found.present().isEmpty()) {
        return ExitCode.POLICY;
      }
      invocation.say("nothing to import");
      return ExitCode.OK;
    }
    KeyRingStatus status = options.outcome(found.change().get());
    StatusReport.print(status, options.isJson(), invocation.out());
    tell(found);
    if (options.isDryRun()) {
      invocation.say("dry run: nothing was imported");
    } else if (!found.added().isEmpty()) {
      invocation.say(
          "imported "
              + String.join(", ", found.added())
              + "; let their sessions come in "
              + DurationText.of(status.policy().lag())
              + " or later, when every node has read the ring");
    }
    return ExitCode.OK;
  }

  private ForeignKeys keys() {
    byte[] bytes = invocation.content(file);
    KeyEncryptionKey kek = seal.key(invocation, key).orElse(null);
    try {
      if (kek == null) {
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        if (!text.startsWith("{") || text.contains("\"ciphertext\"")) {
          throw new UsageException(
              "it is sealed, or no key at all; say with --key, --passphrase-file or"
                  + " --passphrase-env what it is sealed under");
        }
        return ForeignKeys.ofJwk(text);
      }
      return lineage == null
          ? ForeignKeys.ofRing(stripped(bytes), kek)
          : ForeignKeys.ofRing(stripped(bytes), kek, lineage);
    } catch (IllegalArgumentException e) {
      throw new KeyRingException(
          KeyRingException.Reason.UNREADABLE, "keys cannot be read: " + e.getMessage(), e);
    }
  }

  /** Without the line break that an export has at its end. */
  private static byte[] stripped(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1)
        .strip()
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private void tell(RingImport found) {
    tell(found.present(), "there already: ");
    tell(found.ended(), "left out, since no token of them can be alive: ");
    tell(found.refused(), "left out, since they were revoked here: ");
    tell(found.revoked(), "revoked, as they are where they come from: ");
  }

  private void tell(List<String> ids, String what) {
    if (!ids.isEmpty()) {
      invocation.say(what + String.join(", ", ids));
    }
  }
}
