package dev.satchel.keys.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Who may open a ring. */
@Command(
    name = "recipients",
    description = "List, add and remove the public keys that a ring is sealed for.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "list | add | remove",
    footer = {
      "",
      "To share a ring with other nodes without handing anybody a secret:",
      "  there:  satchel-keys generate --alg ECDH-ES+A256KW --out b.jwk",
      "          --public b.pub.jwk",
      "  here:   satchel-keys recipients add b.pub.jwk --store RING",
      "  there:  kek=file:b.jwk&lineage=LINEAGE in the location; `status` has it here",
      "A ring under a key or a passphrase moves to a private key first: `rewrap`."
    })
final class RecipientsCommand implements Callable<Integer> {

  /** The verb with its own verbs. */
  static CommandLine of(Invocation invocation) {
    CommandLine command = new CommandLine(new RecipientsCommand());
    command.addSubcommand("list", new ListRecipientsCommand(invocation));
    command.addSubcommand("add", new AddRecipientsCommand(invocation));
    command.addSubcommand("remove", new RemoveRecipientsCommand(invocation));
    return command;
  }

  @Override
  public Integer call() {
    throw new UsageException("recipients: list, add or remove?");
  }
}
