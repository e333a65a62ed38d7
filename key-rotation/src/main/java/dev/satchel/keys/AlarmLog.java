package dev.satchel.keys;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Tells the log when something changes, not for as long as it lasts: a store that is away for a
 * night makes two lines. Messages hold neither secrets nor bytes of a document.
 */
final class AlarmLog {
  private final System.Logger logger = System.getLogger("dev.satchel.keys");
  private final String store;
  private Set<KeyRingAlarm> last = Set.of();
  private String lastFailure = "";

  AlarmLog(String store) {
    this.store = store;
  }

  void alarms(EnumSet<KeyRingAlarm> now) {
    if (now.equals(last)) {
      return;
    }
    last = Set.copyOf(now);
    if (now.isEmpty()) {
      lastFailure = "";
      logger.log(System.Logger.Level.INFO, "key ring in {0}: all is well again", store);
    } else {
      logger.log(System.Logger.Level.WARNING, "key ring in {0}: {1}", store, now);
    }
  }

  void unsealedFor(List<String> thumbprints) {
    logger.log(
        System.Logger.Level.WARNING,
        "key ring in {0} was put back, and is not sealed for these any more, who are recipients in"
            + " one document and not in the other: {1}. Who was not removed on purpose has to be"
            + " added again: `satchel-keys recipients add`; and find out who set the store back",
        store,
        thumbprints);
  }

  void failure(Throwable failure) {
    String what = failure.toString(); // One cause after another is news.
    if (!what.equals(lastFailure)) {
      lastFailure = what;
      logger.log(
          System.Logger.Level.WARNING, "key ring in " + store + " cannot be refreshed", failure);
    }
  }
}
