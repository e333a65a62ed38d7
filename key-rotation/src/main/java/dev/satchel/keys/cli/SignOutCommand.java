package dev.satchel.keys.cli;

import dev.satchel.SessionRevocations;
import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyRingStatus;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends sessions before their time. */
@Command(
    name = "sign-out",
    description =
        "End sessions at once: one, a user's, or all of before an instant. Nodes whose location"
            + " says revocations=true refuse them; no key changes.",
    mixinStandardHelpOptions = true)
final class SignOutCommand implements Callable<Integer> {
  /** 128 bits in base64url. */
  private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9_-]{21}[AQgw]");

  /** As much as SessionRevocations allows. */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();
  @Mixin private final Consent consent = new Consent();

  @Option(
      names = "--session",
      paramLabel = "ID",
      description = "this one, by its id: what HttpSession.getId and a log have, not its token")
  private @Nullable String session;

  @Option(
      names = "--subject",
      paramLabel = "SUBJECT",
      description = "all of whom this is the subject of, wherever they are")
  private @Nullable String subject;

  @Option(
      names = "--before",
      paramLabel = "INSTANT",
      description =
          "with --subject: those signed in to before it; default now by this machine's clock: where"
              + " nodes' clocks are ahead, give a later one, at most 5 minutes")
  private @Nullable String before;

  @Option(
      names = "--all-before",
      paramLabel = "INSTANT",
      description = "everybody's that were created before it, such as 2026-01-01T00:00:00Z")
  private @Nullable String allBefore;

  @Option(names = "--dry-run", description = "say what would be, change nothing")
  private boolean dryRun;

  SignOutCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (Stream.of(session, subject, allBefore).filter(given -> given != null).count() != 1) {
      throw new UsageException(
          "whose session? Give one of --session ID, --subject SUBJECT, --all-before INSTANT");
    }
    if (before != null && subject == null) {
      throw new UsageException("--before goes with --subject");
    }
    Instant now = invocation.clock().instant();
    Instant until =
        allBefore != null
            ? instant("--all-before", allBefore)
            : before != null ? instant("--before", before) : now;
    requireSensible(now, until);
    KeyCustodian custodian = ring.custodian(invocation);
    KeyRingStatus status = custodian.status();
    SessionRevocations revocations = custodian.revocations();
    if (session == null && until.isBefore(now.minus(revocations.longestLifetime()))) {
      invocation.say(
          "no session lives for longer than "
              + DurationText.of(revocations.longestLifetime())
              + ", so none was created before "
              + until
              + "; nothing was revoked");
      return ExitCode.POLICY;
    }
    String what =
        session != null
            ? "This session ends"
            : (subject != null
                    ? "Every session of this subject that was signed in to before "
                    : "Every session that was created before ")
                + until
                + " ends";
    if (dryRun) {
      invocation.say(what + ".");
      invocation.say("dry run: nothing was revoked");
      return ExitCode.OK;
    }
    consent.obtain(invocation, what + ".", status.ring());
    revoke(revocations, until);
    invocation.say(
        what
            + "; every node that shares revocations and reaches the store refuses it within "
            + DurationText.of(status.policy().revocationBound()));
    return ExitCode.OK;
  }

  /** All that can be said without the ring, so that a dry run says it too. */
  private void requireSensible(Instant now, Instant until) {
    if (session != null && !SESSION.matcher(session).matches()) {
      throw new UsageException(
          "--session has "
              + session.length()
              + " characters or others than an id, which is 22 of base64url; a token is none");
    }
    if (subject != null && subject.isEmpty()) {
      throw new UsageException("--subject is empty");
    }
    if (until.isAfter(now.plus(AHEAD))) {
      throw new UsageException(
          until + " is more than 5 minutes from now: nobody could sign in until then");
    }
  }

  private void revoke(SessionRevocations revocations, Instant until) {
    if (session != null) {
      revocations.revoke(session, Instant.MAX); // for as long as any session lives
    } else if (subject != null) {
      revocations.revokeSubject(subject, until);
    } else {
      revocations.revokeAll(until);
    }
  }

  private static Instant instant(String option, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new UsageException(option + " is no instant such as 2026-01-01T00:00:00Z");
    }
  }
}
