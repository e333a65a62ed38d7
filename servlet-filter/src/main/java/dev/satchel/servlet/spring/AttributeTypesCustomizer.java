package dev.satchel.servlet.spring;

import dev.satchel.AttributeTypes;

/**
 * Registers types that the application keeps in its sessions. Beans of this type are applied, in
 * their order, to the {@link AttributeTypes} of the auto-configured filter, behind {@link
 * SpringAttributeTypes}.
 *
 * <pre>{@code
 * @Bean
 * AttributeTypesCustomizer sessionTypes() {
 *   return types -> types.register("cart", Cart.class).register("account", Account.class);
 * }
 * }</pre>
 */
@FunctionalInterface
public interface AttributeTypesCustomizer {

  /** Registers types. */
  void customize(AttributeTypes.Builder types);
}
