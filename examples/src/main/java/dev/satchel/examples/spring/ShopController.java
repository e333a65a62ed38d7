package dev.satchel.examples.spring;

import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.view.RedirectView;

/** Pages in plain text. */
@RestController
class ShopController {
  private static final String ORDER = "order";

  /** What the session keeps of an order. */
  record Order(List<String> items) {}

  @GetMapping("/")
  String home(@Nullable Principal principal) {
    return "Hello, " + (principal == null ? "stranger" : principal.getName());
  }

  /** The message is a flash attribute: it is there once, on whichever node. */
  @GetMapping("/order")
  String order(Principal principal, HttpSession session, Model model, CsrfToken csrf) {
    Object order = session.getAttribute(ORDER);
    return String.join(
        "\n",
        "customer: " + principal.getName(),
        "order: " + (order == null ? "none" : String.join(", ", ((Order) order).items())),
        "message: " + model.getAttribute("message"),
        "csrf: " + csrf.getToken());
  }

  @PostMapping("/order")
  RedirectView order(
      @RequestParam List<String> item, HttpSession session, RedirectAttributes redirect) {
    session.setAttribute(ORDER, new Order(List.copyOf(item)));
    redirect.addFlashAttribute("message", "Thank you for " + item.size() + " items");
    return new RedirectView("/order");
  }
}
