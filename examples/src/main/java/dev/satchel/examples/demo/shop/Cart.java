package dev.satchel.examples.demo.shop;

import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.List;

/** The cart as it lies in the session: a list of {@link CartItem}. */
final class Cart {
  private static final String ATTRIBUTE = "cart";

  /** More would be a nuisance to look at, and every byte travels with every request. */
  static final int MAX_QUANTITY = 99;

  private Cart() {}

  /** The cart's lines, in the order they were first added. */
  static List<CartItem> of(HttpSession session) {
    List<CartItem> items = new ArrayList<>();
    if (session.getAttribute(ATTRIBUTE) instanceof List<?> stored) {
      for (Object item : stored) {
        items.add((CartItem) item);
      }
    }
    return items;
  }

  /** Puts one more of the product in. */
  static void add(HttpSession session, Product product) {
    List<CartItem> items = of(session);
    for (int i = 0; i < items.size(); i++) {
      CartItem item = items.get(i);
      if (item.product().equals(product.id())) {
        if (item.quantity() < MAX_QUANTITY) {
          items.set(i, item.oneMore());
        }
        session.setAttribute(ATTRIBUTE, items);
        return;
      }
    }
    items.add(new CartItem(product.id(), 1));
    session.setAttribute(ATTRIBUTE, items);
  }

  /** What the cart costs. */
  static int cents(List<CartItem> items) {
    int sum = 0;
    for (CartItem item : items) {
      sum += item.quantity() * Product.find(item.product()).map(Product::cents).orElse(0);
    }
    return sum;
  }
}
