package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pages that end around the edge of the container's buffer, byte by byte: the evidence for counting
 * instead of buffering (BEHAVIOUR.md §2, 44).
 */
class BufferEdgeTest extends ScenarioTest {

  /** An encoding, and a text with the bytes that it takes there, without a byte order mark. */
  private record Unit(String encoding, String text, int bytes) {
    @Override
    public String toString() {
      return text + " in " + encoding;
    }
  }

  private static final List<Unit> UNITS =
      List.of(
          new Unit("UTF-8", "a", 1),
          new Unit("UTF-8", "日", 3),
          new Unit("UTF-8", "😀", 4),
          new Unit("ISO-8859-1", "é", 1),
          new Unit("Shift_JIS", "日", 2),
          new Unit("UTF-16", "日", 2),
          new Unit("UTF-16", "😀", 4));

  static Stream<Arguments> edges() {
    return UNITS.stream()
        .flatMap(
            unit ->
                Stream.of(-2, -1, 0, 1, 2)
                    .flatMap(
                        off -> Container.running().stream().map(c -> Arguments.of(unit, off, c))));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("edges")
  @Tag(ServletApi.TAG)
  @DisplayName("40, 44: the page has its bytes and one cookie, changed while it was written:")
  void whole(Unit unit, int off, Container container) throws Exception {
    page(unit, off, container, PrintWriter::print);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("edges")
  @Tag(ServletApi.TAG)
  @DisplayName("40, 44: the same, each char by a write of its own, so that pairs are split:")
  void charByChar(Unit unit, int off, Container container) throws Exception {
    page(unit, off, container, (out, text) -> text.chars().forEach(out::write));
  }

  private interface Printing {
    void print(PrintWriter out, String text);
  }

  private void page(Unit unit, int off, Container container, Printing printing) throws Exception {
    TestApp app = on(container);
    int[] count = new int[1];
    app.on(
        "/page",
        (q, r) -> {
          r.setContentType("text/plain;charset=" + unit.encoding());
          List<String> list = new ArrayList<>();
          q.getSession().setAttribute("a", list);
          count[0] = r.getBufferSize() / unit.bytes() + off;
          PrintWriter out = r.getWriter();
          for (int i = 0; i < count[0]; i++) {
            if (i == count[0] - 8) {
              list.add("x"); // in place, with the buffer nearly full and the headers open
            }
            printing.print(out, unit.text());
          }
        });
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
    Client client = app.client();
    Client.Answer answer = client.get("/page");
    assertThat(new String(answer.bytes(), Charset.forName(unit.encoding())))
        .isEqualTo(unit.text().repeat(count[0]));
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("[x]");
  }
}
