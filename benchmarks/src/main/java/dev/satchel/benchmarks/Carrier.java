package dev.satchel.benchmarks;

import java.util.Map;
import java.util.Set;

/**
 * One library's way to carry a session in a token. Thread-safe, as in a server, except for the
 * floor's.
 *
 * @param <T> what an application holds between reading a session and writing it
 */
interface Carrier<T> {

  /** A new session with these attributes, and a new id. */
  T create(Map<String, Object> attributes);

  /** The session with one attribute set; may be the same object. */
  T with(T session, String name, Object value);

  /** The session's token. */
  String encode(T session);

  /**
   * The session of a token that is authentic and alive.
   *
   * @throws IllegalArgumentException if it is not
   */
  T decode(String token);

  Set<String> names(T session);

  Object attribute(T session, String name);
}
