package dev.satchel.servlet;

import dev.satchel.servlet.OracleScript.Step;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** What a script does to the response. */
final class ResponseSteps {
  private static final Map<String, String> TEXTS =
      Map.of("a", "a", "e-acute", "\u00e9", "kanji", "\u65e5", "emoji", "\ud83d\ude00");
  private static final Set<String> KNOWN =
      Set.of(
          "out",
          "flushBuffer",
          "flush",
          "close",
          "reset",
          "resetBuffer",
          "error",
          "redirect",
          "status",
          "length",
          "cookie",
          "header",
          "committed",
          "bufferSize",
          "encoding",
          "type");

  private ResponseSteps() {}

  static boolean knows(String op) {
    return KNOWN.contains(op);
  }

  static String play(Step step, HttpServletResponse response) throws IOException {
    switch (step.op()) {
      case "out" -> out(step, response);
      case "flushBuffer" -> response.flushBuffer();
      case "flush" -> {
        if (step.arg(0).equals("stream")) {
          response.getOutputStream().flush();
        } else {
          response.getWriter().flush();
        }
      }
      case "close" -> {
        if (step.arg(0).equals("stream")) {
          response.getOutputStream().close();
        } else {
          response.getWriter().close();
        }
      }
      case "reset" -> response.reset();
      case "resetBuffer" -> response.resetBuffer();
      case "error" -> response.sendError(Integer.parseInt(step.arg(0)));
      case "redirect" -> response.sendRedirect(step.arg(0));
      case "status" -> response.setStatus(Integer.parseInt(step.arg(0)));
      case "length" -> length(step, response);
      case "cookie" -> response.addCookie(new Cookie(step.arg(0), step.arg(1)));
      case "header" -> response.addHeader(step.arg(0), step.arg(1));
      case "bufferSize" -> response.setBufferSize(Integer.parseInt(step.arg(0)));
      case "encoding" -> response.setCharacterEncoding(step.arg(0));
      case "type" -> response.setContentType(step.arg(0));
      case "committed" -> {
        return String.valueOf(response.isCommitted());
      }
      default -> throw new AssertionError(step.op());
    }
    return "ok, committed " + response.isCommitted();
  }

  private static void length(Step step, HttpServletResponse response) throws IOException {
    switch (step.arg(0)) {
      case "0" -> response.setContentLength(0);
      case "written" -> {
        response.setContentLength(3);
        response.getOutputStream().write(new byte[] {'a', 'b', 'c'});
      }
      default -> {
        response.getOutputStream().write(new byte[] {'a', 'b', 'c'});
        response.setContentLengthLong(4);
        response.getOutputStream().write('d');
      }
    }
  }

  private static void out(Step step, HttpServletResponse response) throws IOException {
    String text = TEXTS.get(step.arg(1));
    if (step.arg(0).equals("stream")) {
      byte[] once = text.getBytes(StandardCharsets.UTF_8);
      byte[] all =
          text.repeat(count(step.arg(2), once.length, response)).getBytes(StandardCharsets.UTF_8);
      stream(step.arg(3), all, response);
    } else {
      PrintWriter writer = response.getWriter();
      int size = text.getBytes(Charset.forName(response.getCharacterEncoding())).length;
      write(step.arg(3), text.repeat(count(step.arg(2), size, response)), writer);
    }
  }

  private static int count(String amount, int size, HttpServletResponse response) {
    if (!amount.startsWith("buffer")) {
      return Integer.parseInt(amount);
    }
    return response.getBufferSize() / size + Integer.parseInt(amount.substring("buffer".length()));
  }

  private static void stream(String how, byte[] all, HttpServletResponse response)
      throws IOException {
    var stream = response.getOutputStream();
    switch (how) {
      case "whole" -> stream.write(all);
      case "pieces" -> {
        for (int at = 0; at < all.length; at += 100) {
          stream.write(all, at, Math.min(100, all.length - at));
        }
      }
      default -> {
        for (byte b : all) {
          stream.write(b);
        }
      }
    }
  }

  private static void write(String how, String all, PrintWriter writer) {
    switch (how) {
      case "whole" -> writer.print(all);
      case "pieces" -> {
        for (int at = 0; at < all.length(); at += 100) {
          writer.write(all, at, Math.min(100, all.length() - at));
        }
      }
      default -> all.chars().forEach(writer::write);
    }
  }
}
