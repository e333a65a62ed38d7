/** The token API alone, without servlets. */
@NullMarked
package dev.satchel.examples.token;

import org.jspecify.annotations.NullMarked;
