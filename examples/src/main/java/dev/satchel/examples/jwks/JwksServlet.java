package dev.satchel.examples.jwks;

import dev.satchel.keys.PublishedJwks;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.function.Supplier;

/**
 * Publishes the public keys of a ring. To copy into an application: all that it needs to know is in
 * {@link PublishedJwks}. {@code HEAD} comes from {@link HttpServlet}, other methods get 405.
 */
public final class JwksServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient Supplier<PublishedJwks> keys;

  /**
   * @param keys {@link dev.satchel.keys.RotatingKeySource#publicKeys}, asked for every request
   */
  public JwksServlet(Supplier<PublishedJwks> keys) {
    this.keys = keys;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    PublishedJwks set = keys.get();
    response.setHeader("ETag", set.etag());
    response.setHeader("Cache-Control", set.cacheControl());
    response.setHeader("Age", Long.toString(set.age().toSeconds()));
    String known = String.join(",", Collections.list(request.getHeaders("If-None-Match")));
    if (set.isNotModified(known)) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    byte[] body = set.body();
    response.setContentType(PublishedJwks.CONTENT_TYPE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
