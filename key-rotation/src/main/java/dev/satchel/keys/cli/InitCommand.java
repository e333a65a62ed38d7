package dev.satchel.keys.cli;

import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.RingChange;
import dev.satchel.keys.RotationPolicy;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates a ring where there is none. */
@Command(
    name = "init",
    description = "Create a ring, with one key that signs at once.",
    mixinStandardHelpOptions = true)
final class InitCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();
  @Mixin private final ChangeOptions options = new ChangeOptions();

  @Option(names = "--ring", paramLabel = "NAME", description = "the ring's name; default session")
  private @Nullable String name;

  @Option(
      names = "--alg",
      paramLabel = "NAME",
      description = "algorithm of its keys; default A256GCM")
  private String algorithm = TokenAlgorithm.A256GCM.label();

  @Option(
      names = "--period",
      description = "how long a key signs until the next takes over; default 7d")
  private Duration period = Duration.ofDays(7);

  @Option(names = "--lead", description = "how long before that the next is published; default 24h")
  private Duration lead = Duration.ofHours(24);

  @Option(
      names = "--max-token-lifetime",
      description = "the longest life of a session; default 24h")
  private Duration maxTokenLifetime = Duration.ofHours(24);

  @Option(
      names = "--propagation",
      description = "how old a read of the store can be; default 10s, NFS and mounts 120s")
  private Duration propagation = Duration.ofSeconds(10);

  @Option(names = "--clock-skew", description = "how far a clock may be off; default 60s")
  private Duration clockSkew = Duration.ofSeconds(60);

  @Option(names = "--commit-timeout", description = "the longest a commit takes; default 30s")
  private Duration commitTimeout = Duration.ofSeconds(30);

  @Option(names = "--refresh-interval", description = "how often nodes read; default 60s")
  private Duration refreshInterval = Duration.ofSeconds(60);

  @Option(names = "--probe-interval", description = "how often nodes ask for news; default 10s")
  private Duration probeInterval = Duration.ofSeconds(10);

  @Option(
      names = "--signing-limit",
      description = "how long a key signs if no other ever comes; default 4 periods")
  private @Nullable Duration signingLimit;

  InitCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    Duration reserve = propagation.plus(clockSkew.multipliedBy(2)).plus(commitTimeout);
    TokenAlgorithm keys = TokenAlgorithm.of(algorithm);
    RotationPolicy policy;
    try {
      policy =
          new RotationPolicy(
              keys,
              period,
              lead,
              maxTokenLifetime,
              lead.minus(reserve),
              propagation,
              clockSkew,
              commitTimeout,
              refreshInterval,
              probeInterval,
              signingLimit == null ? period.multipliedBy(4) : signingLimit);
    } catch (IllegalArgumentException e) {
      throw new KeyRingException(KeyRingException.Reason.POLICY, String.valueOf(e.getMessage()), e);
    }
    String ringName = ringName();
    RingChange change = ring.custodian(invocation).creation(ringName, policy);
    KeyRingStatus status = options.outcome(change);
    StatusReport.print(status, options.isJson(), invocation.out());
    invocation.say(
        options.isDryRun()
            ? "dry run: no ring was created"
            : "created ring " + ringName + ", " + status.lineage());
    if (!options.isDryRun() && status.sealedUnder().lineageNeeded()) {
      invocation.say("every location needs lineage=" + status.lineage());
    }
    return ExitCode.OK;
  }

  /** What the location asks for is what nodes will look for. */
  private String ringName() {
    String located = ring.location(invocation).ring().orElse(null);
    if (name != null && located != null && !name.equals(located)) {
      throw new UsageException(
          "--ring is " + name + ", and the location asks for ring=" + located + "; give one");
    }
    return name != null ? name : located != null ? located : "session";
  }
}
