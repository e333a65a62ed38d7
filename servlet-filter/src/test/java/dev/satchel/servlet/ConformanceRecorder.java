package dev.satchel.servlet;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Writes down which items of BEHAVIOUR.md passed on which container, for {@link
 * ConformancePageTest}. A test that fails, or that gives up, leaves no line.
 */
public final class ConformanceRecorder implements BeforeAllCallback, InvocationInterceptor {
  private static final ExtensionContext.Namespace ROUND =
      ExtensionContext.Namespace.create(ConformanceRecorder.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    if (isPage(context)) {
      return;
    }
    context
        .getRoot()
        .getStore(ROUND)
        .computeIfAbsent(
            "begun",
            key -> {
              ConformanceRecord.begin();
              return true;
            });
    for (Method method : context.getRequiredTestClass().getDeclaredMethods()) {
      AnnotationSupport.findAnnotation(method, NotOn.class)
          .ifPresent(notOn -> notOn(method, notOn));
    }
  }

  private static void notOn(Method method, NotOn notOn) {
    List<Container> running = Container.running();
    for (Container container : notOn.value()) {
      if (running.contains(container)) {
        ConformanceRecord.of(method, Optional.of(container), notOn.because())
            .forEach(ConformanceRecord::append);
      }
    }
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    record(invocation, called, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    record(invocation, called, context);
  }

  private static void record(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> called,
      ExtensionContext context)
      throws Throwable {
    invocation.proceed();
    if (!isPage(context)) {
      Optional<Container> container =
          called.getArguments().stream()
              .filter(Container.class::isInstance)
              .map(Container.class::cast)
              .findFirst();
      ConformanceRecord.of(called.getExecutable(), container, "")
          .forEach(ConformanceRecord::append);
    }
  }

  private static boolean isPage(ExtensionContext context) {
    return context.getTestClass().filter(ConformancePageTest.class::equals).isPresent();
  }
}
