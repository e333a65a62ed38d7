package dev.satchel.servlet.spring;

import dev.satchel.AttributeException;
import dev.satchel.AttributeTypes;
import dev.satchel.servlet.StatelessSessionFilter;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import java.util.Collections;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;

/**
 * Follows Spring Security's sign-ins and sign-outs. Whoever signs in becomes the session's {@link
 * StatelessSessionFilter#SUBJECT}, so that all sessions of one user can be revoked; and a sign-in
 * that no token can hold fails at once, and is in the session no longer, instead of being forgotten
 * by the next request. Of several contexts in one session the latest counts.
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
        followRemaining(event.getSession());
      } catch (IllegalStateException e) {
        // Removed because the session has ended, and its subject with it.
      }
    }
  }

  private void changed(HttpSessionBindingEvent event) {
    HttpSession session = event.getSession();
    if (session.getAttribute(event.getName()) instanceof SecurityContext context) {
      Authentication authentication = context.getAuthentication();
      try {
        requireWritable(context, authentication);
      } catch (IllegalArgumentException e) {
        // It is in the session already, in the place of another perhaps. Left there, the next token
        // would be the former user's by its subject, and nobody's by its content.
        session.removeAttribute(event.getName());
        followRemaining(session);
        throw e;
      }
      String name = name(context);
      if (name == null) {
        followRemaining(session);
      } else {
        session.setAttribute(StatelessSessionFilter.SUBJECT, name);
      }
    } else if (event.getValue() instanceof SecurityContext) {
      followRemaining(session);
    }
  }

  /** Filter chains may keep their contexts under keys of their own: the latest one counts. */
  private static void followRemaining(HttpSession session) {
    String subject = null;
    for (String key : Collections.list(session.getAttributeNames())) {
      if (session.getAttribute(key) instanceof SecurityContext context) {
        String name = name(context);
        subject = name == null ? subject : name;
      }
    }
    session.setAttribute(StatelessSessionFilter.SUBJECT, subject);
  }

  private static @Nullable String name(SecurityContext context) {
    Authentication authentication = context.getAuthentication();
    String name = authentication == null ? null : authentication.getName();
    return name == null || name.isEmpty() ? null : name;
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
