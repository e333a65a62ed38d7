package dev.satchel.servlet;

/** Breaks the rule that the filter does without Spring. */
public interface SpringCanary {
  org.springframework.core.Ordered order();
}
