package dev.satchel.keys.cli;

import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyPhase;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.RingChange;
import dev.satchel.keys.RotationPolicy;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends keys before their time. */
@Command(
    name = "revoke",
    description = "End keys at once and for good, and every session sealed under them.",
    mixinStandardHelpOptions = true)
final class RevokeCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();
  @Mixin private final ChangeOptions options = new ChangeOptions();
  @Mixin private final Consent consent = new Consent();

  @Parameters(paramLabel = "KEY", arity = "0..*", description = "ids of the keys")
  private Set<String> keys = new HashSet<>();

  @Option(
      names = "--all-before",
      paramLabel = "INSTANT",
      description = "every key published before it, such as 2026-01-01T00:00:00Z")
  private @Nullable String allBefore;

  RevokeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (keys.isEmpty() == (allBefore == null)) {
      throw new UsageException("which keys? Give their ids, or --all-before INSTANT");
    }
    KeyCustodian custodian = ring.custodian(invocation);
    KeyRingStatus before = custodian.status();
    Set<String> affected = affected(before);
    if (affected.isEmpty()) {
      StatusReport.print(before, options.isJson(), invocation.out());
      if (allBefore != null) {
        invocation.say("no key was published before " + allBefore + "; nothing was revoked");
        return ExitCode.POLICY;
      }
      invocation.say("revoked already, nothing to do");
      return ExitCode.OK;
    }
    RingChange change = custodian.revocation(affected);
    RotationPolicy policy = before.policy();
    if (!options.isDryRun()) {
      consent.obtain(
          invocation,
          "Every session sealed under " + String.join(", ", affected) + " ends.",
          before.ring());
    }
    KeyRingStatus status = options.outcome(change);
    StatusReport.print(status, options.isJson(), invocation.out());
    invocation.say(
        options.isDryRun()
            ? "dry run: nothing was revoked"
            : "revoked "
                + String.join(", ", affected)
                + "; every node that reaches the store refuses them within "
                + DurationText.of(policy.revocationBound()));
    return ExitCode.OK;
  }

  /** Those that are not revoked yet: doing it twice is doing it once. */
  private Set<String> affected(KeyRingStatus status) {
    Instant instant = allBefore == null ? null : instant(allBefore);
    if (instant != null) {
      return status.keys().stream()
          .filter(key -> key.algorithm().isPresent() && key.publishedAt().isBefore(instant))
          .map(KeyRingStatus.Key::id)
          .collect(Collectors.toSet());
    }
    Set<String> revoked =
        status.keys().stream()
            .filter(key -> key.phase() == KeyPhase.REVOKED)
            .map(KeyRingStatus.Key::id)
            .collect(Collectors.toSet());
    return keys.stream().filter(id -> !revoked.contains(id)).collect(Collectors.toSet());
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new UsageException("--all-before is no instant such as 2026-01-01T00:00:00Z");
    }
  }
}
