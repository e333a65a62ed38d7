package dev.satchel.servlet;

import dev.satchel.servlet.micrometer.SessionMetrics;

/** Breaks the rule that nobody needs the meters, whose library may not be there. */
public interface MicrometerCanary {
  SessionMetrics metrics();
}
