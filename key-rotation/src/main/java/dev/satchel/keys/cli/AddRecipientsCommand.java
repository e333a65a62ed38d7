package dev.satchel.keys.cli;

import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.RecipientKey;
import dev.satchel.keys.RingChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shares a ring. */
@Command(
    name = "add",
    description = "Let the owners of these keys open the ring, from this commit on.",
    mixinStandardHelpOptions = true)
final class AddRecipientsCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "a public JWK for ECDH-ES+A256KW, from `generate --public`; - for input")
  private List<String> files = new ArrayList<>();

  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Option(names = "--dry-run", description = "show who would be recipient, change nothing")
  private boolean dryRun;

  @Option(names = "--json", description = "JSON on standard output")
  private boolean json;

  AddRecipientsCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (files.contains("-") && !yes && !dryRun) {
      throw new UsageException("standard input is the key, so nobody can be asked; add --yes");
    }
    List<RecipientKey> keys =
        files.stream().map(file -> PublicKeyFile.read(file, invocation)).toList();
    var custodian = ring.custodian(invocation);
    Optional<RingChange> change = custodian.recipientAddition(keys);
    if (change.isEmpty()) {
      RecipientsReport.print(custodian.status(), json, invocation.out());
      invocation.say("recipients already, nothing to do");
      return ExitCode.OK;
    }
    KeyRingStatus after = change.get().after();
    String ids = keys.stream().map(RecipientKey::id).distinct().collect(Collectors.joining(", "));
    if (!yes && !dryRun) {
      invocation.confirm(
          "Who has the private key of " + ids + " can then make any session of this ring.",
          after.ring());
    }
    KeyRingStatus status = dryRun ? after : change.get().commit();
    RecipientsReport.print(status, json, invocation.out());
    invocation.say(
        dryRun
            ? "dry run: nobody was added"
            : "added "
                + ids
                + "; there the location needs kek=file:PRIVATE.jwk&lineage="
                + status.lineage());
    return ExitCode.OK;
  }
}
