package dev.satchel.keys;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** One daemon thread that ticks until stopped, as a {@link RingRefresher} does. */
final class RefreshThread implements Runnable {
  /** A tick that asks for no wait at all must not spin. */
  private static final long MIN_WAIT = 1_000_000;

  private final LongSupplier tick;
  private final Thread thread;
  private volatile boolean stopped;

  private RefreshThread(String name, LongSupplier tick) {
    this.tick = tick;
    this.thread = new Thread(this, name);
    this.thread.setDaemon(true);
    // Not that of whoever opened the ring: a container reports a thread that still has its
    // application's loader when the application stops, and cannot let go of the application.
    this.thread.setContextClassLoader(RefreshThread.class.getClassLoader());
  }

  /**
   * @param tick does what is due, and says in how many nanoseconds to come again
   */
  static RefreshThread start(String name, LongSupplier tick) {
    RefreshThread started = new RefreshThread(name, tick);
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
        wait = Math.max(MIN_WAIT, tick.getAsLong());
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
