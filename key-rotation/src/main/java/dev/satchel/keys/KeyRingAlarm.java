package dev.satchel.keys;

/** What is wrong with a ring as a node sees it, beside staleness. */
public enum KeyRingAlarm {
  /**
   * The store does not answer, or does not take this node's changes. Look at the store, and where
   * the ring's key is in a service, at that.
   */
  UNAVAILABLE(
      "the store does not answer, or this node cannot change the ring: look at the store, the way"
          + " to it, this node's rights there, and the service that its key is in, if it is in"
          + " one"),
  /** The store holds something that cannot be read: sealed under another key, or damaged. */
  UNREADABLE(
      "the store holds a ring that this node cannot open. If other nodes can, it was moved to"
          + " another key: give this node that key as kekAlso, and restart it. If none can, restart"
          + " none: put back the ring, or its key in the service that has it"),
  /** The store went back to an older epoch. A writer puts the ring back. */
  ROLLED_BACK(
      "the store went back to an older ring, which a running node with role=writer puts right: is"
          + " there one?"),
  /** The store lost a key without burying it. A writer puts it back. */
  FORKED("the store lost a key, which a running node with role=writer puts back: is there one?"),
  /** The store is empty. A writer puts the ring back. */
  WIPED(
      "the store is empty, which a running node with role=writer puts right: is there one, and is"
          + " this the place? Until then restart no node, since none starts without a ring"),
  /** The store holds another ring. Somebody has to decide which one is right. */
  FOREIGN_RING("the store holds another ring: decide which one is right, and mend the other's"),
  /** The next key should be there. Is there a writer? */
  ROTATION_OVERDUE(
      "the next key was due and is not there: give one node role=writer, see whether it may write,"
          + " or run `satchel-keys rotate --if-due` from cron"),
  /** This node's clock is not the store's, by more than the policy allows. */
  CLOCK_SKEW("this node's clock is not the store's: set up time synchronization"),
  /** Revocations cannot be read from the store, or not handed on. */
  REVOCATIONS_UNAVAILABLE(
      "revoked sessions cannot be read from the store or handed on: look at the store, and at this"
          + " node's rights there"),
  /**
   * What others revoked was not read for longer than {@link
   * RotatingKeySource.Builder#revocations(java.time.Duration)} allows: no token is accepted here
   * until it is.
   */
  REVOCATIONS_STALE(
      "what other nodes revoked was not read for longer than revocationsWithin allows, so this"
          + " node answers 503 to every token: look at the store, and at the way to it"),
  /** The store lost revocations. The nodes that know them put them back. */
  REVOCATIONS_LOST("the store lost revoked sessions, which the nodes that know them put back"),
  /** The store holds records of revocations that no node of this ring and release has made. */
  REVOCATIONS_FORGED(
      "the store holds revocations that no node of this ring made: who else writes there?"),
  /** As many sessions are revoked as can be remembered; further ones are not taken in. */
  REVOCATIONS_FULL(
      "no more revoked sessions can be remembered, so copies of further ones' tokens work on after"
          + " sign-out until the oldest run out, which only time does: limit sign-ins;"
          + " `satchel-keys sign-out --all-before` needs no room and ends the copies, with all"
          + " other sessions of before");

  private final String advice;

  KeyRingAlarm(String advice) {
    this.advice = advice;
  }

  /** What is wrong and what to do about it, for an operator. */
  public String advice() {
    return advice;
  }
}
