package dev.satchel.servlet;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Stands before our filter and loses what that writes, as if that made one of these mistakes. */
enum CookieThief {
  /** The cookie is written when the filter is left, where it is often too late. */
  WRITES_AT_THE_END,

  /** A session that was in use before is not written again. */
  WRITES_ONCE;

  void pass(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Thief thief = new Thief(this, (HttpServletResponse) response);
    try {
      chain.doFilter(request, thief);
    } finally {
      thief.giveBack();
    }
  }

  private static final class Thief extends HttpServletResponseWrapper {
    private final CookieThief how;
    private final Map<String, String> held = new LinkedHashMap<>();
    private boolean over;

    Thief(CookieThief how, HttpServletResponse response) {
      super(response);
      this.how = how;
    }

    @Override
    public void setHeader(String name, String value) {
      if (!takes(name, value)) {
        super.setHeader(name, value);
      }
    }

    @Override
    public void addHeader(String name, String value) {
      if (!takes(name, value)) {
        super.addHeader(name, value);
      }
    }

    private boolean takes(String name, String value) {
      if (over || !name.equals("Set-Cookie") || !value.startsWith("__Host")) {
        return false;
      }
      String cookie = value.substring(0, value.indexOf('='));
      if (how == WRITES_AT_THE_END) {
        held.put(cookie, value);
        return true;
      }
      return held.putIfAbsent(cookie, value) != null;
    }

    void giveBack() {
      over = true;
      if (how == WRITES_AT_THE_END) {
        held.values().forEach(line -> super.addHeader("Set-Cookie", line));
      }
    }
  }
}
