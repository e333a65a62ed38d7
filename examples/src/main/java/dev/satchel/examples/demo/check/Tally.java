package dev.satchel.examples.demo.check;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What all browsers together have seen. Thread-safe. */
final class Tally {
  private final LongAdder requests = new LongAdder();
  private final LongAdder reissues = new LongAdder();
  private final Map<String, LongAdder> byNode = new ConcurrentSkipListMap<>();
  private final Map<Integer, LongAdder> byStatus = new ConcurrentSkipListMap<>();

  /**
   * @param reissued whether the token came back under another key than it was sent
   */
  void count(Reply reply, boolean reissued) {
    requests.increment();
    byStatus.computeIfAbsent(reply.status(), status -> new LongAdder()).increment();
    if (!reply.node().isEmpty()) {
      byNode.computeIfAbsent(reply.node(), node -> new LongAdder()).increment();
    }
    if (reissued) {
      reissues.increment();
    }
  }

  long requests() {
    return requests.sum();
  }

  /** Tokens that were accepted under one key and given back under another. */
  long reissues() {
    return reissues.sum();
  }

  long of(String node) {
    LongAdder count = byNode.get(node);
    return count == null ? 0 : count.sum();
  }

  long of(int status) {
    LongAdder count = byStatus.get(status);
    return count == null ? 0 : count.sum();
  }

  /** Requests by node, such as {@code {A=120, B=131}}. */
  Map<String, LongAdder> byNode() {
    return byNode;
  }

  /** Answers by status. */
  Map<Integer, LongAdder> byStatus() {
    return byStatus;
  }
}
