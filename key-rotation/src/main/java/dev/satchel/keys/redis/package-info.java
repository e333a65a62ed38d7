/**
 * Key rings in Redis or Valkey, with a script as compare-and-set.
 *
 * <p>A ring is one hash under one key. A server runs a script as a whole or not at all, so of all
 * writers that expect a revision one wins (I5), and nobody sees half a commit (I10).
 *
 * <p>Needs {@code io.lettuce:lettuce-core}, which no other package knows.
 */
@NullMarked
package dev.satchel.keys.redis;

import org.jspecify.annotations.NullMarked;
