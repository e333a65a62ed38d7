package dev.satchel.servlet.spring;

import dev.satchel.AttributeTypes;
import org.springframework.util.ClassUtils;

/**
 * What Spring MVC and Spring Security keep in a session, in forms short enough for a token. No
 * class name is written: each type has an alias that begins with {@code s-}, and a type without one
 * is refused.
 *
 * <p>Spring Boot applications get these types by the auto-configuration; others register them:
 *
 * <pre>{@code
 * AttributeTypes types = SpringAttributeTypes.register(AttributeTypes.builder()).build();
 * StatelessSessionFilter.builder("shop", keys)
 *     .attributeTypes(types)
 *     .listener(new SignInListener(types))
 * }</pre>
 */
public final class SpringAttributeTypes {
  private SpringAttributeTypes() {}

  /**
   * Adds the types of those parts of Spring that are on the class path.
   *
   * @return the same builder
   */
  public static AttributeTypes.Builder register(AttributeTypes.Builder types) {
    if (isPresent("org.springframework.web.servlet.FlashMap")) {
      FlashTypes.register(types);
    }
    if (isPresent("org.springframework.security.core.context.SecurityContextImpl")) {
      SignInTypes.register(types);
    }
    if (isPresent("org.springframework.security.web.savedrequest.DefaultSavedRequest")) {
      SecurityWebTypes.register(types);
    }
    return types;
  }

  static boolean isPresent(String className) {
    return ClassUtils.isPresent(className, SpringAttributeTypes.class.getClassLoader());
  }
}
