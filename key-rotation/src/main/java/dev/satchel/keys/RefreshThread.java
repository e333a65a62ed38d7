package dev.satchel.keys;

import java.util.concurrent.locks.LockSupport;

/** One daemon thread that ticks a {@link RingRefresher} until stopped. */
final class RefreshThread implements Runnable {
  /** A tick that asks for no wait at all must not spin. */
  private static final long MIN_WAIT = 1_000_000;

  private final RingRefresher refresher;
  private final Thread thread;
  private volatile boolean stopped;

  private RefreshThread(RingRefresher refresher) {
    this.refresher = refresher;
    this.thread = new Thread(this, "satchel-key-ring");
    this.thread.setDaemon(true);
    // Not that of whoever opened the ring: a container reports a thread that still has its
    // application's loader when the application stops, and cannot let go of the application.
    this.thread.setContextClassLoader(RefreshThread.class.getClassLoader());
  }

  static RefreshThread start(RingRefresher refresher) {
    RefreshThread started = new RefreshThread(refresher);
    started.thread.start();
    return started;
  }

  @Override
  public void run() {
    long wait = MIN_WAIT;
    while (!stopped) {
      LockSupport.parkNanos(this, wait);
      if (!stopped) {
        // An interrupt is no reason to stop refreshing; left set, it would fail all file I/O.
        Thread.interrupted();
        wait = Math.max(MIN_WAIT, refresher.tick());
      }
    }
  }

  /** Ticks soon. Neither blocks nor locks. */
  void wake() {
    LockSupport.unpark(thread);
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }
}
