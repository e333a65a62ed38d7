package dev.satchel;

/** Breaks the rule that core knows no other module. */
public interface ArrowCanary {
  dev.satchel.servlet.SessionEvents events();
}
