package dev.satchel.keys.cli;

import picocli.CommandLine.Option;

/** Leave for what cannot be undone: given with the command, or asked for. */
final class Consent {
  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  boolean isGiven() {
    return yes;
  }

  /** Asks for the ring's name to be typed, unless it was given. */
  void obtain(Invocation invocation, String what, String ring) {
    if (!yes) {
      invocation.confirm(what, ring);
    }
  }
}
