package dev.satchel.keys;

import java.util.regex.Pattern;

/** The name under which a node reports: it becomes part of file names, fields and rows. */
final class NodeName {
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

  private NodeName() {}

  static boolean isAllowed(String name) {
    return ALLOWED.matcher(name).matches();
  }

  static String require(String name) {
    if (!isAllowed(name)) {
      throw new IllegalArgumentException(
          "node name has "
              + name.length()
              + " characters, allowed are 1 to 64 of A-Z a-z 0-9 . _ -, the first not a dot");
    }
    return name;
  }
}
