/**
 * The {@code satchel-keys} command. One class per verb; results on standard output, everything for
 * people on standard error, secrets nowhere but in files for their owner.
 */
@NullMarked
package dev.satchel.keys.cli;

import org.jspecify.annotations.NullMarked;
