package dev.satchel.servlet.spring;

import dev.satchel.AttributeException;
import dev.satchel.AttributeTypes;
import dev.satchel.servlet.StatelessSessionFilter;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;

/**
 * Follows Spring Security's sign-ins and sign-outs. Whoever signs in becomes the session's {@link
 * StatelessSessionFilter#SUBJECT}, so that all sessions of one user can be revoked; and a sign-in
 * that no token can hold fails at once, instead of being forgotten by the next request.
 *
 * <p>It hears a {@code SecurityContext} being put into the session, whichever {@code
 * SecurityContextRepository} does so, so the repositories stay Spring's and each chain's own. A
 * context that is in the session already and gets another {@code Authentication} is not heard of:
 * make a new context, as Spring Security's documentation asks.
 */
public final class SignInListener implements HttpSessionAttributeListener {
  private final AttributeTypes types;

  /**
   * A listener for {@code StatelessSessionFilter.builder(…).listener(…)}.
   *
   * @param types the filter's
   */
  public SignInListener(AttributeTypes types) {
    this.types = Objects.requireNonNull(types, "types");
  }

  /**
   * A value was set.
   *
   * @throws IllegalArgumentException if it is a {@code SecurityContext} with a type that is not
   *     registered
   */
  @Override
  public void attributeAdded(HttpSessionBindingEvent event) {
    changed(event);
  }

  /**
   * A value was replaced.
   *
   * @throws IllegalArgumentException as for {@link #attributeAdded}
   */
  @Override
  public void attributeReplaced(HttpSessionBindingEvent event) {
    changed(event);
  }

  @Override
  public void attributeRemoved(HttpSessionBindingEvent event) {
    if (event.getValue() instanceof SecurityContext) {
      try {
        event.getSession().removeAttribute(StatelessSessionFilter.SUBJECT);
      } catch (IllegalStateException e) {
        // Removed because the session has ended, and its subject with it.
      }
    }
  }

  private void changed(HttpSessionBindingEvent event) {
    HttpSession session = event.getSession();
    if (session.getAttribute(event.getName()) instanceof SecurityContext context) {
      Authentication authentication = context.getAuthentication();
      requireWritable(context, authentication);
      String name = authentication == null ? null : authentication.getName();
      session.setAttribute(
          StatelessSessionFilter.SUBJECT, name == null || name.isEmpty() ? null : name);
    } else if (event.getValue() instanceof SecurityContext) {
      session.removeAttribute(StatelessSessionFilter.SUBJECT);
    }
  }

  private void requireWritable(SecurityContext context, @Nullable Authentication authentication) {
    try {
      types.requireWritable(context);
    } catch (AttributeException e) {
      throw new IllegalArgumentException(
          "sign-in with "
              + (authentication == null ? context : authentication).getClass().getName()
              + " cannot be kept in a session token: "
              + e.getMessage()
              + "; in a Spring Boot application do so in a bean of type "
              + AttributeTypesCustomizer.class.getName(),
          e);
    }
  }
}
