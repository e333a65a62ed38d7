package dev.satchel.examples.jaxrs;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;

/** The songs that a listener has put in a queue. */
@Path("songs")
@Produces(MediaType.TEXT_PLAIN)
public final class Playlist {
  private static final String SONGS = "songs";

  private final HttpServletRequest request;

  public Playlist(@Context HttpServletRequest request) {
    this.request = request;
  }

  @GET
  public String list() {
    return String.join(",", songs(request.getSession()));
  }

  @POST
  @Path("{title}")
  public String add(@PathParam("title") String title) {
    List<String> songs = songs(request.getSession());
    songs.add(title); // in place; the filter sees it
    return "song " + songs.size();
  }

  /** Says that it failed by an exception, which {@link NoSuchSong.Mapper} makes an answer of. */
  @DELETE
  @Path("{title}")
  public void remove(@PathParam("title") String title) {
    if (!songs(request.getSession()).remove(title)) {
      throw new NoSuchSong(title);
    }
  }

  /** Streams more than any buffer holds; what is to be remembered has to be so before. */
  @GET
  @Path("recording")
  public StreamingOutput recording() {
    songs(request.getSession()).add("recorded");
    byte[] second = "la ".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    return out -> {
      for (int i = 0; i < 10; i++) {
        out.write(second);
      }
    };
  }

  /**
   * Answers later, from a thread that has never seen the request, and changes the session there.
   */
  @POST
  @Path("next")
  public void next(@Suspended AsyncResponse later) {
    List<String> songs = songs(request.getSession());
    ForkJoinPool.commonPool()
        .execute(() -> later.resume(songs.isEmpty() ? "silence" : "playing " + songs.remove(0)));
  }

  /** Fails with nothing but a status: Jersey calls {@code sendError}. */
  @POST
  @Path("buy")
  public void buy() {
    songs(request.getSession()).add("unpaid");
    throw new WebApplicationException(Response.Status.PAYMENT_REQUIRED);
  }

  /** Fails with what nobody maps: Jersey calls {@code sendError} or {@code reset} and throws on. */
  @POST
  @Path("eject")
  public void eject() {
    songs(request.getSession()).add("jammed");
    throw new IllegalStateException("the tray is stuck");
  }

  @SuppressWarnings("unchecked") // nobody else writes this attribute
  private static List<String> songs(HttpSession session) {
    if (session.getAttribute(SONGS) == null) {
      session.setAttribute(SONGS, new ArrayList<String>());
    }
    return (List<String>) session.getAttribute(SONGS);
  }
}
