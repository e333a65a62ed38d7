package dev.satchel.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;

/** The Servlet API on the class path: tests are compiled against 6.1 and run on 6.1 and on 6.0. */
final class ServletApi {
  /** Tag of tests that run once for each; see pom.xml. */
  static final String TAG = "servlet-api";

  /** Whether the methods that 6.1 added may be called. */
  static final boolean IS_6_1 =
      Arrays.stream(HttpServletResponse.class.getMethods())
          .anyMatch(m -> m.getName().equals("sendRedirect") && m.getParameterCount() == 3);

  private ServletApi() {}

  static boolean has(String className) {
    try {
      Class.forName(className, false, ServletApi.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
