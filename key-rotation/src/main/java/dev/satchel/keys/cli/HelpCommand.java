package dev.satchel.keys.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The help of a verb, or of a verb's own verb, which picocli's own does not find. */
@Command(
    name = "help",
    description = "Show what a verb does, as its --help: help recipients add.",
    mixinStandardHelpOptions = true)
final class HelpCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "VERB", arity = "0..*", description = "which one; none for all")
  private List<String> verbs = List.of();

  HelpCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    CommandLine command = spec.root().commandLine();
    for (String verb : verbs) {
      CommandLine found = command.getSubcommands().get(verb);
      if (found == null) {
        throw new UsageException(
            "help: no such verb; there are "
                + String.join(", ", command.getSubcommands().keySet()));
      }
      command = found;
    }
    command.usage(invocation.out());
    return ExitCode.OK;
  }
}
