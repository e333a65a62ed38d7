package dev.satchel.keys;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The public and protected signatures of public types, as sorted text. */
final class PublicApi {
  private PublicApi() {}

  static List<String> of(Collection<? extends Class<?>> classes) {
    List<String> lines = new ArrayList<>();
    for (Class<?> type : classes) {
      if (isVisible(type)) {
        lines.add(header(type));
        lines.addAll(members(type));
      }
    }
    return lines;
  }

  private static boolean isVisible(Class<?> type) {
    boolean here = isVisible(type.getModifiers()) && !type.isAnonymousClass();
    Class<?> outer = type.getEnclosingClass();
    return here && (outer == null || isVisible(outer));
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String header(Class<?> type) {
    String kind =
        type.isAnnotation()
            ? "annotation"
            : type.isInterface()
                ? "interface"
                : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    String modifiers =
        Modifier.toString(
            type.getModifiers() & ~Modifier.INTERFACE & ~Modifier.ABSTRACT & ~Modifier.STATIC);
    StringBuilder line = new StringBuilder(type.getName());
    line.append(": ").append(modifiers).append(type.isSealed() ? " sealed " : " ").append(kind);
    line.append(variables(type.getTypeParameters()));
    Type parent = type.getGenericSuperclass();
    if (parent != null && parent != Object.class && !type.isEnum() && !type.isRecord()) {
      line.append(" extends ").append(parent.getTypeName());
    }
    if (type.getGenericInterfaces().length > 0) {
      line.append(" implements ").append(names(type.getGenericInterfaces()));
    }
    return line.toString();
  }

  private static Collection<String> members(Class<?> type) {
    TreeSet<String> members = new TreeSet<>();
    for (Field field : type.getDeclaredFields()) {
      if (isApi(field)) {
        members.add(
            modifiers(field) + field.getGenericType().getTypeName() + " " + field.getName());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isApi(constructor)) {
        members.add(modifiers(constructor) + "<init>" + parameters(constructor));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isApi(method) && !method.isBridge()) {
        String variables = variables(method.getTypeParameters());
        members.add(
            modifiers(method)
                + (variables.isEmpty() ? "" : variables + " ")
                + method.getGenericReturnType().getTypeName()
                + " "
                + method.getName()
                + parameters(method));
      }
    }
    return members;
  }

  private static boolean isApi(Member member) {
    return isVisible(member.getModifiers()) && !member.isSynthetic();
  }

  private static String modifiers(Member member) {
    int noise = Modifier.TRANSIENT | Modifier.VOLATILE | Modifier.NATIVE | Modifier.SYNCHRONIZED;
    String kind = member instanceof Method method && method.isDefault() ? "default " : "";
    return "  " + Modifier.toString(member.getModifiers() & ~noise) + " " + kind;
  }

  private static String parameters(Executable executable) {
    String thrown = names(executable.getGenericExceptionTypes());
    return "("
        + names(executable.getGenericParameterTypes())
        + ")"
        + (thrown.isEmpty() ? "" : " throws " + thrown);
  }

  private static String names(Type[] types) {
    return Arrays.stream(types).map(Type::getTypeName).collect(Collectors.joining(", "));
  }

  private static String variables(TypeVariable<?>[] variables) {
    return variables.length == 0
        ? ""
        : "<"
            + Arrays.stream(variables).map(Type::getTypeName).collect(Collectors.joining(", "))
            + ">";
  }
}
