package dev.satchel.benchmarks;

import static dev.satchel.benchmarks.Targets.rows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.JsonNode;

/** The part of the results page that {@link RequestCost} has measured. */
final class RequestCostPage {
  private final JsonNode requestCost;
  private final Path directory;

  RequestCostPage(JsonNode requestCost, Path directory) {
    this.requestCost = requestCost;
    this.directory = directory;
  }

  /** Median over the rounds; not a number if it was not measured. */
  static double serverMicros(JsonNode requestCost, SessionKind kind, String load) {
    return rows(requestCost.path("subjects"))
        .filter(row -> row.path("kind").asString().equals(kind.name()))
        .mapToDouble(row -> median(row, load, "serverMicros"))
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Of 100,000 idle sessions. */
  static double heapMegabytes(JsonNode requestCost, SessionKind kind) {
    return rows(requestCost.path("subjects"))
        .filter(row -> row.path("kind").asString().equals(kind.name()))
        .mapToDouble(RequestCostPage::heapMegabytes)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static double heapMegabytes(JsonNode row) {
    return row.path("heapPer100000Sessions").asDouble() / 1e6;
  }

  private static double median(JsonNode row, String load, String column) {
    return Targets.median(
        rows(row.path(load)).mapToDouble(round -> round.path(column).asDouble()).toArray());
  }

  void appendTo(StringBuilder page) throws IOException {
    if (requestCost.path("subjects").isEmpty()) {
      return;
    }
    page.append("\n## A request, by where its session is kept\n\n");
    page.append("The same page on Tomcat, session M; medians of ");
    page.append(requestCost.path("subjects").path(0).path("read").size());
    page.append(" rounds, in which the servers took turns. *Server* and *store* are\n");
    page.append(
        "processor time per request; *10 %* of the requests write. Requests per second and");
    page.append(" response times are of a machine\nthat client, server and store share.\n\n");
    page.append("| | server µs | store µs | server µs, 10 % | requests/s | p50 µs | p99 µs |");
    page.append(" bytes in | bytes out | heap MB of 100,000 sessions |\n");
    page.append("|---|---|---|---|---|---|---|---|---|---|\n");
    rows(requestCost.path("subjects")).forEach(row -> page.append(row(row)));
    BarChart chart = new BarChart("Server CPU per request", "microseconds of processor time");
    bars(chart, "reading one attribute", row -> median(row, "read", "serverMicros"));
    bars(chart, "reading, every tenth writes", row -> median(row, "mixed", "serverMicros"));
    Files.writeString(directory.resolve("requestcost.svg"), chart.svg(), StandardCharsets.UTF_8);
    page.append("\n![Server CPU per request](requestcost.svg)\n");
    page.append("\n### When one of two nodes is killed\n\n");
    page.append("Sessions of 200 that lost something in all, and of these before all connections");
    page.append(" knew of the node's death, by how a\nload balancer chooses the node.\n\n");
    page.append("| | round robin | sticky | consistent hash |\n|---|---|---|---|\n");
    rows(requestCost.path("subjects"))
        .filter(row -> !row.path("nodeLoss").isEmpty())
        .forEach(row -> page.append(losses(row)));
    page.append("\nSpring Session and replication tell their store of the last access with every");
    page.append(" request. Satchel says it in a token when a\npart of the idle time is over: some");
    page.append(
        " minutes, so that it writes hardly any in the reading rounds, as somebody\nwho clicks");
    page.append(
        " every few seconds; for who clicks every few minutes, *10 %* and more is nearer.\nHeap is");
    page.append(
        " what 10,000 sessions add to one node after a collection, times ten; less than nothing");
    page.append(" counts as 0.\n");
    page.append("\nReplication is Tomcat's `DeltaManager` between two nodes; *store* is what the");
    page.append(" other node works then.\nNot measured: sessions in memcached, for which no");
    page.append(" manager is maintained for Tomcat 11.\n");
  }

  private void bars(BarChart chart, String group, ToDoubleFunction<JsonNode> value) {
    chart.group(group);
    rows(requestCost.path("subjects"))
        .forEach(row -> chart.bar(row.path("title").asString(), value.applyAsDouble(row), 0));
  }

  private static String row(JsonNode row) {
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.1f | %.1f | %,.0f | %,.0f | %,.0f | %.0f | %.0f | %.0f |%n",
        row.path("title").asString(),
        median(row, "read", "serverMicros"),
        median(row, "read", "storeMicros"),
        median(row, "mixed", "serverMicros"),
        median(row, "read", "perSecond"),
        median(row, "read", "p50Micros"),
        median(row, "read", "p99Micros"),
        median(row, "read", "bytesOut"),
        median(row, "read", "bytesIn"),
        heapMegabytes(row));
  }

  private static String losses(JsonNode row) {
    StringBuilder line = new StringBuilder("| " + row.path("title").asString() + " |");
    rows(row.path("nodeLoss"))
        .forEach(
            loss ->
                line.append(' ')
                    .append(loss.path("lost").asInt())
                    .append(" (")
                    .append(loss.path("lostBefore").asInt())
                    .append(") |"));
    return line.append('\n').toString();
  }
}
