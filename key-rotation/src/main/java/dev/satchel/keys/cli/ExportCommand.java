package dev.satchel.keys.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Hands out the public parts. */
@Command(
    name = "export",
    description = "Write the public parts of a ring as a JWK set, for those who only verify.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();

  @Option(names = "--out", paramLabel = "FILE", description = "where to; default standard output")
  private @Nullable String out;

  @Option(names = "--force", description = "replace FILE, keeping it as FILE.bak")
  private boolean force;

  ExportCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    String set = ring.custodian(invocation).publicKeys();
    if (out == null || out.equals("-")) {
      invocation.out().println(set);
    } else {
      OwnerFile.write(Path.of(out), (set + "\n").getBytes(StandardCharsets.UTF_8), force);
    }
    if (set.equals("{\"keys\":[]}")) {
      invocation.say("the ring has symmetric keys only, which have no public part");
    }
    return ExitCode.OK;
  }
}
