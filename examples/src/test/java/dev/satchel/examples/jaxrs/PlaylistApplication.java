package dev.satchel.examples.jaxrs;

import dev.satchel.servlet.StatelessSessionFilter;
import jakarta.servlet.ServletContext;
import java.net.URI;
import java.util.Map;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;

/** Jersey, and the filter before it. */
final class PlaylistApplication {
  static final String NAME = "songs";

  /** The listener's client sends it with each request, and keeps what comes back. */
  static final String HEADER = "Songs-Session";

  private PlaylistApplication() {}

  /**
   * @param settings of Jersey's
   */
  static void deploy(ServletContext context, URI ring, Map<String, Object> settings) {
    // By init parameters the filter opens its own keys, and closes them when the server stops.
    new StatelessSessionFilter()
        .register(context)
        .setInitParameters(
            Map.of(
                "application",
                NAME,
                "keySource",
                ring.toString(),
                "transport",
                "header",
                "headerName",
                HEADER));
    ResourceConfig resources =
        new ResourceConfig(Playlist.class, NoSuchSong.Mapper.class).addProperties(settings);
    var jersey = context.addServlet("jersey", new ServletContainer(resources));
    jersey.addMapping("/*");
    jersey.setAsyncSupported(true);
  }
}
