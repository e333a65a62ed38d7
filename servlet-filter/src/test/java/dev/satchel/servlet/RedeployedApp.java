package dev.satchel.servlet;

import dev.satchel.AttributeTypes;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** An application that {@link RedeployTest} loads by a class loader of its own. */
public final class RedeployedApp implements Consumer<ServletContext> {
  /** An attribute type of the application. */
  public record Visit(int count) {}

  @Override
  public void accept(ServletContext context) {
    TestApp.named(
        context,
        "visits",
        (q, r) -> {
          Object visit = q.getSession().getAttribute("visit");
          q.getSession().setAttribute("visit", new Visit(1));
          r.getWriter().print(visit);
        });
    context.getServletRegistration("visits").addMapping("/");
    TestApp.named(context, "onward", (q, r) -> q.getRequestDispatcher("/").forward(q, r));
    context.getServletRegistration("onward").addMapping("/onward");
    AtomicReference<HttpSession> kept = new AtomicReference<>();
    TestApp.named(context, "keep", (q, r) -> kept.set(q.getSession()));
    context.getServletRegistration("keep").addMapping("/keep");
    TestApp.named(
        context,
        "end",
        (q, r) -> {
          HttpSession over = kept.getAndSet(null);
          over.setAttribute("late", new HttpSessionBindingListener() {});
          over.setAttribute("later", new HttpSessionBindingListener() {});
          q.getSession().invalidate();
        });
    context.getServletRegistration("end").addMapping("/end");
    StatelessSessionFilter.builder("shop", TestKeys.source())
        .attributeTypes(AttributeTypes.builder().register("visit", Visit.class).build())
        .build()
        .register(context);
  }
}
