package dev.satchel.keys.cli;

import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.RingChange;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends the sharing of a ring. */
@Command(
    name = "remove",
    description =
        "Seal the ring for the others alone. Keys that were read before are known: rotate and"
            + " revoke them, or those who were removed can still make sessions.",
    mixinStandardHelpOptions = true)
final class RemoveRecipientsCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();
  @Mixin private final ChangeOptions options = new ChangeOptions();
  @Mixin private final Consent consent = new Consent();

  @Parameters(
      paramLabel = "THUMBPRINT",
      arity = "1..*",
      description = "of the keys, as `recipients list` shows them")
  private Set<String> ids = new LinkedHashSet<>();

  RemoveRecipientsCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    // Not there is no success: a thumbprint with a letter missing would seem to be removed.
    RingChange change = ring.custodian(invocation).recipientRemoval(ids);
    KeyRingStatus after = change.after();
    String removed = String.join(", ", ids);
    if (!options.isDryRun()) {
      consent.obtain(
          invocation,
          "Nodes that open the ring with "
              + removed
              + " keep what they have, see no later key or revocation, and do not start again.",
          after.ring());
    }
    KeyRingStatus status = options.outcome(change);
    RecipientsReport.print(status, options.isJson(), invocation.out());
    invocation.say(
        options.isDryRun()
            ? "dry run: nobody was removed"
            : "removed "
                + removed
                + "; the keys of until now are known there: `satchel-keys rotate --emergency`, and"
                + " when the new key signs, `satchel-keys revoke` them");
    return ExitCode.OK;
  }
}
