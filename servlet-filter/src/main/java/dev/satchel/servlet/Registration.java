package dev.satchel.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;

/** How the filter stands in an application (BEHAVIOUR.md 78). */
final class Registration {
  /** Under this the context knows what settings beside it had the filter registered. */
  private static final String BY_SETTINGS = Registration.class.getName();

  private Registration() {}

  /**
   * @throws IllegalStateException if there is a filter of this name
   */
  static FilterRegistration.Dynamic of(
      StatelessSessionFilter filter, ServletContext context, String name) {
    FilterRegistration.Dynamic registration = context.addFilter(name, filter);
    if (registration == null) {
      Object settings = context.getAttribute(BY_SETTINGS);
      throw new IllegalStateException(
          "a filter named '"
              + name
              + "' is already registered"
              + (settings == null ? "" : ", by " + settings)
              + "; leave one of them out, or add this one under another name");
    }
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    // A forward to a named servlet has no path, so no path pattern matches it.
    registration.addMappingForServletNames(EnumSet.of(DispatcherType.FORWARD), false, "*");
    return registration;
  }

  /**
   * @throws IllegalStateException if there is a filter of the usual name
   */
  static void bySettings(InitParameters settings, ServletContext context) {
    try {
      new StatelessSessionFilter(settings, null).register(context);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(settings.where() + ": " + e.getMessage(), e);
    }
    context.setAttribute(BY_SETTINGS, settings.where());
  }
}
