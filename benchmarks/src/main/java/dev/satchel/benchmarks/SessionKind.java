package dev.satchel.benchmarks;

/** Where a server keeps what a session holds. */
enum SessionKind {
  /** Nowhere: the page does without. What all others cost on top of. */
  NONE("no session"),
  /** In the container's memory, each node for itself. */
  MEMORY("container's memory"),
  /** In the client's cookie. */
  SATCHEL("Satchel"),
  /** In Redis, by Spring Session with its defaults: Lettuce, Java serialization. */
  SPRING_REDIS("Spring Session, Redis"),
  /** In PostgreSQL, by Spring Session with its defaults, and a pool of connections. */
  SPRING_JDBC("Spring Session, PostgreSQL");

  private final String title;

  SessionKind(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
