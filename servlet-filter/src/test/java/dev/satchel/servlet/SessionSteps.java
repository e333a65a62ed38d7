package dev.satchel.servlet;

import dev.satchel.servlet.OracleScript.Step;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a script does to its session. Steps go to the session that the request was last asked for,
 * also after its end.
 */
final class SessionSteps {
  static final String TOO_LATE = "refused as too late";

  private final Transcript transcript;
  private final int visit;
  private final boolean filtered;
  private final Set<String> refusedByFilter;
  private final Map<String, Integer> played = new HashMap<>();
  private HttpSession session;
  private long accessed;

  SessionSteps(Transcript transcript, int visit, boolean filtered, Set<String> refusedByFilter) {
    this.transcript = transcript;
    this.visit = visit;
    this.filtered = filtered;
    this.refusedByFilter = refusedByFilter;
  }

  String play(Step step, HttpServletRequest request, HttpServletResponse response) {
    String key = visit + " " + step.line() + " " + played.merge(step.line(), 1, Integer::sum);
    if (!filtered && refusedByFilter.contains(key)) {
      return leaveOut(step, request, response);
    }
    try {
      return now(step, request, response);
    } catch (IllegalStateException e) {
      if (!filtered || !isTooLate(e)) {
        throw e;
      }
      transcript.refused(key);
      if (step.op().equals("invalidate")) {
        transcript.stop();
      }
      return TOO_LATE;
    }
  }

  private static boolean isTooLate(IllegalStateException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("changed after the response was committed")
        || message.startsWith("cannot create a session");
  }

  /**
   * The filter refused this. Right where the headers are gone and the step would have changed
   * something (BEHAVIOUR.md 24, 43).
   */
  private String leaveOut(Step step, HttpServletRequest request, HttpServletResponse response) {
    if (!response.isCommitted()) {
      return "to be done: the headers are open";
    }
    switch (step.op()) {
      case "session" -> {
        if (request.getSession(false) != null) {
          return "to be given: there is a session";
        }
      }
      case "set" -> {
        Object old = session.getAttribute(step.arg(0));
        if (old != null && step.args().size() > 2 && old.equals(value(step))) {
          return "to be done: it changes nothing";
        }
      }
      case "remove" -> {
        if (session.getAttribute(step.arg(0)) == null) {
          return "to be done: it changes nothing";
        }
      }
      case "invalidate" -> {
        // It ends in this request, but the client keeps its token: nothing to compare from here.
        session.invalidate();
        transcript.stop();
      }
      default -> {
        // What is left always changes something.
      }
    }
    return TOO_LATE;
  }

  private String now(Step step, HttpServletRequest request, HttpServletResponse response) {
    switch (step.op()) {
      case "session" -> {
        HttpSession given =
            step.arg(0).equals("default")
                ? request.getSession()
                : request.getSession(Boolean.parseBoolean(step.arg(0)));
        if (given != null) {
          accessed = given.equals(session) ? accessed : 0;
          session = given;
        }
        return given == null ? "null" : transcript.id(given.getId());
      }
      case "requestedId" -> {
        return transcript.id(request.getRequestedSessionId()) + ended(request);
      }
      case "requestedValid" -> {
        return request.isRequestedSessionIdValid() + ended(request);
      }
      case "fromCookie" -> {
        return request.isRequestedSessionIdFromCookie() + ended(request);
      }
      case "fromUrl" -> {
        return String.valueOf(request.isRequestedSessionIdFromURL());
      }
      case "changeId" -> {
        return transcript.id(request.changeSessionId());
      }
      default -> {
        if (session == null) {
          return "no session was asked for";
        }
        return ofSession(step, request, response);
      }
    }
  }

  private String ended(HttpServletRequest request) {
    String id = request.getRequestedSessionId();
    return id != null && transcript.isEnded(id) ? " (ended)" : "";
  }

  private String ofSession(Step step, HttpServletRequest request, HttpServletResponse response) {
    switch (step.op()) {
      case "get" -> {
        return text(session.getAttribute(step.arg(0)));
      }
      case "set" -> session.setAttribute(step.arg(0), value(step));
      case "again" -> {
        Object value = session.getAttribute(step.arg(0));
        if (value == null) {
          return "nothing to set";
        }
        session.setAttribute(step.arg(0), value);
      }
      case "remove" -> session.removeAttribute(step.arg(0));
      case "mutate" -> {
        return mutate(session.getAttribute(step.arg(0)), step.arg(1), response);
      }
      case "names" -> {
        List<String> names = new ArrayList<>(Collections.list(session.getAttributeNames()));
        Collections.sort(names); // in no order
        return names.toString();
      }
      case "isNew" -> {
        return String.valueOf(session.isNew());
      }
      case "id" -> {
        return transcript.id(session.getId());
      }
      case "invalidate" -> session.invalidate();
      case "interval" -> session.setMaxInactiveInterval(Integer.parseInt(step.arg(0)));
      case "getInterval" -> {
        int interval = session.getMaxInactiveInterval();
        return interval <= 0 ? "never" : String.valueOf(interval);
      }
      case "created" -> {
        return "before it was accessed "
            + (session.getCreationTime() <= session.getLastAccessedTime());
      }
      case "accessed" -> {
        long before = accessed == 0 ? session.getLastAccessedTime() : accessed;
        accessed = session.getLastAccessedTime();
        return "as before " + (accessed == before);
      }
      case "same" -> {
        return String.valueOf(request.getSession(false) == session);
      }
      default -> throw new AssertionError(step.op());
    }
    return "ok";
  }

  /**
   * Changes an object in place; not where that is known to come too late, which no container
   * session minds and no stateless one can keep (BEHAVIOUR.md 43).
   */
  @SuppressWarnings("unchecked") // made below
  private static String mutate(Object value, String what, HttpServletResponse response) {
    if (!(value instanceof List) && !(value instanceof Map)) {
      return "nothing to change in place";
    }
    if (response.isCommitted()) {
      return "left out: too late in place";
    }
    if (value instanceof List) {
      ((List<Object>) value).add(what);
    } else {
      ((Map<String, Object>) value).put("k" + what, what);
    }
    return text(value);
  }

  private static String text(Object value) {
    return value instanceof Map<?, ?> map ? "map" + new TreeMap<>(map) : String.valueOf(value);
  }

  private static Object value(Step step) {
    return switch (step.arg(1)) {
      case "text" -> step.arg(2);
      case "number" -> Integer.valueOf(step.arg(2));
      case "list" -> new ArrayList<>(List.of(step.arg(2)));
      case "map" -> new LinkedHashMap<>(Map.of("k", step.arg(2)));
      case "talking" -> new OracleValues.Talking(step.arg(2));
      case "active" -> new OracleValues.Active(step.arg(2));
      case "null" -> null;
      default -> throw new AssertionError(step.arg(1));
    };
  }
}
