package dev.satchel.examples.demo.shop;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A synchronizer token: each form repeats what the session holds. That the session travels with the
 * client changes nothing, since it is sealed: no page of another site can read it.
 */
public final class CsrfToken {
  /** The session attribute; the nodes' policy marks it secret, so that it is never compressed. */
  public static final String ATTRIBUTE = "csrf";

  /** The form field. */
  static final String FIELD = "csrf";

  private static final SecureRandom RANDOM = new SecureRandom();

  private CsrfToken() {}

  /** The session's token, made at the first call. */
  static String of(HttpSession session) {
    if (session.getAttribute(ATTRIBUTE) instanceof String token) {
      return token;
    }
    byte[] bytes = new byte[16]; // 128 bits
    RANDOM.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    session.setAttribute(ATTRIBUTE, token);
    return token;
  }

  /** Whether the form was made by this session. Never creates one. */
  static boolean isValid(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    String sent = request.getParameter(FIELD);
    return session != null
        && sent != null
        && session.getAttribute(ATTRIBUTE) instanceof String kept
        && MessageDigest.isEqual(
            sent.getBytes(StandardCharsets.UTF_8), kept.getBytes(StandardCharsets.UTF_8));
  }
}
