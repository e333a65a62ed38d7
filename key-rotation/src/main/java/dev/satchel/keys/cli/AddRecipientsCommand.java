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
import picocli.CommandLine.Parameters;

/** Shares a ring. */
@Command(
    name = "add",
    description = "Let the owners of these keys open the ring, from this commit on.",
    mixinStandardHelpOptions = true)
final class AddRecipientsCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();
  @Mixin private final ChangeOptions options = new ChangeOptions();
  @Mixin private final Consent consent = new Consent();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "a public JWK for ECDH-ES+A256KW, from `generate --public`; - for input")
  private List<String> files = new ArrayList<>();

  AddRecipientsCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (files.contains("-") && !consent.isGiven() && !options.isDryRun()) {
      throw new UsageException("standard input is the key, so nobody can be asked; add --yes");
    }
    List<RecipientKey> keys =
        files.stream().map(file -> PublicKeyFile.read(file, invocation)).toList();
    var custodian = ring.custodian(invocation);
    Optional<RingChange> change = custodian.recipientAddition(keys);
    if (change.isEmpty()) {
      RecipientsReport.print(custodian.status(), options.isJson(), invocation.out());
      invocation.say("recipients already, nothing to do");
      return ExitCode.OK;
    }
    KeyRingStatus after = change.get().after();
    String ids = keys.stream().map(RecipientKey::id).distinct().collect(Collectors.joining(", "));
    if (!options.isDryRun()) {
      consent.obtain(
          invocation,
          "Who has the private key of " + ids + " can then make any session of this ring.",
          after.ring());
    }
    KeyRingStatus status = options.outcome(change.get());
    RecipientsReport.print(status, options.isJson(), invocation.out());
    invocation.say(
        options.isDryRun()
            ? "dry run: nobody was added"
            : "added "
                + ids
                + "; there the location needs kek=file:PRIVATE.jwk&lineage="
                + status.lineage());
    return ExitCode.OK;
  }
}
