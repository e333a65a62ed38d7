package dev.satchel.servlet;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the filter logs while this is open. */
final class Logged extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.satchel.servlet");
  private final Level before = logger.getLevel();
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final List<String> leveled = new CopyOnWriteArrayList<>();

  Logged() {
    logger.setLevel(Level.ALL);
    logger.addHandler(this);
    logger.setUseParentHandlers(false); // what is expected need not be read by people
  }

  List<String> messages() {
    return messages;
  }

  /** What was logged since the last call, each with its level before it. */
  List<String> takeWithLevels() {
    List<String> all = List.copyOf(leveled);
    leveled.clear();
    return all;
  }

  @Override
  public void publish(LogRecord record) {
    messages.add(record.getMessage());
    leveled.add(record.getLevel() + " " + record.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
    logger.setLevel(before);
  }
}
