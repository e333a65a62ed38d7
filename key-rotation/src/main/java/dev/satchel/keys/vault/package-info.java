/**
 * Rings sealed under a key in HashiCorp Vault, or OpenBao, by its transit secrets engine. Needs the
 * JDK's HTTP client and nothing else.
 */
@NullMarked
package dev.satchel.keys.vault;

import org.jspecify.annotations.NullMarked;
