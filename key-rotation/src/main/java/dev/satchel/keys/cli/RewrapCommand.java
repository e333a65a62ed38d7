package dev.satchel.keys.cli;

import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.KeyRingLocation;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.RingChange;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves a ring from one key encryption key to another. */
@Command(
    name = "rewrap",
    description = "Seal the ring under another key; its own keys stay as they are.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Without an outage, in this order:",
      "  1. kekAlso=NEW in the location of every node, restarted one by one",
      "  2. satchel-keys rewrap --to NEW",
      "  3. kek=NEW everywhere, and no kekAlso any more; then the old key goes",
      "Who had the old key may know the ring's keys, and opens what the store keeps",
      "of before: rotate, and revoke those keys, if that matters."
    })
final class RewrapCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();
  @Mixin private final ChangeOptions options = new ChangeOptions();
  @Mixin private final Consent consent = new Consent();

  @Option(
      names = "--to",
      paramLabel = "REFERENCE",
      description =
          "the new key, a reference as for --kek; a private key takes over the recipients if it is"
              + " one of them; default what kek= in the location names, where kekAlso= still opens"
              + " the ring")
  private @Nullable String to;

  RewrapCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    KeyRingLocation location = ring.location(invocation);
    KeyEncryptionKey target =
        to == null
            ? location.kek(invocation::variable)
            : KeyEncryptionKey.of(to, invocation::variable);
    if (target.isInsecurePlaintext()) {
      throw new UsageException(
          "it would not be sealed any more, which nothing but `init` does; say what to with --to");
    }
    KeyCustodian custodian = ring.custodian(invocation);
    KeyRingStatus before = custodian.status();
    Optional<RingChange> change = custodian.rewrap(target);
    if (change.isEmpty()) {
      StatusReport.print(before, options.isJson(), invocation.out());
      invocation.say("sealed under that already, nothing to do");
      return ExitCode.OK;
    }
    if (!options.isDryRun()) {
      consent.obtain(
          invocation,
          "Nodes without the new key keep what they have, see no later key or revocation, and do"
              + " not start again. Does every node have it, by kekAlso?",
          before.ring());
    }
    KeyRingStatus status = options.outcome(change.get());
    StatusReport.print(status, options.isJson(), invocation.out());
    String move =
        "from "
            + StatusReport.text(before.sealedUnder())
            + " to "
            + StatusReport.text(status.sealedUnder());
    invocation.say(
        options.isDryRun() ? "dry run: nothing was sealed anew, " + move : "sealed anew, " + move);
    if (status.sealedUnder().lineageNeeded()) {
      invocation.say("every location needs lineage=" + status.lineage());
    }
    return ExitCode.OK;
  }
}
