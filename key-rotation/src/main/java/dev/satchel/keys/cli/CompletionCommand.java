package dev.satchel.keys.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Teaches a shell the verbs and options. */
@Command(
    name = "completion",
    description =
        "Write a script that completes verbs and options: source <(satchel-keys completion bash).",
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "SHELL", description = "bash or zsh: one script for both")
  private String shell = "";

  CompletionCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw new UsageException("shells are bash and zsh");
    }
    invocation.out().print(AutoComplete.bash("satchel-keys", spec.root().commandLine()));
    invocation.out().flush();
    return ExitCode.OK;
  }
}
