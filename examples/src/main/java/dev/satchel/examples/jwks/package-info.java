/** An issuer that publishes its public keys, and a gate that has nothing else. */
@NullMarked
package dev.satchel.examples.jwks;

import org.jspecify.annotations.NullMarked;
