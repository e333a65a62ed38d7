package dev.satchel.servlet;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An application in a container: pages are lambdas that a test puts under a path while it runs, so
 * that one container serves all tests of a class. Status 418 has the error page {@code /error},
 * {@link Broken} the error page {@code /broken}.
 */
final class TestApp implements AutoCloseable {
  private final Map<String, Page> pages = new ConcurrentHashMap<>();
  private final Container.Started container;

  private TestApp(
      Container container,
      Container.Startup more,
      StatelessSessionFilter filter,
      Container.Natively natively)
      throws Exception {
    Map<Object, String> errorPages = new LinkedHashMap<>();
    errorPages.put(418, "/error");
    errorPages.put(Broken.class, "/broken");
    this.container =
        container.start(
            context -> {
              more.accept(context);
              ServletRegistration.Dynamic pagesServlet = context.addServlet("pages", new Pages());
              pagesServlet.setAsyncSupported(true);
              pagesServlet.addMapping("/*");
              if (filter != null) {
                filter.register(context);
              }
            },
            errorPages,
            natively);
  }

  static TestApp start(Container container, StatelessSessionFilter filter) throws Exception {
    return new TestApp(container, context -> {}, filter, context -> {});
  }

  static TestApp start(Container container, StatelessSessionFilter filter, Container.Startup more)
      throws Exception {
    return new TestApp(container, more, filter, context -> {});
  }

  static TestApp start(
      Container container,
      StatelessSessionFilter filter,
      Container.Startup more,
      Container.Natively natively)
      throws Exception {
    return new TestApp(container, more, filter, natively);
  }

  TestApp on(String path, Page page) {
    pages.put(path, page);
    return this;
  }

  /** With pages that set and tell attribute {@code a}. */
  TestApp withSetAndGet() {
    on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
    return on(
        "/get",
        (q, r) -> {
          HttpSession session = q.getSession(false);
          r.getWriter().print(session == null ? "none" : session.getAttribute("a"));
        });
  }

  Client client() {
    return new Client(container.port());
  }

  int port() {
    return container.port();
  }

  @Override
  public void close() throws Exception {
    container.close();
  }

  /** What a page does. */
  interface Page {
    void handle(HttpServletRequest request, HttpServletResponse response) throws Exception;
  }

  /** Has an error page. */
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Broken() {
      super("broken on purpose");
    }
  }

  private final class Pages extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      Object included = request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO);
      String path = included == null ? request.getPathInfo() : (String) included;
      Page page = pages.get(path);
      if (page == null) {
        response.sendError(404);
        return;
      }
      try {
        page.handle(request, response);
      } catch (RuntimeException | IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Registers a page as a named servlet of its own. */
  static void named(ServletContext context, String name, Page page) {
    ServletRegistration.Dynamic registration =
        context.addServlet(
            name,
            new HttpServlet() {
              private static final long serialVersionUID = 1L;

              @Override
              protected void service(HttpServletRequest request, HttpServletResponse response) {
                try {
                  page.handle(request, response);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    registration.setAsyncSupported(true);
  }
}
