package dev.satchel.keys.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the database lets one row only have a name. */
final class TableKey {
  private TableKey() {}

  /** Whether the table is there with the column {@code name} alone as its primary key. */
  static boolean isName(Connection connection, String table) throws SQLException {
    return is(connection, table, Set.of("name"));
  }

  /**
   * Whether the table is there with exactly these columns, in small letters, as its primary key.
   */
  static boolean is(Connection connection, String table, Set<String> columns) throws SQLException {
    int dot = table.indexOf('.');
    String simple = table.substring(dot + 1);
    String schema = dot < 0 ? connection.getSchema() : table.substring(0, dot);
    DatabaseMetaData metadata = connection.getMetaData();
    boolean schemasAreCatalogs = connection.getSchema() == null; // MySQL
    String catalog =
        schemasAreCatalogs && dot >= 0 ? table.substring(0, dot) : connection.getCatalog();
    // Names that are not quoted are folded, by each database in its own way.
    for (String name :
        List.of(simple, simple.toLowerCase(Locale.ROOT), simple.toUpperCase(Locale.ROOT))) {
      Set<String> key = key(metadata, catalog, schemasAreCatalogs ? null : schema, name, dot >= 0);
      if (!key.isEmpty()) {
        return key.equals(columns);
      }
    }
    return false;
  }

  private static Set<String> key(
      DatabaseMetaData metadata,
      @Nullable String catalog,
      @Nullable String schema,
      String table,
      boolean foldSchema)
      throws SQLException {
    var columns = new HashSet<String>();
    List<String> schemas =
        schema == null || !foldSchema
            ? java.util.Collections.singletonList(schema)
            : List.of(schema, schema.toLowerCase(Locale.ROOT), schema.toUpperCase(Locale.ROOT));
    for (String each : schemas) {
      try (ResultSet keys = metadata.getPrimaryKeys(catalog, each, table)) {
        while (keys.next()) {
          columns.add(String.valueOf(keys.getString("COLUMN_NAME")).toLowerCase(Locale.ROOT));
        }
      }
    }
    return columns;
  }
}
