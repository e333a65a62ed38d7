package dev.satchel.keys.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One connection, made when needed and given up after whatever goes wrong on it: the next call
 * looks the host up again, and finds who has taken over.
 *
 * <p>The client never connects again by itself, as it would send what is under way a second time,
 * and the answer to a repeated commit is a conflict with itself.
 */
final class RedisLink implements AutoCloseable {
  /** The node that has the slot answers after one; a second is for one that moved meanwhile. */
  private static final int MAX_REDIRECTIONS = 2;

  /**
   * Of an error reply its code alone, as the rest may name users. Errors inside of a script come
   * wrapped in text, and from Redis 7 on missing rights without a code.
   */
  private static final Pattern CODE =
      Pattern.compile(
          "\\b(ACL failure in script|can't access at least one of the keys|READONLY|NOPERM|can't run this command|NOAUTH|WRONGPASS|OOM|MISCONF|NOREPLICAS|MOVED|ASK"
              + "|CROSSSLOT|LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)\\b");

  private final RedisLocation location;
  private final byte[][] keys;

  /** The server of the location, and the one that is asked now: of a cluster it can be another. */
  private final Node named;

  private Node target;

  private @Nullable RedisClient client;
  private @Nullable Session session;
  private boolean closed;

  RedisLink(RedisLocation location) {
    this.location = location;
    this.named = new Node(location.host(), location.port());
    this.target = named;
    this.keys = new byte[][] {location.key().getBytes(StandardCharsets.US_ASCII)};
  }

  /** Runs a script on the server that has the key. */
  List<@Nullable Object> run(String script, byte[]... arguments) throws NoAnswerException {
    return ask(commands -> commands.eval(script, ScriptOutputType.MULTI, keys, arguments));
  }

  /** Sends one command and waits for its answer; once more to each node that it is sent on to. */
  <T> T ask(Command<T> command) throws NoAnswerException {
    NoAnswerException last = new NoAnswerException("nodes send from one to the other", true);
    for (int redirection = 0; redirection <= MAX_REDIRECTIONS; redirection++) {
      Session open = session();
      try {
        return await(command.send(open.commands()));
      } catch (NoAnswerException e) {
        drop(open, null);
        throw e;
      } catch (ExecutionException e) {
        Node next = Node.named(e.getCause(), open.node());
        drop(open, next);
        last = refusal(e);
        if (next == null) {
          throw last;
        }
      } catch (TimeoutException e) {
        drop(open, null);
        throw new NoAnswerException("no answer within " + location.timeout(), false);
      } catch (RuntimeException e) {
        // Its name alone, as for all others: what the client says may repeat what it sent.
        drop(open, null);
        throw new NoAnswerException("no answer (" + e.getClass().getSimpleName() + ")", false);
      }
    }
    throw last;
  }

  private synchronized Session session() throws NoAnswerException {
    if (closed) {
      throw new NoAnswerException("it was closed", true);
    }
    Session open = session;
    if (open != null && open.connection().isOpen()) {
      return open;
    }
    CompletableFuture<Session> connecting;
    try {
      connecting = connect();
    } catch (RuntimeException e) {
      target = named;
      throw new NoAnswerException("no connection (" + e.getClass().getSimpleName() + ")", true);
    }
    try {
      open = await(connecting);
      session = open;
      return open;
    } catch (NoAnswerException e) {
      abandon(connecting);
      throw e;
    } catch (ExecutionException e) {
      abandon(connecting);
      throw new NoAnswerException("no connection (" + describe(e) + ")", true);
    } catch (TimeoutException e) {
      abandon(connecting);
      throw new NoAnswerException("no connection within " + location.timeout(), true);
    }
  }

  /** Whatever still comes of it is not for us any more. */
  private void abandon(CompletableFuture<Session> connecting) {
    var unused = connecting.thenCompose(late -> late.connection().closeAsync());
    target = named;
  }

  private CompletableFuture<Session> connect() {
    RedisClient known = client;
    if (known == null) {
      known = RedisClient.create();
      known.setOptions(
          ClientOptions.builder()
              .autoReconnect(false)
              .socketOptions(
                  SocketOptions.builder()
                      .connectTimeout(location.timeout())
                      .keepAlive(true)
                      .build())
              .build());
      client = known;
    }
    Node node = target;
    RedisURI.Builder uri =
        RedisURI.Builder.redis(node.host(), node.port())
            .withSsl(location.isTls())
            .withDatabase(location.database())
            .withTimeout(location.timeout());
    String user = location.user();
    String password = location.password();
    if (password != null && user != null) {
      uri.withAuthentication(user, password.toCharArray());
    } else if (password != null) {
      uri.withPassword(password.toCharArray());
    }
    return known
        .connectAsync(ByteArrayCodec.INSTANCE, uri.build())
        .toCompletableFuture()
        .thenApply(connection -> new Session(node, connection));
  }

  private <T> T await(Future<T> future)
      throws NoAnswerException, ExecutionException, TimeoutException {
    try {
      return future.get(location.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAnswerException("interrupted while waiting for an answer", false);
    }
  }

  /**
   * @param next whom to ask then; null for whom the location names
   */
  private synchronized void drop(Session broken, @Nullable Node next) {
    if (broken.equals(session)) {
      session = null;
    }
    target = next == null ? named : next;
    if (broken.connection().isOpen()) {
      var unused = broken.connection().closeAsync();
    }
  }

  @Override
  public void close() {
    RedisClient known;
    synchronized (this) {
      closed = true;
      session = null;
      known = client;
      client = null;
    }
    if (known != null) {
      known.shutdown(Duration.ZERO, location.timeout());
    }
  }

  /** An error reply is an answer: the scripts write once, after all that can be refused. */
  private static NoAnswerException refusal(ExecutionException failure) {
    return new NoAnswerException(
        "no answer (" + describe(failure) + ")",
        failure.getCause() instanceof RedisCommandExecutionException);
  }

  /** What happened, without what a server or a client says about users. */
  private static String describe(Throwable failure) {
    Throwable root = failure;
    Throwable next = root.getCause();
    while (next != null && !(root instanceof RedisCommandExecutionException)) {
      root = next;
      next = root.getCause();
    }
    String name = root.getClass().getSimpleName();
    String message = root.getMessage();
    if (root instanceof RedisCommandExecutionException && message != null) {
      Matcher error = CODE.matcher(message);
      String code = error.find() ? error.group() : "ERR";
      return "the server says " + code + advice(code);
    }
    // Of the network and of certificates, not of accounts.
    return root instanceof IOException && message != null ? name + ": " + message : name;
  }

  private static String advice(String code) {
    return switch (code) {
      case "ASK", "TRYAGAIN", "CLUSTERDOWN" -> ", its cluster is changing: later again";
      case "NOAUTH", "WRONGPASS" -> ": give user and password in the location";
      case "NOPERM",
          "can't run this command",
          "can't access at least one of the keys",
          "ACL failure in script" ->
          ": its user may do too little, see PROTOCOL.md c";
      case "READONLY" -> ", so it is a replica: give the primary";
      default -> "";
    };
  }

  /** Something to send. */
  interface Command<T> {
    Future<T> send(RedisAsyncCommands<byte[], byte[]> commands);
  }

  private record Session(Node node, StatefulRedisConnection<byte[], byte[]> connection) {
    RedisAsyncCommands<byte[], byte[]> commands() {
      return connection.async();
    }
  }

  /** A server. */
  private record Node(String host, int port) {
    /** By the specification of Redis Cluster; without a host it is the one that says so. */
    private static final Pattern MOVED =
        Pattern.compile("MOVED [0-9]{1,5} (?<host>[A-Za-z0-9._:-]*):(?<port>[0-9]{1,5})");

    /** Whom this error reply names; null if it is another one. Then nothing was done. */
    static @Nullable Node named(@Nullable Throwable reply, Node by) {
      String message = reply instanceof RedisCommandExecutionException ? reply.getMessage() : null;
      Matcher moved = MOVED.matcher(message == null ? "" : message);
      if (!moved.matches()) {
        return null;
      }
      String host = moved.group("host");
      return new Node(host.isEmpty() ? by.host() : host, Integer.parseInt(moved.group("port")));
    }
  }
}
