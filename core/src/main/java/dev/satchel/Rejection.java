package dev.satchel;

/**
 * Why a token was not accepted. For metrics and logs only: the client sees the same outcome for
 * every constant, or it would learn how far a forgery got (RFC 7516 §11.5). The exceptions are the
 * {@linkplain #isTemporary temporary} ones, which say nothing about the token's content.
 */
public enum Rejection {
  /**
   * Several tokens were presented and more than one session is valid. A sibling host can cause it
   * by setting a cookie of the same name.
   */
  AMBIGUOUS,

  /**
   * Authentic, but its absolute lifetime has passed, or its key's hour is older than any live
   * session. Ordinary: a user who comes back the next day.
   */
  EXPIRED,

  /** Authentic, but the session was idle for longer than its inactive interval. Ordinary. */
  IDLE,

  /**
   * Sealed with a key that this node does not hold yet, as far as it can tell: its key ring is
   * behind, or could not be refreshed. The token may be good. Keep it, answer 503 and let the
   * client retry.
   */
  KEY_NOT_YET_KNOWN,

  /**
   * Not a compact JWE or JWS in strict base64url with the segment lengths of its key's algorithm.
   * Anybody can cause it.
   */
  MALFORMED,

  /** Authentic, but issued in the future by more than the clock skew. A node's clock is wrong. */
  NOT_YET_VALID,

  /**
   * Sealed with a key that this ring has retired, destroyed or revoked. Ordinary after a long
   * absence or an emergency rotation.
   */
  RETIRED_KEY,

  /**
   * Authentic and alive, but on the revocation list. No session, but do not make the client drop
   * the token: by the time it hears that, it may hold the token that came in this one's place, as
   * after a change of the id.
   */
  REVOKED,

  /**
   * Longer than {@link TokenCodec#MAX_TOKEN_LENGTH}, or larger than allowed once inflated. Nothing
   * was parsed.
   */
  TOO_LONG,

  /**
   * The authentication tag or signature is wrong: forged, damaged, or minted for another context,
   * application or purpose.
   */
  UNAUTHENTIC,

  /**
   * A well-formed token whose header is not one that this codec mints for that key (RFC 8725 §3.1,
   * §3.11).
   */
  UNEXPECTED_HEADER,

  /** The key id was never issued by this ring. Forged, or from another application. */
  UNKNOWN_KEY,

  /**
   * Authentic, but its content is not what this release reads. Another release wrote it, or a key
   * is shared with other software.
   */
  UNREADABLE,

  /**
   * Nothing is known about the token, since something this codec relies on failed: the revocation
   * check threw, a destroyed key is still in use, the clock is out of range. Fails closed, and
   * keeps the token: {@link Decoded.Rejected#cause()} says what to mend.
   */
  UNVERIFIABLE,

  /** Signed by a known key for another context (RFC 8725 §3.9). */
  WRONG_CONTEXT;

  /**
   * Whether the token may be good although this node cannot tell now: do not make the client drop
   * it.
   */
  public boolean isTemporary() {
    return this == KEY_NOT_YET_KNOWN || this == UNVERIFIABLE;
  }
}
