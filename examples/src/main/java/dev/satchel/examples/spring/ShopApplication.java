package dev.satchel.examples.spring;

import dev.satchel.servlet.spring.AttributeTypesCustomizer;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/**
 * An application as for server-side sessions: the only trace of tokens is the registration of its
 * own attribute type. {@link SpringExample} sets {@code satchel.application} and {@code
 * satchel.key-source}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ShopController.class)
class ShopApplication {

  @Bean
  AttributeTypesCustomizer sessionTypes() {
    return types -> types.register("order", ShopController.Order.class);
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http) {
    return http.authorizeHttpRequests(
            requests ->
                requests.requestMatchers("/", "/error").permitAll().anyRequest().authenticated())
        .formLogin(Customizer.withDefaults())
        .build();
  }

  /** Their passwords stand here for all to read, as in no real application. */
  @Bean
  UserDetailsService users() {
    return new InMemoryUserDetailsManager(
        User.withUsername("ada").password("{noop}lovelace").roles("CUSTOMER").build(),
        User.withUsername("bob").password("{noop}builder").roles("CUSTOMER", "STAFF").build());
  }
}
