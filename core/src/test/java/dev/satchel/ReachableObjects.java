package dev.satchel;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What an object of ours holds on to, through the fields of our classes and through arrays, buffers
 * and collections. The JDK's other objects, such as ciphers, are closed to us: they are listed, and
 * what they hold is not.
 */
final class ReachableObjects {
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> open = new ArrayDeque<>();

  private ReachableObjects() {}

  static List<Object> of(Object root) throws IllegalAccessException {
    ReachableObjects objects = new ReachableObjects();
    objects.add(root);
    while (!objects.open.isEmpty()) {
      objects.enter(objects.open.remove());
    }
    return new ArrayList<>(objects.seen);
  }

  private void add(Object object) {
    if (object != null && seen.add(object)) {
      open.add(object);
    }
  }

  private void enter(Object object) throws IllegalAccessException {
    if (isOurs(object.getClass())) {
      enterFields(object);
    } else if (object instanceof Object[] array) {
      Arrays.asList(array).forEach(this::add);
    } else if (object instanceof AtomicReferenceArray<?> array) {
      for (int i = 0; i < array.length(); i++) {
        add(array.get(i));
      }
    } else if (object instanceof AtomicReference<?> reference) {
      add(reference.get());
    } else if (object instanceof Map<?, ?> map) {
      map.keySet().forEach(this::add);
      map.values().forEach(this::add);
    } else if (object instanceof Collection<?> collection) {
      collection.forEach(this::add);
    } else if (object instanceof ByteBuffer buffer && buffer.hasArray()) {
      add(buffer.array());
    } else if (object instanceof CharBuffer buffer && buffer.hasArray()) {
      add(buffer.array());
    }
  }

  private void enterFields(Object object) throws IllegalAccessException {
    for (Class<?> type = object.getClass(); isOurs(type); type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          add(field.get(object));
        }
      }
    }
  }

  private static boolean isOurs(Class<?> type) {
    return !type.isArray() && type.getPackageName().equals("dev.satchel");
  }
}
