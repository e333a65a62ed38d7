package dev.satchel.keys.cli;

import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.RingChange;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Erases what is due. */
@Command(
    name = "prune",
    description = "Erase expired keys and old tombstones, as every other change does too.",
    mixinStandardHelpOptions = true)
final class PruneCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();
  @Mixin private final ChangeOptions options = new ChangeOptions();

  PruneCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    KeyCustodian custodian = ring.custodian(invocation);
    Optional<RingChange> change = custodian.pruning();
    if (change.isEmpty()) {
      StatusReport.print(custodian.status(), options.isJson(), invocation.out());
      invocation.say("nothing to erase");
      return ExitCode.OK;
    }
    KeyRingStatus status = options.outcome(change.get());
    StatusReport.print(status, options.isJson(), invocation.out());
    invocation.say(options.isDryRun() ? "dry run: nothing was erased" : "erased what was due");
    return ExitCode.OK;
  }
}
