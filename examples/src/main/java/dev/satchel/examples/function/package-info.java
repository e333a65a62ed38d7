/** Sessions where every request meets a process that knows nothing: function compute. */
@NullMarked
package dev.satchel.examples.function;

import org.jspecify.annotations.NullMarked;
