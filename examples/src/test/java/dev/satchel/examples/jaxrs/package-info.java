/**
 * A JAX-RS resource that keeps its state in {@code HttpSession}, behind the filter with the header
 * transport: what clients use that are no browsers.
 */
@NullMarked
package dev.satchel.examples.jaxrs;

import org.jspecify.annotations.NullMarked;
