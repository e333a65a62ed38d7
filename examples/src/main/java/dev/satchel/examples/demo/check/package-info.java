/** The scripted visitors that drive the demo's cluster and count what is lost: nothing, ever. */
@NullMarked
package dev.satchel.examples.demo.check;

import org.jspecify.annotations.NullMarked;
