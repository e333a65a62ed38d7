package dev.satchel.keys.cli;

import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.RingChange;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Publishes the next key. */
@Command(
    name = "rotate",
    description = "Publish the next key; it signs a lead time from now.",
    mixinStandardHelpOptions = true)
final class RotateCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();
  @Mixin private final ChangeOptions options = new ChangeOptions();
  @Mixin private final Consent consent = new Consent();

  @Option(
      names = "--if-due",
      description = "only if the policy says so; otherwise do nothing, for cron and jobs")
  private boolean ifDue;

  @Option(
      names = "--emergency",
      description = "the next key signs as soon as every node can have it, in seconds")
  private boolean emergency;

  RotateCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (ifDue && emergency) {
      throw new UsageException("--if-due and --emergency exclude each other");
    }
    KeyCustodian custodian = ring.custodian(invocation);
    Optional<RingChange> change =
        ifDue
            ? custodian.rotationIfDue()
            : Optional.of(emergency ? custodian.emergencyRotation() : custodian.rotation());
    if (change.isEmpty()) {
      StatusReport.print(custodian.status(), options.isJson(), invocation.out());
      invocation.say("not due, nothing to do");
      return ExitCode.OK;
    }
    KeyRingStatus after = change.get().after();
    if (emergency && !options.isDryRun()) {
      consent.obtain(
          invocation,
          "Nodes that have not seen the new key by then answer 503 until they have.",
          after.ring());
    }
    KeyRingStatus status = options.outcome(change.get());
    StatusReport.print(status, options.isJson(), invocation.out());
    String id = newest(status);
    invocation.say(options.isDryRun() ? "dry run: nothing was published" : "published key " + id);
    return ExitCode.OK;
  }

  private static String newest(KeyRingStatus status) {
    return status.keys().stream()
        .filter(key -> key.epoch() == status.epoch())
        .map(KeyRingStatus.Key::id)
        .findFirst()
        .orElse("none");
  }
}
