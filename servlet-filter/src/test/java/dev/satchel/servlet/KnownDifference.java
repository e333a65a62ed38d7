package dev.satchel.servlet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a session of the filter may differ from the container's own, and why. Nothing else may. Each
 * is as narrow as it can be told from two transcripts.
 */
enum KnownDifference {
  /** 62: values are told before and after each writing; a container's session stays in memory. */
  ACTIVATION,

  /** 24, 43: what comes after the headers are gone is refused instead of kept. */
  LATE_CHANGE,

  /**
   * 43: what is changed in place after the headers are gone is lost; neither session is made to.
   */
  LATE_IN_PLACE,

  /**
   * 12: attributes are unbound in no particular order; all listeners have heard of the end before,
   * and of one attribute all is told in order.
   */
  UNORDERED_UNBINDING,

  /**
   * 74: the filter takes the cookie of an ended session back, containers leave it at the client.
   */
  ENDED_COOKIE,

  /** 72: what depends on the session is not for shared caches. */
  CACHE_CONTROL,

  /**
   * 59: of the identical object set again nobody is told. Tomcat tells attribute listeners unless
   * its context says otherwise (notifyAttributeListenerOnUnchangedValue), Undertow the value. Of an
   * equal one Jetty tells nobody.
   */
  UNCHANGED_VALUE,

  /**
   * 63: a listener's exception ends its event and reaches the caller; Tomcat and Undertow log it.
   */
  LISTENER_EXCEPTION,

  /** 59: where the new value listens to its binding, Tomcat's event has that for the old one. */
  REPLACED_BY_LISTENER,

  /**
   * 60: a value is bound before it is stored, and before the old one is unbound; 12: at the
   * session's end Undertow unbinds it after the listeners were told.
   */
  BINDING_ORDER,

  /** 41: a container may lose a session with its cookie at reset(), and is kept from that. */
  RESET,

  /** 27, 28: after changeSessionId the client's token stands for the session with its new id. */
  REQUESTED_AFTER_CHANGE,

  /**
   * The container does the same if a filter wraps request and response and changes nothing ({@link
   * EmptyWrappers}).
   */
  ANY_WRAPPER,

  /** 29: Undertow does not know a cookie's session any more once that was ended. */
  COOKIE_OF_ENDED,

  /** 2: the interval of an ended session may be asked for and set; Undertow refuses. */
  INTERVAL_OF_ENDED,

  /** 61: Undertow tells its listeners of a new id twice. */
  TOLD_TWICE;

  private static final Set<Container> TOMCATS =
      EnumSet.of(Container.TOMCAT_10, Container.TOMCAT_11);

  /** What is heard as an attribute leaves its session, and the attribute. */
  private static final Pattern UNBINDING = Pattern.compile("(?:unbound|L. removed) (\\w+)=.*");

  private static final Comparator<String> UNBOUND_FIRST =
      Comparator.comparing(KnownDifference::attribute)
          .thenComparing(line -> !line.startsWith("unbound "));

  /**
   * Compares what two sessions did.
   *
   * @param fired gets the differences that were met
   * @return the first line that has no explanation, or null
   */
  static String compare(
      Container container, Transcript native_, Transcript filter, Set<KnownDifference> fired) {
    fired.addAll(native_.compensated());
    List<Entry> left = entries(native_.lines(), fired);
    List<Entry> right = entries(filter.lines(), fired);
    boolean idChanged = false;
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      if (i >= left.size() || i >= right.size()) {
        return "container: "
            + (i < left.size() ? left.get(i) : "nothing")
            + "\nfilter: "
            + (i < right.size() ? right.get(i) : "nothing");
      }
      Entry one = left.get(i);
      Entry other = right.get(i);
      idChanged = one.line.startsWith("  changeId -> S") || idChanged && one.line.startsWith("  ");
      if (idChanged && isRequested(one.line) && isRequested(other.line)) {
        if (!one.line.equals(other.line)) {
          fired.add(REQUESTED_AFTER_CHANGE);
        }
      } else if (!isSame(container, one, other, fired)) {
        return "container: " + one + "\nfilter: " + other;
      }
    }
    return null;
  }

  /** A line, and what listeners heard before it. */
  private record Entry(List<String> heard, String line) {
    @Override
    public String toString() {
      return heard.isEmpty() ? line.strip() : line.strip() + " " + heard;
    }
  }

  private static List<Entry> entries(List<String> lines, Set<KnownDifference> fired) {
    List<Entry> entries = new ArrayList<>();
    List<String> heard = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("    heard ")) {
        String what = line.strip().substring("heard ".length());
        if (what.startsWith("activate ") || what.startsWith("passivate ")) {
          fired.add(ACTIVATION);
        } else {
          heard.add(what);
        }
      } else {
        entries.add(new Entry(List.copyOf(heard), line));
        heard.clear();
      }
    }
    return entries;
  }

  private static boolean added(String directive) {
    return directive.equals("private") || directive.equals("no-store");
  }

  private static boolean isRequested(String line) {
    return line.startsWith("  requestedId -> ")
        || line.startsWith("  requestedValid -> ")
        || line.startsWith("  fromCookie -> ");
  }

  private static boolean isSame(
      Container container, Entry one, Entry other, Set<KnownDifference> fired) {
    if (other.line.endsWith(" -> throws Unwelcome")
        && container != Container.JETTY
        && one.line.endsWith(" -> ok")
        && !other.heard.isEmpty()
        && one.heard.size() == other.heard.size() + 1
        && one.heard.subList(0, other.heard.size()).equals(other.heard)) {
      fired.add(LISTENER_EXCEPTION);
      return true;
    }
    return isSameLine(container, one.line, other.line, fired)
        && isSameHeard(container, one, other, fired);
  }

  private static boolean isSameLine(
      Container container, String one, String other, Set<KnownDifference> fired) {
    if (one.equals(other)) {
      if (one.endsWith(SessionSteps.TOO_LATE)) {
        fired.add(LATE_CHANGE);
      } else if (one.endsWith("too late in place")) {
        fired.add(LATE_IN_PLACE);
      }
      return true;
    }
    if (one.endsWith(" (ended)")) {
      String step = one.substring(0, one.indexOf(" -> ") + 4);
      if (other.equals(step + (step.contains("requestedId") ? "null" : "false"))) {
        fired.add(ENDED_COOKIE);
        return true;
      }
    }
    if (container == Container.UNDERTOW
        && one.matches("  (getI|i)nterval.* -> throws IllegalStateException")
        && other.matches("  (getI|i)nterval.* -> (ok|never|\\d+)")) {
      fired.add(INTERVAL_OF_ENDED);
      return true;
    }
    if (container == Container.UNDERTOW
        && one.equals("  fromCookie -> false (ended)")
        && other.equals("  fromCookie -> true (ended)")) {
      fired.add(COOKIE_OF_ENDED);
      return true;
    }
    String cache = "  wire: cache-control: ";
    if (one.startsWith(cache) && other.startsWith(cache)) {
      List<String> kept = new ArrayList<>(List.of(one.substring(cache.length()).split(",")));
      List<String> sent = new ArrayList<>(List.of(other.substring(cache.length()).split(",")));
      kept.removeAll(List.of("", "public"));
      boolean safe = sent.contains("private") || sent.contains("no-store");
      if (safe
          && sent.containsAll(kept)
          && sent.stream().allMatch(d -> added(d) || kept.contains(d))) {
        fired.add(CACHE_CONTROL);
        return true;
      }
    }
    return false;
  }

  private static boolean isSameHeard(
      Container container, Entry one, Entry other, Set<KnownDifference> fired) {
    if (one.heard.equals(other.heard)) {
      return true;
    }
    if (one.line.startsWith("  invalidate")
        && byAttribute(one.heard).equals(byAttribute(other.heard))) {
      fired.add(UNORDERED_UNBINDING);
      return true;
    }
    if (container == Container.UNDERTOW
        && one.line.startsWith("  invalidate")
        && byAttribute(one.heard, UNBOUND_FIRST).equals(byAttribute(other.heard))) {
      fired.add(BINDING_ORDER);
      return true;
    }
    if (TOMCATS.contains(container)) {
      if ((one.line.startsWith("  again") || one.line.matches("  set \\w+ number .*"))
          && other.heard.isEmpty()
          && one.heard.stream().allMatch(line -> line.contains(" replaced "))) {
        fired.add(UNCHANGED_VALUE);
        return true;
      }
      if (one.line.startsWith("  set ")
          && !one.heard.isEmpty()
          && one.heard.get(0).startsWith("bound ")
          && withoutOld(one.heard).equals(withoutOld(other.heard))) {
        fired.add(REPLACED_BY_LISTENER);
        return true;
      }
    }
    if (container == Container.JETTY
        && one.line.startsWith("  set ")
        && one.heard.isEmpty()
        && other.heard.stream().allMatch(line -> line.matches("L. replaced \\w+=(.*), now \\1"))) {
      fired.add(UNCHANGED_VALUE);
      return true;
    }
    if (container == Container.UNDERTOW
        && one.line.startsWith("  again")
        && other.heard.isEmpty()
        && one.heard.size() == 1
        && one.heard.get(0).startsWith("bound ")) {
      fired.add(UNCHANGED_VALUE);
      return true;
    }
    if (container == Container.UNDERTOW
        && one.line.startsWith("  changeId ")
        && one.heard.size() == 2 * other.heard.size()
        && one.heard.subList(0, other.heard.size()).equals(other.heard)
        && one.heard.subList(other.heard.size(), one.heard.size()).equals(other.heard)) {
      fired.add(TOLD_TWICE);
      return true;
    }
    if ((container == Container.JETTY || container == Container.UNDERTOW)
        && bindingSorted(one.heard).equals(bindingSorted(other.heard))) {
      fired.add(BINDING_ORDER);
      return true;
    }
    return false;
  }

  private static List<String> withoutOld(List<String> heard) {
    return heard.stream().map(line -> line.replaceFirst("replaced (\\w+)=.*, now", "$1")).toList();
  }

  /** Bound, unbound, then what listeners hear; without what stood there as it was bound. */
  private static List<String> bindingSorted(List<String> heard) {
    List<String> result = new ArrayList<>();
    heard.stream()
        .filter(line -> line.startsWith("bound "))
        .map(line -> line.replaceFirst(" sees .*", ""))
        .forEach(result::add);
    heard.stream().filter(line -> line.startsWith("unbound ")).forEach(result::add);
    heard.stream().filter(line -> line.startsWith("L")).forEach(result::add);
    return result;
  }

  /** Attributes one after the other where they are unbound; nothing else changes its place. */
  private static List<String> byAttribute(List<String> heard) {
    return byAttribute(heard, Comparator.comparing(KnownDifference::attribute));
  }

  private static List<String> byAttribute(List<String> heard, Comparator<String> order) {
    List<String> result = new ArrayList<>(heard);
    int from = 0;
    for (int i = 0; i <= result.size(); i++) {
      if (i == result.size() || !UNBINDING.matcher(result.get(i)).matches()) {
        result.subList(from, i).sort(order);
        from = i + 1;
      }
    }
    return result;
  }

  private static String attribute(String line) {
    Matcher matcher = UNBINDING.matcher(line);
    return matcher.matches() ? matcher.group(1) : "";
  }

  /** Those that can be met in this container. */
  static Set<KnownDifference> of(Container container) {
    Set<KnownDifference> known = EnumSet.allOf(KnownDifference.class);
    boolean tomcat = TOMCATS.contains(container);
    if (!tomcat) {
      known.remove(REPLACED_BY_LISTENER);
    }
    if (tomcat) {
      known.remove(BINDING_ORDER);
    }
    if (container == Container.JETTY) {
      known.removeAll(Set.of(LISTENER_EXCEPTION));
    }
    if (container != Container.UNDERTOW) {
      known.removeAll(Set.of(INTERVAL_OF_ENDED, TOLD_TWICE, COOKIE_OF_ENDED));
    }
    return known;
  }
}
