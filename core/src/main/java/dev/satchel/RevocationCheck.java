package dev.satchel;

/**
 * Says whether an authentic, living session was revoked, or throws where it cannot tell: then the
 * token is not accepted for now, {@link Rejection#UNVERIFIABLE}. Called for every accepted token,
 * on the request path: it does no I/O and takes no lock. Thread-safe. {@link SessionRevocations} is
 * one that key sources bring.
 */
@FunctionalInterface
public interface RevocationCheck {

  /**
   * Whether the session was revoked: by its {@linkplain SessionState#id() id}, by its {@linkplain
   * SessionState#subject() subject} if it is that one's {@linkplain SessionState#subjectSince()
   * since} before an instant, or with everything created before an instant. Judge by the session,
   * never by the text of its token: one session has many tokens.
   */
  boolean isRevoked(SessionState session);

  /** Revokes nothing: a copied token works until it expires, also after the user signed out. */
  static RevocationCheck none() {
    return session -> false;
  }
}
