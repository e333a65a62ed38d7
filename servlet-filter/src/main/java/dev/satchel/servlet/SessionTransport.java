package dev.satchel.servlet;

import dev.satchel.TokenContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the token travels. Stateless and thread-safe; turns tokens into header fields and back, and
 * knows no session.
 */
sealed interface SessionTransport permits CookieTransport, HeaderTransport {

  /** What the codec binds tokens to. */
  TokenContext context(String application);

  /** What the request bears. Never throws, whatever it is. */
  PresentedTokens read(HttpServletRequest request);

  /** Characters that a token may have. */
  int capacity();

  /** The response's field that carries the token. */
  String responseField();

  /**
   * The values of that field for a token, which has at most {@link #capacity} characters; also what
   * expires the client's surplus.
   */
  List<String> lines(String token, PresentedTokens presented);

  /** The values of that field that make the client drop what it holds. */
  List<String> expiringLines(PresentedTokens presented);

  /** Whether a value of the response's field is one of ours. */
  boolean owns(String line);

  /** The request's field that responses vary on. */
  String requestField();

  /** Whether the request's field of this name may carry our token. */
  boolean carries(String fieldName);

  /**
   * The request's field without our token, or null where nothing else is in it (BEHAVIOUR.md 31).
   */
  @Nullable String withoutToken(String fieldValue);

  /** Whether a cookie of this name is ours. */
  boolean isOurCookie(String name);

  /** Whether it travels in a cookie. */
  boolean isCookie();

  /**
   * The enumeration, or an empty one: containers may answer null where they do not let headers be
   * read.
   */
  static Enumeration<String> fields(HttpServletRequest request, String name) {
    Enumeration<String> fields = request.getHeaders(name);
    return fields == null ? Collections.emptyEnumeration() : fields;
  }
}
