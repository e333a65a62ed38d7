package dev.satchel.keys.jdbc;

import java.util.regex.Pattern;

/**
 * Where in a database a ring is. The table's name stands in statements as it is, so it holds
 * nothing but what every database takes unquoted; the row's name is a parameter, and as a ring's.
 *
 * @param table with its schema before a dot if need be
 * @param row the value of the column {@code name}
 */
record RingRow(String table, String row) {
  /** The table, where none is named. */
  static final String DEFAULT_TABLE = "satchel_key_ring";

  /** The shortest of the databases' limits for names is PostgreSQL's. */
  private static final int MAX_NAME = 63;

  private static final Pattern TABLE =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_]{0,62}");

  /** As ring names; the column has that width. */
  private static final Pattern ROW = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** The table and the row, where none is named; the row is also the default name of a ring. */
  static final RingRow DEFAULT = new RingRow(DEFAULT_TABLE, "session");

  RingRow {
    require(TABLE, table, "table", "letters, digits and _, with at most one dot");
    require(ROW, row, "row", "1 to 64 letters, digits, dots, _ and -");
  }

  RingRow withTable(String name) {
    return new RingRow(name, row);
  }

  RingRow withRow(String name) {
    return new RingRow(table, name);
  }

  /** Whether a table can have the name of this one with the suffix behind it. */
  boolean leavesRoomFor(String suffix) {
    String simple = table.substring(table.indexOf('.') + 1);
    return simple.length() + suffix.length() <= MAX_NAME;
  }

  private static void require(Pattern pattern, String name, String what, String allowed) {
    if (!pattern.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "JDBC key ring: name of the " + what + " has other characters than allowed: " + allowed);
    }
  }

  /** As messages have it. */
  @Override
  public String toString() {
    return "table " + table + ", row " + row;
  }
}
