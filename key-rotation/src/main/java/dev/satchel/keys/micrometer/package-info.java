/**
 * Meters of a key ring, for applications that bring Micrometer. Nothing else in this module knows
 * it.
 */
@NullMarked
package dev.satchel.keys.micrometer;

import org.jspecify.annotations.NullMarked;
