package dev.satchel.keys;

/** Breaks the rule that key management does not know the filter. */
public interface ArrowCanary {
  dev.satchel.servlet.SessionEvents events();
}
