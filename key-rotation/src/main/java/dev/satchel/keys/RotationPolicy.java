package dev.satchel.keys;

import dev.satchel.TokenAlgorithm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The timing of a ring. It lives in the ring document, not in the configuration of nodes, so that
 * all nodes agree. Immutable; start from {@link #defaults()}.
 *
 * <p>The lead is an outage budget: a node that has read the ring within {@code staleAfter} knows
 * every key that anybody may sign with, whatever its clock says.
 *
 * @param algorithm what the next key will be for
 * @param period Π: how long a key signs before its successor takes over; default 7 days
 * @param lead Δ: how long before its activation a key is published; default 24 hours
 * @param maxTokenLifetime TTLmax: the longest life of a token, which a retired key outlives;
 *     default 24 hours
 * @param staleAfter S: a node that has not read the ring for so long is stale; default what the
 *     lead leaves, Δ − P − 2ε − W
 * @param propagation P: how old a successful read of the store may be; 10 seconds for a database,
 *     120 seconds for NFS or a mounted Kubernetes secret; default 10 seconds
 * @param clockSkew ε: how far a clock may be from true time; default 60 seconds
 * @param commitTimeout W: the longest a commit takes from date to store; default 30 seconds
 * @param refreshInterval R: how often a node reads the ring; default 60 seconds
 * @param probeInterval how often a node asks whether the ring has changed; default 10 seconds
 * @param signingLimit how long a key may sign if no successor ever comes; default 28 days
 */
public record RotationPolicy(
    TokenAlgorithm algorithm,
    Duration period,
    Duration lead,
    Duration maxTokenLifetime,
    Duration staleAfter,
    Duration propagation,
    Duration clockSkew,
    Duration commitTimeout,
    Duration refreshInterval,
    Duration probeInterval,
    Duration signingLimit) {

  /**
   * NIST SP 800-57 part 1 §5.3.6: originator usage of a symmetric data key is at most two years.
   */
  private static final Duration MAX_SIGNING = Duration.ofDays(730);

  /** RFC 6265bis §5.5: user agents cap cookies at 400 days. */
  private static final Duration MAX_TOKEN_LIFETIME = Duration.ofDays(400);

  /** The same bound as for tokens: beyond it, a clock is broken rather than skewed. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(5);

  /**
   * @throws IllegalArgumentException if a value is out of range, or the lead does not cover
   *     staleness, propagation, skew and commit: says what, what was got and what is allowed
   */
  public RotationPolicy {
    Objects.requireNonNull(algorithm, "algorithm");
    List<String> violations =
        violations(
            period,
            lead,
            maxTokenLifetime,
            staleAfter,
            propagation,
            clockSkew,
            commitTimeout,
            refreshInterval,
            probeInterval,
            signingLimit);
    if (!violations.isEmpty()) {
      throw new IllegalArgumentException("rotation policy: " + String.join("; ", violations));
    }
  }

  /** The defaults named above, for {@link TokenAlgorithm#A256GCM}. */
  public static RotationPolicy defaults() {
    return of(
        TokenAlgorithm.A256GCM,
        Duration.ofDays(7),
        Duration.ofHours(24),
        Duration.ofHours(24),
        Duration.ofSeconds(10));
  }

  /**
   * A policy with the default skew, commit timeout and intervals, and the longest staleness that
   * the lead allows.
   */
  public static RotationPolicy of(
      TokenAlgorithm algorithm,
      Duration period,
      Duration lead,
      Duration maxTokenLifetime,
      Duration propagation) {
    Duration skew = Duration.ofSeconds(60);
    Duration commit = Duration.ofSeconds(30);
    return new RotationPolicy(
        algorithm,
        period,
        lead,
        maxTokenLifetime,
        lead.minus(propagation).minus(skew.multipliedBy(2)).minus(commit),
        propagation,
        skew,
        commit,
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        period.multipliedBy(4));
  }

  /** This policy for keys of another algorithm. */
  public RotationPolicy withAlgorithm(TokenAlgorithm next) {
    return new RotationPolicy(
        next,
        period,
        lead,
        maxTokenLifetime,
        staleAfter,
        propagation,
        clockSkew,
        commitTimeout,
        refreshInterval,
        probeInterval,
        signingLimit);
  }

  /** This policy with another longest token lifetime. It applies to keys activated from then on. */
  public RotationPolicy withMaxTokenLifetime(Duration lifetime) {
    return new RotationPolicy(
        algorithm,
        period,
        lead,
        lifetime,
        staleAfter,
        propagation,
        clockSkew,
        commitTimeout,
        refreshInterval,
        probeInterval,
        signingLimit);
  }

  /**
   * G = 2ε + P + R: how long after its successor's activation a key may still be signing somewhere.
   */
  public Duration grace() {
    return clockSkew.multipliedBy(2).plus(lag());
  }

  /** H = S + P: how long a node holds a key before it signs with it (N3). */
  public Duration hold() {
    return staleAfter.plus(propagation);
  }

  /** G + TTLmax + 2ε: how long after its deactivation a key verifies. */
  public Duration retention() {
    return grace().plus(maxTokenLifetime).plus(clockSkew.multipliedBy(2));
  }

  /**
   * P + R: how old a node's view of the ring can be, as long as it reaches the store. What was
   * committed longer ago, every such node has read.
   */
  public Duration lag() {
    return propagation.plus(refreshInterval);
  }

  /**
   * P + probe: how long after a revocation, of a key or of sessions, a node that reaches the store
   * may still accept what it ended (I8).
   */
  public Duration revocationBound() {
    return propagation.plus(probeInterval);
  }

  /**
   * P + probe + ε: from an emergency commit until its key signs and until everybody has seen it
   * (N9).
   */
  public Duration emergencyLead() {
    return revocationBound().plus(clockSkew);
  }

  private static List<String> violations(
      Duration period,
      Duration lead,
      Duration maxTokenLifetime,
      Duration staleAfter,
      Duration propagation,
      Duration clockSkew,
      Duration commitTimeout,
      Duration refreshInterval,
      Duration probeInterval,
      Duration signingLimit) {
    var found = new ArrayList<String>();
    positive(found, "period", period);
    positive(found, "lead", lead);
    positive(found, "maxTokenLifetime", maxTokenLifetime);
    positive(found, "staleAfter", staleAfter);
    notNegative(found, "propagation", propagation);
    notNegative(found, "clockSkew", clockSkew);
    positive(found, "commitTimeout", commitTimeout);
    positive(found, "refreshInterval", refreshInterval);
    positive(found, "probeInterval", probeInterval);
    positive(found, "signingLimit", signingLimit);
    atMost(found, "clockSkew", clockSkew, "5 minutes", MAX_SKEW);
    atMost(found, "maxTokenLifetime", maxTokenLifetime, "400 days", MAX_TOKEN_LIFETIME);
    atMost(found, "signingLimit", signingLimit, "730 days", MAX_SIGNING);
    if (!found.isEmpty()) {
      return found;
    }
    // Δ ≥ S + P + 2ε + W: whoever is not stale has read every key before anybody signs with it.
    atLeast(
        found,
        "lead",
        lead,
        "staleAfter + propagation + 2 clockSkew + commitTimeout",
        staleAfter.plus(propagation).plus(clockSkew.multipliedBy(2)).plus(commitTimeout));
    // R ≤ S/10: nine refreshes in a row may fail before a node is stale.
    atMost(found, "refreshInterval", refreshInterval, "staleAfter / 10", staleAfter.dividedBy(10));
    atMost(found, "probeInterval", probeInterval, "refreshInterval", refreshInterval);
    if (period.compareTo(lead) <= 0) {
      found.add("period is " + period + ", allowed is more than lead = " + lead);
    }
    // A rotation that is one period late must not silence the ring.
    atLeast(found, "signingLimit", signingLimit, "2 periods", period.multipliedBy(2));
    atLeast(found, "signingLimit", signingLimit, "maxTokenLifetime", maxTokenLifetime);
    return found;
  }

  private static void positive(List<String> found, String what, Duration got) {
    if (got.isNegative() || got.isZero()) {
      found.add(what + " is " + got + ", allowed is more than PT0S");
    }
  }

  private static void notNegative(List<String> found, String what, Duration got) {
    if (got.isNegative()) {
      found.add(what + " is " + got + ", allowed is PT0S or more");
    }
  }

  private static void atMost(
      List<String> found, String what, Duration got, String bound, Duration max) {
    if (got.compareTo(max) > 0) {
      found.add(what + " is " + got + ", allowed is at most " + bound + " = " + max);
    }
  }

  private static void atLeast(
      List<String> found, String what, Duration got, String bound, Duration min) {
    if (got.compareTo(min) < 0) {
      found.add(what + " is " + got + ", allowed is at least " + bound + " = " + min);
    }
  }
}
