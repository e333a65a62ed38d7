package dev.satchel.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The methods of Servlet 6.1 that go round a wrapper made for 6.0 (BEHAVIOUR.md F4), found once at
 * start-up so that one jar serves both. On a container of 6.0 nobody can call them, since its types
 * do not have them.
 */
final class Servlet61 {
  private static final @Nullable MethodHandle SEND_REDIRECT =
      find(HttpServletResponse.class, "sendRedirect", String.class, int.class, boolean.class);
  private static final @Nullable MethodHandle WRITE_BUFFER =
      find(ServletOutputStream.class, "write", ByteBuffer.class);

  private Servlet61() {}

  static void sendRedirect(
      HttpServletResponse response, String location, int status, boolean clearBuffer)
      throws IOException {
    MethodHandle method = required(SEND_REDIRECT, "sendRedirect(String, int, boolean)");
    try {
      method.invokeExact(response, location, status, clearBuffer);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void write(ServletOutputStream stream, ByteBuffer bytes) throws IOException {
    MethodHandle method = required(WRITE_BUFFER, "write(ByteBuffer)");
    try {
      method.invokeExact(stream, bytes);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private static @Nullable MethodHandle find(Class<?> type, String name, Class<?>... parameters) {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(type, name, MethodType.methodType(void.class, parameters));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null; // Servlet 6.0
    }
  }

  private static MethodHandle required(@Nullable MethodHandle method, String name) {
    if (method == null) {
      throw new UnsupportedOperationException(name + " needs a container of Servlet 6.1");
    }
    return method;
  }

  private static IOException rethrown(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof IOException io ? io : new IOException(e);
  }
}
