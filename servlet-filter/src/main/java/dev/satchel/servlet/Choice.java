package dev.satchel.servlet;

/** What a filter is told to do otherwise than by default; the builder's methods say what it is. */
enum Choice {
  ROLL_BACK_ON_EXCEPTION,
  SKIP_EMPTY_SESSION,
  DROP_UNREADABLE,
  INVALIDATE_UNREADABLE,
  SHOW_TOKEN,
  NO_ACTIVATION_EVENTS,
  IGNORE_CONTAINER_LISTENERS
}
