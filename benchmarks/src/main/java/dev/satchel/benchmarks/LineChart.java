package dev.satchel.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines over one axis, each named at its end. */
final class LineChart {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 460;
  private static final int LEFT = 60;
  private static final int RIGHT = 200;
  private static final int TOP = 56;
  private static final int BOTTOM = 44;
  private static final String[] COLOURS = {
    "#c2410c", "#f59e0b", "#3b6ea5", "#0f766e", "#7c3aed", "#be185d", "#4d7c0f", "#6b7280"
  };

  private final String title;
  private final String axes;
  private final List<Line> lines = new ArrayList<>();

  LineChart(String title, String axes) {
    this.title = title;
    this.axes = axes;
  }

  private record Line(String label, List<Double> x, List<Double> y) {
    double lastY() {
      return y.get(y.size() - 1);
    }
  }

  LineChart line(String label, List<Double> x, List<Double> y) {
    lines.add(new Line(label, x, y));
    return this;
  }

  String svg() {
    double maxX = lines.stream().mapToDouble(l -> max(l.x())).max().orElse(1);
    double maxY = lines.stream().mapToDouble(l -> max(l.y())).max().orElse(1);
    Svg svg = new Svg(WIDTH);
    svg.text(16, 24, "start", "title", title);
    svg.text(16, 42, "start", "small", axes);
    grid(svg, maxX, maxY);
    List<Line> byEnd = new ArrayList<>(lines);
    byEnd.sort((a, b) -> Double.compare(b.lastY(), a.lastY()));
    double labelY = TOP;
    for (Line line : byEnd) {
      String colour = COLOURS[lines.indexOf(line) % COLOURS.length];
      StringBuilder points = new StringBuilder();
      for (int i = 0; i < line.x().size(); i++) {
        points.append(
            String.format(
                Locale.ROOT, "%.1f,%.1f ", atX(line.x().get(i), maxX), atY(line.y().get(i), maxY)));
      }
      svg.polyline(points.toString().strip(), colour, 2, line.label());
      labelY = Math.max(labelY + 15, atY(line.lastY(), maxY) + 4);
      svg.line(WIDTH - RIGHT + 4, labelY - 4, WIDTH - RIGHT + 18, labelY - 4, colour, 3);
      svg.text(WIDTH - RIGHT + 22, labelY, "start", "small", line.label());
    }
    return svg.document(HEIGHT, title);
  }

  private static void grid(Svg svg, double maxX, double maxY) {
    for (double y = 0; y <= maxY; y += step(maxY)) {
      svg.line(LEFT, atY(y, maxY), WIDTH - RIGHT, atY(y, maxY), "#e5e7eb", 1);
      svg.text(LEFT - 6, atY(y, maxY) + 4, "end", "small", BarChart.number(y));
    }
    for (double x = 0; x <= maxX; x += step(maxX)) {
      svg.text(atX(x, maxX), HEIGHT - BOTTOM + 18, "middle", "small", BarChart.number(x));
    }
  }

  /** 1, 2 or 5 times a power of ten, for five to ten lines. */
  private static double step(double max) {
    double power = Math.pow(10, Math.floor(Math.log10(max / 5)));
    double factor = max / 5 / power;
    return power * (factor >= 5 ? 5 : factor >= 2 ? 2 : 1);
  }

  private static double atX(double x, double max) {
    return LEFT + x / max * (WIDTH - LEFT - RIGHT);
  }

  private static double atY(double y, double max) {
    return HEIGHT - BOTTOM - y / max * (HEIGHT - TOP - BOTTOM);
  }

  private static double max(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
  }
}
