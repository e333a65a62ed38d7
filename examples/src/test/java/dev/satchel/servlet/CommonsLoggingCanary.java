package dev.satchel.servlet;

/** Breaks the rule that there is one logging API. */
public interface CommonsLoggingCanary {
  org.apache.commons.logging.Log log();
}
