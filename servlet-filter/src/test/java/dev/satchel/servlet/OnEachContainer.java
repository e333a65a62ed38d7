package dev.satchel.servlet;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A scenario that runs once on each container, but for those that {@link NotOn} names. One with
 * more parameters takes its containers from {@link Container#running} and bears the {@link
 * ServletApi#TAG} itself.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Tag(ServletApi.TAG)
@ParameterizedTest(name = "{0}", allowZeroInvocations = true)
@ArgumentsSource(OnEachContainer.Running.class)
@interface OnEachContainer {

  /** The containers of this round. */
  final class Running implements ArgumentsProvider {
    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      List<Container> left =
          AnnotationSupport.findAnnotation(context.getElement(), NotOn.class)
              .map(notOn -> List.of(notOn.value()))
              .orElse(List.of());
      return Container.running().stream().filter(c -> !left.contains(c)).map(Arguments::of);
    }
  }
}
