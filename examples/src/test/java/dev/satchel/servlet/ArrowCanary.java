package dev.satchel.servlet;

/** Breaks the rule that the filter does not know how keys are managed. */
public interface ArrowCanary {
  dev.satchel.keys.KeyRingStore store();
}
