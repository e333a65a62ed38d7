package dev.satchel.servlet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** An answer as far as the application made it. */
final class WireText {
  private static final int SHOWN = 60;

  private WireText() {}

  static void of(Client.Answer answer, List<String> lines) {
    lines.add("  wire: status " + answer.status());
    byte[] bytes = answer.bytes();
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("\0", ""); // UTF-16
    // To HEAD, only the length tells of it.
    boolean unseen = bytes.length == 0 && !"0".equals(answer.header("Content-Length"));
    if (answer.status() == 500 && (unseen || text.contains("dev.satchel"))) {
      lines.add("  wire: the container's page with a stack trace");
      return;
    }
    List<String> headers = new ArrayList<>();
    answer
        .headers()
        .forEach(
            header -> {
              String name = header.getKey().toLowerCase(Locale.ROOT);
              if (name.startsWith("x-")
                  || name.equals("content-type")
                  || name.equals("content-length")
                  || name.equals("location")
                  || name.equals("set-cookie") && isOfApplication(header.getValue())) {
                headers.add("  wire: " + name + ": " + header.getValue());
              }
            });
    headers.add(
        "  wire: cache-control: "
            + answer.all("Cache-Control").stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .map(String::strip)
                .distinct()
                .sorted()
                .collect(Collectors.joining(",")));
    Collections.sort(headers); // whose order means nothing, but for one name
    // Of identical cookie lines Tomcat's getHeaders gives one, so one is left where ours was added.
    lines.addAll(new LinkedHashSet<>(headers));
    CRC32 crc = new CRC32();
    crc.update(bytes);
    lines.add(
        "  wire: body "
            + bytes.length
            + " "
            + HexFormat.of().toHexDigits((int) crc.getValue())
            + " "
            + text.substring(0, Math.min(SHOWN, text.length())).replaceAll("[^ -~]", "."));
  }

  /** The scripts' own cookies have names of one letter. */
  private static boolean isOfApplication(String setCookie) {
    return setCookie.indexOf('=') == 1;
  }
}
