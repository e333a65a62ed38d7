package dev.satchel.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sessions and responses with one mistake each, which the oracle has to find. */
enum BrokenSession {
  FORGETS_TO_REMOVE {
    @Override
    Object call(HttpSession session, String method, Object[] args) {
      return method.equals("removeAttribute") ? ANSWERED : GO_ON;
    }
  },

  NULL_REMOVES_NOTHING {
    @Override
    Object call(HttpSession session, String method, Object[] args) {
      return method.equals("setAttribute") && args[1] == null ? ANSWERED : GO_ON;
    }
  },

  LOSES_CHANGES_IN_PLACE {
    @Override
    Object call(HttpSession session, String method, Object[] args) {
      return method.equals("getAttribute")
              && session.getAttribute((String) args[0]) instanceof List<?> list
          ? new ArrayList<>(list)
          : GO_ON;
    }
  },

  MAPS_COME_BACK_EMPTY {
    @Override
    Object call(HttpSession session, String method, Object[] args) {
      return method.equals("getAttribute") && session.getAttribute((String) args[0]) instanceof Map
          ? Map.of()
          : GO_ON;
    }
  },

  ALWAYS_NEW {
    @Override
    Object call(HttpSession session, String method, Object[] args) {
      return method.equals("isNew") ? true : GO_ON;
    }
  },

  INTERVAL_IS_NOT_SET {
    @Override
    Object call(HttpSession session, String method, Object[] args) {
      return method.equals("setMaxInactiveInterval") ? ANSWERED : GO_ON;
    }
  },

  REPLACED_FIRES_REMOVED {
    @Override
    Object call(HttpSession session, String method, Object[] args) {
      if (method.equals("setAttribute") && args[1] != null) {
        session.removeAttribute((String) args[0]);
      }
      return GO_ON;
    }
  },

  INVALIDATE_ONLY_EMPTIES {
    @Override
    Object call(HttpSession session, String method, Object[] args) {
      if (!method.equals("invalidate")) {
        return GO_ON;
      }
      session.getAttributeNames().asIterator().forEachRemaining(session::removeAttribute);
      return ANSWERED;
    }
  },

  UNBINDS_BEFORE_THE_END {
    @Override
    Object call(HttpSession session, String method, Object[] args) {
      if (method.equals("invalidate")) {
        session
            .getAttributeNames()
            .asIterator()
            .forEachRemaining(
                name -> {
                  if (!name.equals("a")) { // which the end is told with
                    session.removeAttribute(name);
                  }
                });
      }
      return GO_ON;
    }
  },

  KEEPS_ITS_ID {
    @Override
    HttpServletRequest request(HttpServletRequest request) {
      return new Request(this, request) {
        @Override
        public String changeSessionId() {
          return getSession().getId();
        }
      };
    }
  },

  CREATES_UNASKED {
    @Override
    HttpServletRequest request(HttpServletRequest request) {
      return new Request(this, request) {
        @Override
        public HttpSession getSession(boolean create) {
          return super.getSession(true);
        }
      };
    }
  },

  ANOTHER_OBJECT_EACH_TIME {
    @Override
    HttpServletRequest request(HttpServletRequest request) {
      return new Request(this, request) {
        @Override
        HttpSession session(HttpSession session) {
          return proxy(session);
        }
      };
    }
  },

  REQUESTED_IS_ALWAYS_VALID {
    @Override
    HttpServletRequest request(HttpServletRequest request) {
      return new Request(this, request) {
        @Override
        public boolean isRequestedSessionIdValid() {
          return true;
        }
      };
    }
  },

  FLUSH_DOES_NOTHING {
    @Override
    HttpServletResponse response(HttpServletResponse response) {
      return new HttpServletResponseWrapper(response) {
        @Override
        public void flushBuffer() {
          // the mistake
        }
      };
    }
  },

  RESET_KEEPS_THE_BODY {
    @Override
    HttpServletResponse response(HttpServletResponse response) {
      return new HttpServletResponseWrapper(response) {
        @Override
        public void resetBuffer() {
          if (isCommitted()) {
            super.resetBuffer();
          }
        }
      };
    }
  };

  private static final Object GO_ON = new Object();
  private static final Object ANSWERED = new Object();

  /** What it answers to a call in the session's place; {@link #GO_ON} leaves it to the session. */
  Object call(HttpSession session, String method, Object[] args) {
    return GO_ON;
  }

  HttpServletRequest request(HttpServletRequest request) {
    return new Request(this, request);
  }

  HttpServletResponse response(HttpServletResponse response) {
    return response;
  }

  final HttpSession proxy(HttpSession session) {
    return (HttpSession)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {HttpSession.class},
            (self, method, args) -> {
              if (method.getName().equals("equals")) {
                return self == args[0];
              }
              Object answer = call(session, method.getName(), args);
              if (answer == ANSWERED) {
                return null;
              }
              if (answer != GO_ON) {
                return answer;
              }
              try {
                return method.invoke(session, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Gives out sessions with the mistake, the same for the same. */
  private static class Request extends HttpServletRequestWrapper {
    private final BrokenSession mistake;
    private HttpSession known;
    private HttpSession proxy;

    Request(BrokenSession mistake, HttpServletRequest request) {
      super(request);
      this.mistake = mistake;
    }

    @Override
    public final HttpSession getSession() {
      return getSession(true);
    }

    @Override
    public HttpSession getSession(boolean create) {
      HttpSession session = super.getSession(create);
      return session == null ? null : session(session);
    }

    HttpSession session(HttpSession session) {
      if (session != known) {
        known = session;
        proxy = mistake.proxy(session);
      }
      return proxy;
    }
  }
}
