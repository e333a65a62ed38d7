package dev.satchel.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Horizontal bars in groups; every bar has its number beside it, so no axis is needed. */
final class BarChart {
  private static final int WIDTH = 760;
  private static final int LABELS = 190;
  private static final int NUMBERS = 130;
  private static final int ROW = 18;
  private static final int GAP = 26;
  private static final int TOP = 52;
  private static final String OURS = "#c2410c";
  private static final String FLOOR = "#9ca3af";
  private static final String OTHERS = "#3b6ea5";

  private final String title;
  private final String unit;
  private final List<Group> groups = new ArrayList<>();

  BarChart(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  private record Bar(String label, double value, double error) {}

  private record Group(String title, List<Bar> bars) {}

  BarChart group(String groupTitle) {
    groups.add(new Group(groupTitle, new ArrayList<>()));
    return this;
  }

  BarChart bar(String label, double value, double error) {
    groups.get(groups.size() - 1).bars().add(new Bar(label, value, error));
    return this;
  }

  boolean isEmpty() {
    return groups.stream().allMatch(group -> group.bars().isEmpty());
  }

  String svg() {
    Svg svg = new Svg(WIDTH);
    svg.text(16, 24, "start", "title", title);
    svg.text(16, 42, "start", "small", unit + "; shorter is better");
    int y = TOP;
    for (Group group : groups) {
      if (group.bars().isEmpty()) {
        continue;
      }
      // Each group has a scale of its own: what is compared stands in one group.
      double max = group.bars().stream().mapToDouble(Bar::value).max().orElse(1);
      svg.text(16, y + 14, "start", "bold", group.title());
      y += GAP - 6;
      for (Bar bar : group.bars()) {
        draw(svg, bar, y, max);
        y += ROW;
      }
      y += 10;
    }
    return svg.document(y + 4, title);
  }

  private static void draw(Svg svg, Bar bar, int y, double max) {
    double scale = (WIDTH - LABELS - NUMBERS) / max;
    double end = LABELS + bar.value() * scale;
    String number = number(bar.value()) + (bar.error() > 0 ? " ± " + number(bar.error()) : "");
    svg.text(LABELS - 8, y + 12, "end", isOurs(bar) ? "bold" : "plain", bar.label());
    svg.rectangle(
        LABELS,
        y + 2,
        Math.max(1, end - LABELS),
        ROW - 5,
        colour(bar),
        bar.label() + ": " + number);
    svg.text(end + 6, y + 12, "start", "small", number);
  }

  private static boolean isOurs(Bar bar) {
    return bar.label().startsWith(Library.SATCHEL.title());
  }

  private static String colour(Bar bar) {
    if (isOurs(bar)) {
      return OURS;
    }
    return bar.label().equals(Library.FLOOR.title()) ? FLOOR : OTHERS;
  }

  static String number(double value) {
    if (Math.abs(value) >= 100 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
  }
}
