package dev.satchel.servlet.spring;

import dev.satchel.KeySource;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether anything asks for sessions in tokens: keys, or a property, be it spelled wrong. */
class OnAnySetting extends AnyNestedCondition {
  OnAnySetting() {
    super(ConfigurationPhase.REGISTER_BEAN);
  }

  @ConditionalOnBean(KeySource.class)
  static class Keys {}

  @ConditionalOnProperty(prefix = "satchel", name = "key-source")
  static class KeySourceProperty {}

  @ConditionalOnProperty(prefix = "satchel", name = "application")
  static class ApplicationProperty {}

  @Conditional(AnyProperty.class)
  static class OtherProperty {}

  /**
   * Any property under {@code satchel}, though not what the machine's environment or the JVM's
   * command line has: they hold names of others, and Spring Boot does not look there for
   * misspellings either.
   */
  static class AnyProperty extends SpringBootCondition {
    private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("satchel");

    @Override
    public ConditionOutcome getMatchOutcome(
        ConditionContext context, AnnotatedTypeMetadata metadata) {
      UnboundElementsSourceFilter ownSources = new UnboundElementsSourceFilter();
      for (ConfigurationPropertySource source :
          ConfigurationPropertySources.get(context.getEnvironment())) {
        if (ownSources.apply(source)
            && source.containsDescendantOf(PREFIX) == ConfigurationPropertyState.PRESENT) {
          return ConditionOutcome.match("found a property satchel.*");
        }
      }
      return ConditionOutcome.noMatch("found no property satchel.*");
    }
  }
}
