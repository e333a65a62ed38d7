package dev.satchel.examples.outage;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** Answers how often the session has been here, this time included. */
final class CountServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
    session.setAttribute("count", count);
    response.setContentType("text/plain");
    response.getWriter().print(count);
  }
}
