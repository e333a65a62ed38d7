package dev.satchel.servlet.spring;

import dev.satchel.AttributeTypes;
import dev.satchel.KeySource;
import dev.satchel.RevocationCheck;
import dev.satchel.SessionPolicy;
import dev.satchel.servlet.SessionEvents;
import dev.satchel.servlet.StatelessSessionFilter;
import dev.satchel.servlet.micrometer.SessionMetrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.EnumSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingFilterBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Puts the filter in front of a Spring Boot application, made of {@code satchel.*} properties and
 * of beans. Does nothing where neither a property nor a {@link KeySource} asks for it, and leaves
 * alone whoever registers a filter of his own.
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(FilterRegistrationBean.class)
@ConditionalOnBooleanProperty(name = "satchel.enabled", matchIfMissing = true)
@Conditional(OnAnySetting.class)
@EnableConfigurationProperties(SatchelProperties.class)
class SatchelAutoConfiguration {
  /**
   * Outside of all that may ask for a session: Spring Security's chain has -100, and Spring
   * Session, whose place this is, {@code Integer.MIN_VALUE + 50}.
   */
  static final int FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE + 50;

  @Bean
  @ConditionalOnMissingBean
  AttributeTypes satchelAttributeTypes(ObjectProvider<AttributeTypesCustomizer> customizers) {
    AttributeTypes.Builder types = SpringAttributeTypes.register(AttributeTypes.builder());
    customizers.orderedStream().forEach(customizer -> customizer.customize(types));
    return types.build();
  }

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  KeySource satchelKeySource(SatchelProperties properties, ObjectProvider<InstantSource> clock) {
    String location = properties.keySource();
    if (!StringUtils.hasText(location)) {
      throw new IllegalStateException(
          "property satchel.key-source is missing; set it, such as file:/var/lib/shop/ring, or"
              + " define a bean of type "
              + KeySource.class.getName());
    }
    try {
      URI uri = new URI(location.strip());
      if (uri.getScheme() != null) {
        return KeySource.open(uri, clock.getIfUnique(InstantSource::system));
      }
    } catch (URISyntaxException e) {
      // The message would repeat the location, which may hold a password.
    }
    throw new IllegalStateException(
        "property satchel.key-source is no URI with a scheme, such as file:/var/lib/shop/ring");
  }

  @Bean
  @ConditionalOnMissingFilterBean
  FilterRegistrationBean<StatelessSessionFilter> satchelFilter(
      SatchelProperties properties,
      KeySource keySource,
      AttributeTypes types,
      ObjectProvider<SessionPolicy> policy,
      ObjectProvider<SessionEvents> events,
      ObjectProvider<RevocationCheck> revocationCheck,
      ObjectProvider<InstantSource> clock,
      Environment environment) {
    String application = application(properties, environment);
    StatelessSessionFilter.Builder builder =
        StatelessSessionFilter.builder(application, keySource).attributeTypes(types);
    policy.ifAvailable(builder::policy);
    events.orderedStream().forEach(builder::events);
    revocationCheck.ifAvailable(builder::revocationCheck);
    clock.ifUnique(builder::clock);
    if (SpringAttributeTypes.isPresent(
        "org.springframework.security.core.context.SecurityContext")) {
      builder.listener(new SignInListener(types));
    }
    String place = "properties satchel.* of application '" + application + "'";
    try {
      builder.settings(properties.asParameters(), place);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          e.getMessage() + ", by a bean of type " + SessionPolicy.class.getName(), e);
    }
    try {
      return new AutoRegistration(builder.build());
    } catch (IllegalArgumentException e) {
      // An application that gives no cookie's name, which the builder's message would not place.
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  /** Where the application brings Micrometer. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterBinder.class)
  static class Metrics {
    @Bean
    @ConditionalOnMissingBean
    SessionMetrics satchelSessionMetrics() {
      return new SessionMetrics();
    }
  }

  /** Where the application brings Spring Boot's health. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
  static class Monitoring {
    @Bean
    @ConditionalOnMissingBean(name = "satchelHealthIndicator")
    @ConditionalOnEnabledHealthIndicator("satchel")
    HealthIndicator satchelHealthIndicator(KeySource keySource) {
      return new KeySourceHealth(keySource);
    }
  }

  private static String application(SatchelProperties properties, Environment environment) {
    String application = properties.application();
    if (!StringUtils.hasText(application)) {
      application = environment.getProperty("spring.application.name");
    }
    if (!StringUtils.hasText(application)) {
      throw new IllegalStateException(
          "property satchel.application is missing, and so is spring.application.name: the"
              + " application's id, the same on all its nodes");
    }
    return application.strip();
  }

  /** As {@link StatelessSessionFilter#register} does it, but in the order of Spring's filters. */
  private static final class AutoRegistration
      extends FilterRegistrationBean<StatelessSessionFilter> {
    AutoRegistration(StatelessSessionFilter filter) {
      super(filter);
      setName("satchel");
      setOrder(FILTER_ORDER);
      setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
      setAsyncSupported(true);
    }

    @Override
    protected void configure(FilterRegistration.Dynamic registration) {
      super.configure(registration);
      // A forward to a named servlet has no path, so no path pattern matches it.
      registration.addMappingForServletNames(EnumSet.of(DispatcherType.FORWARD), false, "*");
    }
  }
}
