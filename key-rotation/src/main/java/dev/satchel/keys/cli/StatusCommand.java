package dev.satchel.keys.cli;

import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.NodeReport;
import java.util.List;
import java.util.Optional;
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

  @Option(
      names = "--nodes",
      description =
          "also which node holds which epoch, by what nodes with node=NAME in their location report;"
              + " nobody vouches for it")
  private boolean nodes;

  StatusCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    KeyCustodian custodian = ring.custodian(invocation);
    KeyRingStatus status = custodian.status();
    if (!nodes) {
      StatusReport.print(status, json, invocation.out());
      return ExitCode.OK;
    }
    Optional<List<NodeReport>> found = custodian.nodes();
    NodesReport.print(status, found.orElse(List.of()), json, invocation.out());
    if (found.isEmpty()) {
      invocation.say("this store keeps no reports of nodes");
    } else if (found.get().isEmpty()) {
      invocation.say("no node reports; add node=NAME to the location of each");
    }
    return ExitCode.OK;
  }
}
