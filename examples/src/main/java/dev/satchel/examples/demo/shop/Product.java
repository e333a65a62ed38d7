package dev.satchel.examples.demo.shop;

import java.util.Locale;
import java.util.Optional;

/** What the shop sells. */
enum Product {
  STRAP("Strap", 1800),
  BUCKLE("Buckle", 650),
  BALM("Balm", 1200);

  private final String title;
  private final int cents;

  Product(String title, int cents) {
    this.title = title;
    this.cents = cents;
  }

  /** The product of that id, if there is one: the id comes from a form. */
  static Optional<Product> find(String id) {
    for (Product product : values()) {
      if (product.id().equals(id)) {
        return Optional.of(product);
      }
    }
    return Optional.empty();
  }

  /** Its name in forms and in the cart. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  String title() {
    return title;
  }

  int cents() {
    return cents;
  }
}
