package dev.satchel.examples.jaxrs;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** A listener asked for a song that is not in the queue. */
final class NoSuchSong extends RuntimeException {
  private static final long serialVersionUID = 1;

  NoSuchSong(String title) {
    super(title);
  }

  /** The answer. */
  public static final class Mapper implements ExceptionMapper<NoSuchSong> {
    @Override
    public Response toResponse(NoSuchSong failure) {
      return Response.status(Response.Status.NOT_FOUND).entity("There is no such song.").build();
    }
  }
}
