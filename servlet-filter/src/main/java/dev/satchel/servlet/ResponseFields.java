package dev.satchel.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Changes to the fields of a response, on any container. */
final class ResponseFields {
  private ResponseFields() {}

  /** Replaces our values in place and leaves the others, and their order, as they are. */
  static void replace(
      HttpServletResponse response, SessionTransport transport, List<String> lines) {
    String field = transport.responseField();
    Collection<String> present = response.getHeaders(field);
    List<String> old = present.stream().filter(transport::owns).toList();
    if (old.equals(lines)) {
      return;
    }
    if (old.isEmpty()) {
      lines.forEach(line -> response.addHeader(field, line));
      return;
    }
    List<String> all = new ArrayList<>();
    boolean placed = false;
    for (String value : present) {
      if (!transport.owns(value)) {
        all.add(value);
      } else if (!placed) {
        all.addAll(lines);
        placed = true;
      }
    }
    if (all.isEmpty()) {
      response.setHeader(field, null); // removes the field as of Servlet 6.1
      if (response.containsHeader(field)) {
        response.setHeader(field, transport.expiringLines(PresentedTokens.NONE).get(0));
      }
      return;
    }
    response.setHeader(field, all.get(0)); // replaces all values
    all.stream().skip(1).forEach(value -> response.addHeader(field, value));
  }

  /** Adds to {@code Vary} unless it says so already. */
  static void vary(HttpServletResponse response, String requestField) {
    String first = response.getHeader("Vary");
    if (requestField.equals(first)) {
      return; // ours, as a rule, of an earlier commit
    }
    if (first != null) { // else there is none, and no collection need be made to find that out
      for (String value : response.getHeaders("Vary")) {
        for (String name : value.split(",", -1)) {
          if (name.strip().equalsIgnoreCase(requestField) || name.strip().equals("*")) {
            return;
          }
        }
      }
    }
    response.addHeader("Vary", requestField);
  }
}
