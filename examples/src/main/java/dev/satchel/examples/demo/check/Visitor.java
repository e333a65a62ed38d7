package dev.satchel.examples.demo.check;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One scripted visitor, on a thread of its own: signs in, fills a cart, looks at the page again and
 * again, and knows at every moment what the page must say. The session counts as lost the first
 * time that it says anything else.
 */
final class Visitor implements Runnable {
  private static final long THINK_NANOS = 12_000_000;
  private static final int MAX_QUANTITY = 25;
  private static final List<String> PRODUCTS = List.of("strap", "buckle", "balm");

  private final String name;
  private final Browser browser;
  private final Map<String, AtomicInteger> pagesByNode = new ConcurrentHashMap<>();

  private final Map<String, Integer> cart = new TreeMap<>();
  private String user = "";
  private int views;
  private String csrf = "";

  private volatile boolean leaving;
  private volatile String keyId = "";
  private volatile @Nullable String loss;

  Visitor(String name, Browser browser) {
    this.name = name;
    this.browser = browser;
  }

  @Override
  public void run() {
    try {
      look();
      act("/sign-in", "name", name);
      user = name;
      look();
      for (int step = 0; !leaving && loss == null; step++) {
        if (step % 4 == 0) {
          putInCart(PRODUCTS.get(step / 4 % PRODUCTS.size()));
        }
        look();
        LockSupport.parkNanos(THINK_NANOS);
      }
    } catch (IOException | RuntimeException e) {
      loss = "gave up: " + e;
    } catch (InterruptedException e) {
      loss = "was interrupted";
      Thread.currentThread().interrupt();
    }
  }

  private void putInCart(String product) throws IOException, InterruptedException {
    if (cart.getOrDefault(product, 0) < MAX_QUANTITY) {
      act("/cart", "product", product);
      cart.merge(product, 1, Integer::sum);
    }
  }

  private void act(String path, String field, String value)
      throws IOException, InterruptedException {
    Reply reply = browser.post(path, "csrf", csrf, field, value);
    expect("status of POST " + path, 303, reply.status(), reply);
  }

  /** Looks at the page and compares it with what it must say. */
  private void look() throws IOException, InterruptedException {
    Reply page = browser.get("/");
    views++;
    expect("status", 200, page.status(), page);
    expect("user", user, page.user(), page);
    expect("page views", views, page.views(), page);
    expect("cart", cart, new TreeMap<>(page.cart()), page);
    csrf = page.csrf();
    keyId = browser.jar().keyId();
    pagesByNode.computeIfAbsent(page.node(), node -> new AtomicInteger()).incrementAndGet();
  }

  private void expect(String what, Object expected, Object got, Reply reply) {
    if (!expected.equals(got) && loss == null) {
      loss =
          what
              + " should be "
              + expected
              + ", is "
              + got
              + " (node "
              + reply.node()
              + ", status "
              + reply.status()
              + ")";
    }
  }

  /** Tells the visitor to finish what it is doing. */
  void leave() {
    leaving = true;
  }

  String name() {
    return name;
  }

  /** The id of the key that its token is sealed with. */
  String keyId() {
    return keyId;
  }

  /** How many pages it has had from a node. */
  int pagesFrom(String node) {
    AtomicInteger count = pagesByNode.get(node);
    return count == null ? 0 : count.get();
  }

  /** What was wrong, if its session was lost. */
  Optional<String> loss() {
    return Optional.ofNullable(loss);
  }
}
