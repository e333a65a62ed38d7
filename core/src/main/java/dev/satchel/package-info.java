/**
 * Stateless HTTP sessions: the session's data travels with the client as one sealed (JWE) or signed
 * (JWS) token.
 *
 * <p>{@link dev.satchel.TokenCodec} turns a {@link dev.satchel.SessionState} into a token and back.
 * The {@link dev.satchel.SessionKey} picks the algorithm, never the token; {@link
 * dev.satchel.KeySource} says which keys are in use now. Bad input is a value ({@link
 * dev.satchel.Decoded.Rejected}), misuse an exception.
 *
 * <p><b>Compatibility.</b> A token written by any 1.x release is read by every later 1.x release
 * until it expires. {@code core/FORMAT.md} specifies the token byte by byte; before 1.0 the format
 * may still change, and its version is part of every key derivation, so that an old token is then
 * refused, never misread.
 */
@NullMarked
package dev.satchel;

import org.jspecify.annotations.NullMarked;
