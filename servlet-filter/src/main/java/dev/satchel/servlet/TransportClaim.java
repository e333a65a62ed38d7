package dev.satchel.servlet;

import jakarta.servlet.ServletContext;
import java.util.Locale;

/**
 * One filter's claim to its cookie or header, among all filters of an application (BEHAVIOUR.md
 * 79). Two filters of one cookie would hide it from each other and write it against each other;
 * each request would end in the session of one of them.
 */
final class TransportClaim {
  private final ServletContext context;
  private final String key;

  private TransportClaim(ServletContext context, String key) {
    this.context = context;
    this.key = key;
  }

  /**
   * @throws IllegalStateException if another filter has it
   */
  static TransportClaim of(FilterSetup setup, String filterName) {
    String transport = setup.transport().toString();
    String key =
        StatelessSessionFilter.class.getName()
            + " "
            + (setup.transport().isCookie() ? transport : transport.toLowerCase(Locale.ROOT));
    ServletContext context = setup.servletContext();
    Object other = context.getAttribute(key);
    if (other != null) {
      throw new IllegalStateException(
          "filter '"
              + filterName
              + "': "
              + transport
              + " is that of filter '"
              + other
              + "' already; map one filter twice, or name another cookie or header");
    }
    context.setAttribute(key, filterName);
    return new TransportClaim(context, key);
  }

  void release() {
    context.removeAttribute(key);
  }
}
