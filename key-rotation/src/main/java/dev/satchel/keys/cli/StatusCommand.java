package dev.satchel.keys.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows a ring. */
@Command(
    name = "status",
    description = "Show the keys of a ring, their phases, and what happens next.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();

  @Option(names = "--json", description = "JSON on standard output")
  private boolean json;

  StatusCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    StatusReport.print(ring.custodian(invocation).status(), json, invocation.out());
    return ExitCode.OK;
  }
}
