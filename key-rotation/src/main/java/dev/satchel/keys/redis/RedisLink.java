package dev.satchel.keys.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
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
  /**
   * Of an error reply its code alone, as the rest may name users. Errors inside of a script come
   * wrapped in text, and from Redis 7 on missing rights without a code.
   */
  private static final Pattern CODE =
      Pattern.compile(
          "\\b(READONLY|NOPERM|ACL failure|NOAUTH|WRONGPASS|OOM|MISCONF|NOREPLICAS|MOVED|ASK"
              + "|CROSSSLOT|LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)\\b");

  private final RedisLocation location;
  private final byte[][] keys;

  private @Nullable AbstractRedisClient client;
  private @Nullable Session session;
  private boolean closed;

  RedisLink(RedisLocation location) {
    this.location = location;
    this.keys = new byte[][] {location.key().getBytes(StandardCharsets.US_ASCII)};
  }

  /** Runs a script on the server that has the key. */
  List<@Nullable Object> run(String script, byte[]... arguments) throws NoAnswerException {
    return ask(commands -> commands.eval(script, ScriptOutputType.MULTI, keys, arguments));
  }

  /** Sends one command and waits for its answer. */
  <T> T ask(Command<T> command) throws NoAnswerException {
    Session open = session();
    try {
      return await(command.send(open.commands()));
    } catch (NoAnswerException e) {
      drop(open);
      throw e;
    } catch (ExecutionException e) {
      drop(open);
      throw refusal(e);
    } catch (TimeoutException e) {
      drop(open);
      throw new NoAnswerException("no answer within " + location.timeout(), false);
    } catch (RuntimeException e) {
      // Its name alone, as for all others: what the client says may repeat what it sent.
      drop(open);
      throw new NoAnswerException("no answer (" + e.getClass().getSimpleName() + ")", false);
    }
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
      forget();
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
    forget();
  }

  private CompletableFuture<Session> connect() {
    RedisURI.Builder uri =
        RedisURI.Builder.redis(location.host(), location.port())
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
    RedisURI server = uri.build();
    SocketOptions sockets =
        SocketOptions.builder().connectTimeout(location.timeout()).keepAlive(true).build();
    if (location.isCluster()) {
      RedisClusterClient nodes =
          client instanceof RedisClusterClient before ? before : RedisClusterClient.create(server);
      client = nodes;
      nodes.setOptions(
          ClusterClientOptions.builder().autoReconnect(false).socketOptions(sockets).build());
      return nodes
          .refreshPartitionsAsync()
          .toCompletableFuture()
          .thenCompose(known -> nodes.connectAsync(ByteArrayCodec.INSTANCE))
          .thenApply(connection -> new Session(connection, connection.async()));
    }
    RedisClient node = client instanceof RedisClient known ? known : RedisClient.create();
    client = node;
    node.setOptions(ClientOptions.builder().autoReconnect(false).socketOptions(sockets).build());
    return node.connectAsync(ByteArrayCodec.INSTANCE, server)
        .toCompletableFuture()
        .thenApply(connection -> new Session(connection, connection.async()));
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

  private synchronized void drop(Session broken) {
    if (broken.equals(session)) {
      session = null;
      forget();
    }
    if (broken.connection().isOpen()) {
      var unused = broken.connection().closeAsync();
    }
  }

  /** A client of a cluster remembers who had which slots, which may be what went wrong. */
  private void forget() {
    AbstractRedisClient known = client;
    if (location.isCluster() && known != null) {
      client = null;
      var unused = known.shutdownAsync(0, location.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    AbstractRedisClient known;
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
      case "MOVED", "ASK", "CROSSSLOT" -> ", so it is of a cluster: add cluster=true";
      case "NOAUTH", "WRONGPASS" -> ": give user and password in the location";
      case "NOPERM", "ACL failure" -> ": its user may do too little, see PROTOCOL.md c";
      case "READONLY" -> ", so it is a replica: give the primary";
      default -> "";
    };
  }

  /** Something to send. */
  interface Command<T> {
    Future<T> send(RedisClusterAsyncCommands<byte[], byte[]> commands);
  }

  private record Session(
      StatefulConnection<byte[], byte[]> connection,
      RedisClusterAsyncCommands<byte[], byte[]> commands) {}
}
