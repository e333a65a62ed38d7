package dev.satchel.benchmarks;

import java.util.Locale;

/** An SVG document in the making, on a white ground so that it reads on any page. */
final class Svg {
  private final StringBuilder elements = new StringBuilder();
  private final int width;

  Svg(int width) {
    this.width = width;
  }

  Svg text(double x, double y, String anchor, String style, String text) {
    elements.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>%n",
            x,
            y,
            anchor,
            style,
            escape(text)));
    return this;
  }

  Svg rectangle(double x, double y, double w, double h, String fill, String hint) {
    elements.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\">"
                + "<title>%s</title></rect>%n",
            x,
            y,
            w,
            h,
            fill,
            escape(hint)));
    return this;
  }

  Svg line(double x1, double y1, double x2, double y2, String stroke, double thickness) {
    elements.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
                + " stroke-width=\"%.1f\"/>%n",
            x1,
            y1,
            x2,
            y2,
            stroke,
            thickness));
    return this;
  }

  Svg polyline(String points, String stroke, double thickness, String hint) {
    elements.append(
        String.format(
            Locale.ROOT,
            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\">"
                + "<title>%s</title></polyline>%n",
            points,
            stroke,
            thickness,
            escape(hint)));
    return this;
  }

  String document(int height, String title) {
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" role=\"img\" aria-label=\"%s\">%n"
                + "<style>text{font-family:sans-serif;font-size:12px;fill:#333}"
                + ".title{font-size:15px;font-weight:bold}.small{font-size:11px;fill:#666}"
                + ".bold{font-weight:bold}</style>%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n",
            width,
            height,
            width,
            height,
            escape(title))
        + elements
        + "</svg>\n";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
