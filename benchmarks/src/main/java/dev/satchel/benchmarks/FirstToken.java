package dev.satchel.benchmarks;

import java.time.InstantSource;

/**
 * What a fresh process does until it has opened its first token: set up a library with a key, open
 * the token, read one attribute, say so on standard output.
 */
public final class FirstToken {
  static final String OPENED = "opened";

  private FirstToken() {}

  /**
   * Opens one token.
   *
   * @param args the library and the token; none to open nothing
   */
  public static void main(String[] args) {
    if (args.length == 2) {
      open(Library.valueOf(args[0]).carrier(Profile.A256GCM_DEF, InstantSource.system()), args[1]);
    }
    System.out.println(OPENED);
  }

  private static <T> void open(Carrier<T> carrier, String token) {
    Object user = carrier.attribute(carrier.decode(token), Sample.USER);
    if (!"u-18234".equals(user)) {
      throw new IllegalStateException("the token held another user");
    }
  }
}
