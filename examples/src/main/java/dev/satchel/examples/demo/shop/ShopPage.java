package dev.satchel.examples.demo.shop;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one page, from {@code page.html}: its {@code {{names}}} are filled in here. */
final class ShopPage {
  /** The header in which the front tells which nodes are up: {@code A=up, B=down}. */
  static final String NODES_HEADER = "X-Nodes";

  /** What a cookie may have, RFC 6265bis §5.6. */
  private static final int COOKIE_LIMIT = 4096;

  /** Who rotates for the fun of it still sees the newest keys without scrolling. */
  private static final int MAX_KEYS = 4;

  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-zA-Z]+)\\}\\}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final String node;
  private final String template;

  ShopPage(String node, byte[] template) {
    this.node = node;
    this.template = new String(template, StandardCharsets.UTF_8);
  }

  String render(HttpServletRequest request, HttpSession session, List<RingView.Key> keys) {
    boolean pending =
        keys.stream().anyMatch(RingView.Key::pending)
            || session.getAttribute(ShopServlet.ROTATED) != null;
    Html csrf =
        Html.of(
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            CsrfToken.FIELD,
            CsrfToken.of(session));
    List<CartItem> items = Cart.of(session);
    Map<String, Html> places = new LinkedHashMap<>();
    // While a key waits for its turn the page looks again by itself, so that one sees it happen.
    places.put(
        "refresh", pending ? new Html("<meta http-equiv=\"refresh\" content=\"1\">") : Html.NONE);
    places.put("node", Html.of("{}", node));
    places.put("nodes", nodes(request, session));
    places.put("views", Html.of("{}", String.valueOf(session.getAttribute(ShopServlet.VIEWS))));
    places.put("visitor", visitor(session, csrf));
    places.put("session", session(session));
    places.put("products", products(csrf));
    places.put("cart", cart(items));
    places.put("token", token(TokenFacts.of(request)));
    places.put("keys", keys(keys));
    places.put("csrf", csrf);
    places.put("rotateDisabled", pending ? new Html(" disabled") : Html.NONE);
    places.put("rotateNote", Html.of("{}", pending ? PENDING_NOTE : ROTATE_NOTE));
    return fill(places);
  }

  private static final String ROTATE_NOTE =
      "A new key is published first and seals tokens only when every node is sure to know it.";
  private static final String PENDING_NOTE =
      "The new key waits until every node is sure to know it; this page looks again by itself.";

  private static Html visitor(HttpSession session, Html csrf) {
    if (session.getAttribute(ShopServlet.USER) instanceof String user) {
      return Html.of(
          """
          <div class="you">
            <p class="who"><span class="avatar" aria-hidden="true">{}</span>
              <span>Signed in as <strong id="user">{}</strong></span></p>
            <form method="post" action="/sign-out">{}<button>Sign out</button></form>
          </div>""",
          user.substring(0, user.offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT),
          user,
          csrf);
    }
    return Html.of(
        """
        <p class="who"><span class="avatar nobody" aria-hidden="true">?</span>
          <span>You are <strong>anonymous</strong></span></p>
        <form method="post" action="/sign-in" class="line">{}
          <label for="name">Your name</label>
          <input id="name" name="name" required maxlength="{}" autocomplete="nickname" placeholder="Ada">
          <button class="main">Sign in</button></form>""",
        csrf,
        ShopServlet.MAX_NAME_LENGTH);
  }

  private static Html session(HttpSession session) {
    return Html.of(
        """
        <div><dt>Session</dt><dd><code>{}…</code></dd></div>
        <div><dt>Created</dt><dd>{}</dd></div>
        <div><dt>Last access</dt><dd>{}</dd></div>""",
        // The id is no credential, the sealed token is; still, nobody needs all of it.
        session.getId().substring(0, Math.min(6, session.getId().length())),
        TIME.format(Instant.ofEpochMilli(session.getCreationTime())),
        TIME.format(Instant.ofEpochMilli(session.getLastAccessedTime())));
  }

  private static Html products(Html csrf) {
    List<Html> buttons = new ArrayList<>();
    for (Product product : Product.values()) {
      buttons.add(
          Html.of(
              "<button name=\"product\" value=\"{}\">Add {} <span class=\"price\">{}</span></button>",
              product.id(),
              product.title(),
              money(product.cents())));
    }
    return Html.of(
        "<form method=\"post\" action=\"/cart\" class=\"shelf\">{}\n{}</form>",
        csrf,
        Html.join(buttons));
  }

  private static Html cart(List<CartItem> items) {
    if (items.isEmpty()) {
      return new Html("<p class=\"empty\">Your cart is empty. Put something in:</p>");
    }
    List<Html> rows = new ArrayList<>();
    for (CartItem item : items) {
      Optional<Product> product = Product.find(item.product());
      rows.add(
          Html.of(
              "<tr data-product=\"{}\"><td>{}</td><td class=\"number\">{}</td>"
                  + "<td class=\"number\">{}</td></tr>",
              item.product(),
              product.map(Product::title).orElse(item.product()),
              item.quantity(),
              money(item.quantity() * product.map(Product::cents).orElse(0))));
    }
    return Html.of(
        """
        <table><thead><tr><th scope="col">Article</th><th scope="col" class="number">Quantity</th>
          <th scope="col" class="number">Price</th></tr></thead>
        <tbody>
        {}</tbody>
        <tfoot><tr><th scope="row" colspan="2">Total</th><td class="number">{}</td></tr></tfoot></table>""",
        Html.join(rows),
        money(Cart.cents(items)));
  }

  private static Html token(Optional<TokenFacts> facts) {
    if (facts.isEmpty()) {
      return new Html(
          "<p class=\"empty\">This request bore none; the response to it carries your first.</p>");
    }
    int bytes = facts.get().bytes();
    return Html.of(
        """
        <dl><div><dt>Size</dt><dd><span id="bytes">{}</span> of {} bytes</dd></div>
        <div><dt>Sealed with</dt><dd><code id="kid">{}</code></dd></div></dl>
        <meter min="0" max="{}" value="{}" aria-label="Size of the token">{}</meter>""",
        bytes,
        COOKIE_LIMIT,
        facts.get().kid(),
        COOKIE_LIMIT,
        bytes,
        bytes);
  }

  private static Html keys(List<RingView.Key> keys) {
    List<Html> rows = new ArrayList<>();
    int older = Math.max(0, keys.size() - MAX_KEYS);
    if (older > 0) {
      rows.add(
          Html.of("<li class=\"past\"><span>{} older, retired and accepted</span></li>", older));
    }
    for (RingView.Key key : keys.subList(older, keys.size())) {
      rows.add(
          Html.of(
              "<li class=\"{}\"><code>{}</code> <span>{}</span></li>",
              key.signs() ? "signs" : key.pending() ? "pending" : "past",
              key.id(),
              key.phase()));
    }
    return Html.join(rows);
  }

  /** What the front says of all nodes; a node by itself knows of no other. */
  private Html nodes(HttpServletRequest request, HttpSession session) {
    String header = request.getHeader(NODES_HEADER);
    List<Html> lines = new ArrayList<>();
    for (String entry : (header == null ? node + "=up" : header).split(", ")) {
      String name = entry.substring(0, Math.max(0, entry.indexOf('=')));
      boolean up = entry.endsWith("=up");
      lines.add(
          Html.of(
              "<li class=\"{}\"><b>{}</b><span>{}</span>{}</li>",
              up ? "up" : "down",
              name,
              up ? part(name, session) : "stopped",
              name.equals("A") ? nodeSwitch(up) : Html.NONE));
    }
    return Html.join(lines);
  }

  /** What a node that is up had to do with this page. */
  private String part(String name, HttpSession session) {
    boolean clicked = name.equals(session.getAttribute(ShopServlet.CLICK));
    if (name.equals(node)) {
      return clicked ? "took your click, wrote this page" : "wrote this page";
    }
    return clicked ? "took your click" : "up";
  }

  /**
   * Goes to the front, which alone can stop a node. It needs no token of the session: it checks the
   * origin.
   */
  private static Html nodeSwitch(boolean up) {
    return Html.of(
        "<form method=\"post\" action=\"/front/{}\"><button>{}</button></form>",
        up ? "stop" : "start",
        up ? "Stop node A" : "Start node A");
  }

  private static String money(int cents) {
    return String.format(Locale.ROOT, "€ %d.%02d", cents / 100, cents % 100);
  }

  private String fill(Map<String, Html> places) {
    return PLACE
        .matcher(template)
        .replaceAll(
            place -> {
              Html value = places.get(place.group(1));
              if (value == null) {
                throw new IllegalStateException("page.html names unknown " + place.group());
              }
              return Matcher.quoteReplacement(value.markup());
            });
  }
}
