package dev.satchel.servlet;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * An object of the container, walked by reflection from one that the application was given. No
 * class is looked up by name: Jetty hides its own from applications, and this library depends on no
 * container.
 */
record ContainerObject(Object object) {

  /** What a public method without parameters returns. */
  ContainerObject call(String method) throws ReflectiveOperationException {
    ContainerObject result = callOrNull(method);
    if (result == null) {
      throw new ReflectiveOperationException(method + "() of " + type() + " is null");
    }
    return result;
  }

  @Nullable ContainerObject callOrNull(String method) throws ReflectiveOperationException {
    try {
      return orNull(publicMethod(method).invoke(object));
    } catch (InvocationTargetException e) {
      throw new ReflectiveOperationException(method + "() of " + type() + " failed", e.getCause());
    }
  }

  /** What a public method with one parameter returns. */
  @Nullable Object call(String method, Class<?> type, Object argument)
      throws ReflectiveOperationException {
    Method found = object.getClass().getMethod(method, type);
    return (found.canAccess(object) ? found : open(found, method)).invoke(object, argument);
  }

  /** What a field holds, of whatever visibility. */
  ContainerObject field(String name) throws ReflectiveOperationException {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          ContainerObject value = orNull(open(field, name).get(object));
          if (value != null) {
            return value;
          }
        }
      }
    }
    throw new NoSuchFieldException(name + " of " + type());
  }

  boolean isOf(String packagePrefix) {
    return type().startsWith(packagePrefix);
  }

  private String type() {
    return object.getClass().getName();
  }

  private Method publicMethod(String name) throws ReflectiveOperationException {
    Method found = object.getClass().getMethod(name);
    return found.canAccess(object) ? found : open(found, name + "()");
  }

  private <T extends AccessibleObject> T open(T member, String name) throws IllegalAccessException {
    if (!member.trySetAccessible()) {
      throw new IllegalAccessException(name + " of " + type() + " is closed to reflection");
    }
    return member;
  }

  private static @Nullable ContainerObject orNull(@Nullable Object value) {
    return value == null ? null : new ContainerObject(value);
  }
}
