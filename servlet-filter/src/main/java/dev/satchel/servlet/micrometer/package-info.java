/**
 * Meters of sessions, for applications that bring Micrometer. Nothing else in this module knows it.
 */
@NullMarked
package dev.satchel.servlet.micrometer;

import org.jspecify.annotations.NullMarked;
