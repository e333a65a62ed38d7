package dev.satchel.keys.cli;

import dev.satchel.keys.KeyRingStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows who may open a ring. */
@Command(
    name = "list",
    description = "Show the thumbprints (RFC 7638) of the keys that open a ring.",
    mixinStandardHelpOptions = true)
final class ListRecipientsCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();

  @Option(names = "--json", description = "JSON on standard output")
  private boolean json;

  ListRecipientsCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    KeyRingStatus status = ring.custodian(invocation).status();
    RecipientsReport.print(status, json, invocation.out());
    if (status.sealedUnder().recipients().isEmpty()) {
      invocation.say("the ring has no recipients; it is sealed under: " + sealedUnder(status));
    }
    return ExitCode.OK;
  }

  private static String sealedUnder(KeyRingStatus status) {
    return StatusReport.text(status.sealedUnder());
  }
}
