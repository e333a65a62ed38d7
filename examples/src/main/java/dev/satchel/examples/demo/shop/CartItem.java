package dev.satchel.examples.demo.shop;

/**
 * One line of the cart. The nodes register it under the alias {@code item}, which is all that a
 * token says of its type; no class name travels.
 */
public record CartItem(String product, int quantity) {
  CartItem oneMore() {
    return new CartItem(product, quantity + 1);
  }
}
