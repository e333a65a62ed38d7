package dev.satchel.examples.demo;

/**
 * What the command line says.
 *
 * @param port the front's port; 0 lets the system choose
 * @param check whether to drive the cluster with scripted visitors and exit
 */
record Options(int port, boolean check) {
  static final String USAGE =
      """
      Arguments:
        --port N   port of the front, 0 for any free one (default 8080; any free one with --check)
        --check    drive the cluster with scripted visitors, report, exit: 0 if nothing was lost
        --help     this text""";

  private static final int DEFAULT_PORT = 8080;
  private static final int MAX_PORT = 65_535;

  /**
   * @throws IllegalArgumentException with a message for the user
   */
  static Options parse(String... args) {
    int port = -1;
    boolean check = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--check" -> check = true;
        case "--port" -> port = port(i + 1 < args.length ? args[++i] : "nothing");
        default ->
            throw new IllegalArgumentException(
                "unknown argument '" + args[i] + "', allowed are --port N, --check, --help");
      }
    }
    return new Options(port >= 0 ? port : check ? 0 : DEFAULT_PORT, check);
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      // same answer as for a number out of range
    }
    throw new IllegalArgumentException(
        "--port is '" + text + "', allowed is a number from 0 to " + MAX_PORT);
  }
}
