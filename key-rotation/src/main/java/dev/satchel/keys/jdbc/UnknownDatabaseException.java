package dev.satchel.keys.jdbc;

/** A database whose clock, replicas and SQL nobody has looked into. */
final class UnknownDatabaseException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  UnknownDatabaseException(String product) {
    super("the database calls itself '" + product + "', allowed are " + Dialect.known());
  }
}
