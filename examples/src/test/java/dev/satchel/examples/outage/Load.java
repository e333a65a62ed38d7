package dev.satchel.examples.outage;

import dev.satchel.examples.demo.shop.TokenFacts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Visitors whose every request goes to the next node, with the token that the last answer brought;
 * 1,000 requests a second where the machine can. What must not be in an answer is a fault; a 503 is
 * noted with its time, and whoever gets one goes on with what he has.
 */
final class Load implements AutoCloseable {
  private static final int WORKERS = 5;
  private static final int VISITORS_OF_WORKER = 20;

  /** A second has 1,000 requests, a worker its share of them. */
  private static final long INTERVAL = Duration.ofSeconds(1).toNanos() * WORKERS / 1000;

  /** Who is later than this has missed his turns; making up for them would be another rate. */
  private static final long MAX_LAG = Duration.ofMillis(100).toNanos();

  private static final int MAX_FAULTS = 20;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<URI> nodes;
  private final String cookie;
  private final List<Visitor> visitors = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong requests = new AtomicLong();
  private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  /**
   * A 503.
   *
   * @param began when the request was sent, by {@link System#nanoTime}
   * @param ended when the answer was there
   */
  record Refusal(int node, long began, long ended) {}

  Load(List<URI> nodes, String cookie) {
    this.nodes = List.copyOf(nodes);
    this.cookie = cookie;
    for (int worker = 0; worker < WORKERS; worker++) {
      var own = new ArrayList<Visitor>();
      for (int i = 0; i < VISITORS_OF_WORKER; i++) {
        own.add(new Visitor(worker + i));
      }
      visitors.addAll(own);
      threads.add(new Thread(() -> work(own), "visitors " + worker));
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  long requests() {
    return requests.get();
  }

  List<Refusal> refusals() {
    return List.copyOf(refusals);
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  List<Visitor> visitors() {
    return List.copyOf(visitors);
  }

  private void work(List<Visitor> own) {
    long due = System.nanoTime();
    for (int turn = 0; !over; turn++) {
      due = Math.max(due + INTERVAL, System.nanoTime() - MAX_LAG);
      LockSupport.parkNanos(due - System.nanoTime());
      Visitor visitor = own.get(turn % own.size());
      try {
        visitor.visit();
      } catch (IOException | RuntimeException e) {
        fault(visitor, e.toString());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void fault(Visitor visitor, String what) {
    if (faults.size() < MAX_FAULTS) {
      faults.add("visit " + (visitor.count + 1) + ", node " + visitor.node() + ": " + what);
    }
  }

  @Override
  public void close() throws InterruptedException {
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** One session. Used by one thread; others look at what is volatile. */
  final class Visitor {
    private int turn;
    private volatile int count;
    private volatile String token = "";

    Visitor(int turn) {
      this.turn = turn;
    }

    private int node() {
      return turn % nodes.size();
    }

    /** So many visits were counted. */
    int count() {
      return count;
    }

    /** The id of the ring's key that the token is under, without the hour. */
    Optional<String> keyId() {
      return TokenFacts.read(token).map(facts -> facts.kid().split("\\.")[0]);
    }

    private void visit() throws IOException, InterruptedException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(nodes.get(node())).timeout(Duration.ofMinutes(1));
      if (!token.isEmpty()) {
        request.header("Cookie", cookie + "=" + token);
      }
      long began = System.nanoTime();
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      long ended = System.nanoTime();
      requests.incrementAndGet();
      List<String> cookies = answer.headers().allValues("Set-Cookie");
      switch (answer.statusCode()) {
        case 200 -> {
          if (!answer.body().equals(Integer.toString(count + 1))) {
            fault(this, "lost, counted " + answer.body());
          }
          token = onlyToken(cookies);
          count = Integer.parseInt(answer.body());
        }
        case 503 -> {
          if (!cookies.isEmpty()) {
            fault(this, "503 that sets a cookie");
          }
          if (answer.headers().firstValue("Retry-After").isEmpty()) {
            fault(this, "503 without Retry-After");
          }
          refusals.add(new Refusal(node(), began, ended));
        }
        default -> fault(this, "status " + answer.statusCode());
      }
      turn++;
    }

    /** The count has grown, so there is one cookie; one that is deleted has no value. */
    private String onlyToken(List<String> cookies) {
      String pair = cookies.size() == 1 ? cookies.get(0).split(";", 2)[0] : "";
      if (!pair.startsWith(cookie + "=") || pair.length() == cookie.length() + 1) {
        fault(this, cookies.size() + " Set-Cookie lines, of which none has a new token");
        return token;
      }
      return pair.substring(cookie.length() + 1);
    }
  }
}
