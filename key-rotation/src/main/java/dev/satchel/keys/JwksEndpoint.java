package dev.satchel.keys;

import dev.satchel.keys.KeyRingException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One address that publishes a JWK set. Asks it, and believes as little as possible of the answer:
 * no redirect, no cookie, no compression, no other media type, no more bytes and no longer than
 * allowed. Messages hold nothing of an answer but its status, nor the query of the address.
 */
final class JwksEndpoint {
  /** A ring's 256 keys have 50 KB. */
  static final int MAX_BYTES = 64 * 1024;

  /** A set comes in one packet or few: who needs longer is in trouble. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** RFC 9110 §8.8.3, strong or weak, of a length that is no burden to send again. */
  private static final Pattern ETAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e]{0,128}\"");

  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[,\\s])max-age=\"?([0-9]{1,9})", Pattern.CASE_INSENSITIVE);
  private static final Pattern NO_CACHING =
      Pattern.compile("(?:^|[,\\s])no-(?:store|cache)(?:$|[,\\s=])", Pattern.CASE_INSENSITIVE);
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final URI address;
  private final Duration deadline;
  private final HttpClient client;

  /**
   * @param deadline for a whole answer
   * @param tls null for the JDK's own
   */
  JwksEndpoint(URI address, Duration deadline, @Nullable SSLContext tls) {
    this.address = address;
    this.deadline = deadline;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // one small request a minute
            .connectTimeout(deadline.compareTo(CONNECT_TIMEOUT) < 0 ? deadline : CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (tls != null) {
      builder.sslContext(tls);
    }
    client = withSystemClassLoader(builder::build);
  }

  /**
   * Asks once.
   *
   * @param etag of the set that is there already; empty for none
   * @param fromOrigin whether caches on the way are asked to ask (RFC 9111 §5.2.1.4)
   * @throws KeyRingException {@link Reason#UNAVAILABLE} or {@link Reason#UNREADABLE}
   */
  Answer ask(String etag, boolean fromOrigin) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(deadline)
            .header("Accept", PublishedJwks.CONTENT_TYPE + ", application/json");
    if (!etag.isEmpty()) {
      request.header("If-None-Match", etag);
    }
    if (fromOrigin) {
      request.header("Cache-Control", "no-cache");
    }
    HttpResponse<byte[]> response = withSystemClassLoader(() -> send(request.build()));
    HttpHeaders headers = response.headers();
    return switch (response.statusCode()) {
      case 304 -> {
        if (etag.isEmpty()) {
          throw new KeyRingException(Reason.UNREADABLE, this + " answered 304 to a first request");
        }
        yield new Answer(null, etag, freshness(headers), age(headers));
      }
      case 200 -> {
        requireJson(headers);
        yield new Answer(response.body(), etag(headers), freshness(headers), age(headers));
      }
      default ->
          throw new KeyRingException(
              Reason.UNAVAILABLE,
              this
                  + " answered "
                  + response.statusCode()
                  + ", expected is 200; redirects are not followed");
    };
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> pending =
        client.sendAsync(
            request,
            head ->
                // What else there is nobody reads.
                head.statusCode() == 200 ? new Bounded(head.headers()) : new Bounded(0));
    try {
      // The request's own timeout ends with the header fields.
      return pending.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      pending.cancel(true);
      throw new KeyRingException(
          Reason.UNAVAILABLE, this + " did not answer within " + deadline.toMillis() + " ms");
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      throw new KeyRingException(Reason.UNAVAILABLE, this + " was not waited for");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException && cause.getCause() instanceof TooLargeException
          || cause instanceof TooLargeException) {
        throw new KeyRingException(
            Reason.UNREADABLE, this + " sent more than the allowed " + MAX_BYTES + " bytes");
      }
      // No cause: its message may quote what was sent.
      throw new KeyRingException(Reason.UNAVAILABLE, this + " cannot be reached (" + root(e) + ")");
    }
  }

  /** The innermost cause says most, by its class: a refused connection, a certificate. */
  private static String root(Throwable failure) {
    Throwable root = failure;
    for (int i = 0; i < 16 && root.getCause() != null; i++) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName();
  }

  private void requireJson(HttpHeaders headers) {
    String coding = headers.firstValue("Content-Encoding").orElse("identity");
    if (!coding.equalsIgnoreCase("identity")) {
      throw new KeyRingException(
          Reason.UNREADABLE, this + " sent a compressed set, which was not asked for");
    }
    String type =
        headers
            .firstValue("Content-Type")
            .orElse("")
            .split(";", 2)[0]
            .strip()
            .toLowerCase(Locale.ROOT);
    if (!type.equals(PublishedJwks.CONTENT_TYPE) && !type.equals("application/json")) {
      throw new KeyRingException(
          Reason.UNREADABLE,
          this
              + " sent another media type than the allowed "
              + PublishedJwks.CONTENT_TYPE
              + " and application/json");
    }
  }

  private static String etag(HttpHeaders headers) {
    return headers.firstValue("ETag").filter(tag -> ETAG.matcher(tag).matches()).orElse("");
  }

  /** Empty where nothing is said: many servers say {@code no-store} of whatever they send. */
  private static Optional<Duration> freshness(HttpHeaders headers) {
    String fields = String.join(",", headers.allValues("Cache-Control"));
    Matcher maxAge = MAX_AGE.matcher(fields);
    return NO_CACHING.matcher(fields).find() || !maxAge.find()
        ? Optional.empty()
        : seconds(maxAge.group(1));
  }

  /** How long a cache on the way has had the answer (RFC 9111 §5.1). */
  private static Duration age(HttpHeaders headers) {
    return seconds(headers.firstValue("Age").orElse("")).orElse(Duration.ZERO);
  }

  private static Optional<Duration> seconds(String text) {
    return number(text).map(Duration::ofSeconds);
  }

  private static Optional<Long> number(String text) {
    return NUMBER.matcher(text).matches() ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  /**
   * The client's threads live until it is collected: a container could not let go of an application
   * whose class loader they have, and would warn of them.
   */
  private static <T> T withSystemClassLoader(Supplier<T> action) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    try {
      return action.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The address without its query, which may hold a secret. */
  @Override
  public String toString() {
    return address.getScheme() + "://" + address.getRawAuthority() + address.getRawPath();
  }

  /**
   * What the address said.
   *
   * @param body the set; null if it has not changed
   * @param etag to ask with next; empty for none
   * @param maxAge how long it may be kept; empty if it does not say
   * @param age how old it was on arrival
   */
  record Answer(byte @Nullable [] body, String etag, Optional<Duration> maxAge, Duration age) {}

  private static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Takes no more than allowed, and lets go of the connection at the first byte beyond. */
  private static final class Bounded implements HttpResponse.BodySubscriber<byte[]> {
    private final int limit;
    private final boolean announcedTooLarge;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    Bounded(HttpHeaders headers) {
      limit = MAX_BYTES;
      announcedTooLarge =
          headers
              .firstValue("Content-Length")
              .map(length -> number(length).orElse(Long.MAX_VALUE))
              .filter(length -> length > MAX_BYTES)
              .isPresent();
    }

    Bounded(int limit) {
      this.limit = limit;
      this.announcedTooLarge = false;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
      if (announcedTooLarge) {
        tooLarge(newSubscription);
      } else {
        newSubscription.request(1);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      Flow.Subscription current = subscription;
      if (current == null || body.isDone()) {
        return;
      }
      for (ByteBuffer buffer : buffers) {
        if (buffer.remaining() > limit - bytes.size()) {
          tooLarge(current);
          return;
        }
        byte[] chunk = new byte[buffer.remaining()];
        buffer.get(chunk);
        bytes.writeBytes(chunk);
      }
      current.request(1);
    }

    private void tooLarge(Flow.Subscription current) {
      if (limit == 0) {
        body.complete(new byte[0]); // nobody wanted it
      } else {
        body.completeExceptionally(new TooLargeException());
      }
      current.cancel();
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      body.complete(bytes.toByteArray());
    }
  }
}
