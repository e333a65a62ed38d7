package dev.satchel.servlet;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/** Attribute values and listeners of the oracle: they say what they hear to the script's player. */
final class OracleValues {
  /** The attribute that the listeners refuse to hear of. */
  static final String UNWELCOME = "boom";

  private OracleValues() {}

  /** What a listener throws. */
  static final class Unwelcome extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Is told when it is bound and unbound. */
  public record Talking(String name) implements HttpSessionBindingListener {
    @Override
    public void valueBound(HttpSessionBindingEvent event) {
      Object old = event.getSession().getAttribute(event.getName());
      hear(event.getSession(), "bound " + event.getName() + "=" + this + " sees " + old);
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
      hear(event.getSession(), "unbound " + event.getName() + "=" + this);
    }
  }

  /** Is told when its session moves between nodes. */
  public record Active(String name) implements HttpSessionActivationListener {
    @Override
    public void sessionWillPassivate(HttpSessionEvent event) {
      hear(event.getSession(), "passivate " + this);
    }

    @Override
    public void sessionDidActivate(HttpSessionEvent event) {
      hear(event.getSession(), "activate " + this);
    }
  }

  private static void hear(HttpSession session, String what) {
    ((ScriptPlayer) session.getServletContext().getAttribute(ScriptPlayer.class.getName()))
        .hear(what);
  }

  /** Hears all that a session tells. */
  record Listener(String name, ScriptPlayer player)
      implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
    @Override
    public void sessionCreated(HttpSessionEvent event) {
      player.hear(name + " created " + player.id(event.getSession().getId()));
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      HttpSession session = event.getSession();
      player.hear(
          name
              + " destroyed "
              + player.id(session.getId())
              + " with a="
              + session.getAttribute("a"));
      player.ended(session.getId());
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
      hear("added", event);
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
      hear("removed", event);
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
      hear("replaced", event);
    }

    private void hear(String what, HttpSessionBindingEvent event) {
      String attribute = event.getName();
      Object now =
          what.equals("removed") ? "" : ", now " + event.getSession().getAttribute(attribute);
      player.hear(name + " " + what + " " + attribute + "=" + event.getValue() + now);
      if (attribute.equals(UNWELCOME) && !what.equals("removed")) {
        throw new Unwelcome();
      }
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldId) {
      player.hear(
          name
              + " id changed "
              + player.id(oldId)
              + " to "
              + player.id(event.getSession().getId()));
    }
  }
}
