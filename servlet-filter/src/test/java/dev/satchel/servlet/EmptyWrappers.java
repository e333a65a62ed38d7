package dev.satchel.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.EnumSet;

/**
 * A filter that wraps request and response and changes nothing. Containers treat a wrapped response
 * in their own way, after a forward above all.
 */
final class EmptyWrappers implements Filter {
  static void register(ServletContext context) {
    var registration = context.addFilter("empty wrappers", new EmptyWrappers());
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR),
        false,
        "/*");
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(
        request instanceof HttpServletRequestWrapper
            ? request
            : new HttpServletRequestWrapper((HttpServletRequest) request),
        response instanceof HttpServletResponseWrapper
            ? response
            : new HttpServletResponseWrapper((HttpServletResponse) response));
  }
}
