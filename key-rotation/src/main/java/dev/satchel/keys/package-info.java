/**
 * Key rings and their rotation across a cluster.
 *
 * <p>One immutable ring document per application lives in a {@code KeyRingStore} and changes by
 * compare-and-set only. A single commit publishes the next key a lead time before it signs; after
 * that phases follow from timestamps, so activation, retirement and expiry need no further write.
 * {@code RotatingKeySource} is a node's view of the ring, {@code KeyCustodian} the only code that
 * changes one; the {@code satchel-keys} command and the background rotation of a node both use it.
 *
 * <h2>Invariants</h2>
 *
 * <ul>
 *   <li>I1: a node that is not stale is never handed a token of a scheduled key that it lacks; a
 *       stale one answers "not yet known", never "unknown".
 *   <li>I2: a token can be verified by every serving node until it expires, unless revoked.
 *   <li>I3: at most two keys sign at any instant, and two only for the grace period.
 *   <li>I4: a node that signs always has a key to sign with, until that key's {@code notAfter}.
 *   <li>I5: there is at most one document per lineage and epoch.
 *   <li>I6: epochs and revocations never go backwards on a node.
 *   <li>I7: "cannot read" and "cannot decrypt" are never treated as "empty".
 *   <li>I8: after a revocation is committed, every node that reaches the store stops accepting
 *       within propagation plus probe interval.
 *   <li>I9: no request makes a node do more than one store read per tick of the limiter.
 *   <li>I10: a partial write is never visible; any crash leaves the old or the new ring.
 * </ul>
 *
 * <p>Comments cite the rules that keep them as N1 (adopt), N2 (fence), N3 (sign), N4 (clip), N5
 * (verify), N6 (unknown key id), N7 (rotate), N8 (bootstrap) and N9 (emergency).
 *
 * <p>Symbols of the timeline: Π period, Δ lead, S staleness budget, P propagation of the store, ε
 * clock skew, W duration of a commit, R refresh interval, G = 2ε + P + R grace, H = S + P hold.
 */
@NullMarked
package dev.satchel.keys;

import org.jspecify.annotations.NullMarked;
