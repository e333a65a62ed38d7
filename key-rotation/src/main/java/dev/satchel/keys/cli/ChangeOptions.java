package dev.satchel.keys.cli;

import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.RingChange;
import picocli.CommandLine.Option;

/** Whether a ring is changed or only shown as it would be, and how it is shown. */
final class ChangeOptions {
  @Option(names = "--dry-run", description = "show the ring that would be, change nothing")
  private boolean dryRun;

  @Option(names = "--json", description = "JSON on standard output")
  private boolean json;

  boolean isDryRun() {
    return dryRun;
  }

  boolean isJson() {
    return json;
  }

  /** The ring as it is now, or as it would be. */
  KeyRingStatus outcome(RingChange change) {
    return dryRun ? change.after() : change.commit();
  }
}
