package dev.satchel.keys.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Creates, rotates, revokes and looks into key rings. */
@Command(
    name = "satchel-keys",
    description = "Keys and key rings of stateless sessions.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, or nothing to do",
      "1:it did not work",
      "2:wrong usage",
      "3:something exists already, or somebody else was first",
      "4:the store did not answer",
      "5:the policy forbids it, or is violated"
    })
public final class SatchelKeys {
  private SatchelKeys() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    // The client of Redis logs with SLF4J, which would say here that nobody listens.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    // A console is there only if standard input and output both are terminals.
    boolean terminal =
        System.console() != null || Invocation.isTerminal(Path.of("/proc/self/fd/1"));
    System.exit(
        run(
            args,
            new Invocation(
                System.in,
                System.out,
                System.err,
                System.getenv(),
                InstantSource.system(),
                new SecureRandom(),
                terminal)));
  }

  /** Runs the command in this process. Touches neither the JVM's streams nor its clock. */
  static int run(
      String[] args,
      InputStream in,
      PrintStream out,
      PrintStream err,
      Map<String, String> environment,
      InstantSource clock) {
    return run(args, new Invocation(in, out, err, environment, clock, new SecureRandom(), false));
  }

  static int run(String[] args, Invocation invocation) {
    try (invocation) {
      return verb(args, invocation);
    }
  }

  private static int verb(String[] args, Invocation invocation) {
    CommandLine command = new CommandLine(new SatchelKeys());
    command.addSubcommand("init", new InitCommand(invocation));
    command.addSubcommand("status", new StatusCommand(invocation));
    command.addSubcommand("rotate", new RotateCommand(invocation));
    command.addSubcommand("revoke", new RevokeCommand(invocation));
    command.addSubcommand("sign-out", new SignOutCommand(invocation));
    command.addSubcommand("prune", new PruneCommand(invocation));
    command.addSubcommand("recipients", RecipientsCommand.of(invocation));
    command.addSubcommand("rewrap", new RewrapCommand(invocation));
    command.addSubcommand("import", new ImportCommand(invocation));
    command.addSubcommand("generate", new GenerateCommand(invocation));
    command.addSubcommand("export", new ExportCommand(invocation));
    command.addSubcommand("inspect", new InspectCommand(invocation));
    command.addSubcommand("doctor", new DoctorCommand(invocation));
    command.addSubcommand("completion", new CompletionCommand(invocation));
    command.addSubcommand("help", new HelpCommand(invocation));
    String version = SatchelKeys.class.getPackage().getImplementationVersion();
    command
        .getCommandSpec()
        .version("satchel-keys " + (version == null ? "(unpackaged)" : version));
    command.registerConverter(java.time.Duration.class, DurationText::parse);
    command.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    command.setUsageHelpAutoWidth(false);
    command.setOut(new PrintWriter(invocation.out(), true, StandardCharsets.UTF_8));
    command.setErr(new PrintWriter(invocation.err(), true, StandardCharsets.UTF_8));
    command.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          // The message alone: a stack trace may show what a message would not.
          String message = failure.getMessage();
          invocation.say(
              "satchel-keys: " + (message == null ? failure.getClass().getSimpleName() : message));
          return ExitCode.of(failure);
        });
    if (args.length == 0) {
      command.usage(command.getErr());
      return ExitCode.USAGE;
    }
    return command.execute(args);
  }
}
