package dev.satchel.benchmarks;

/** Where a server keeps what a session holds. */
enum SessionKind {
  /** Nowhere: the page does without. What all others cost on top of. */
  NONE("no session"),
  /** Nowhere, and the client sends a cookie as long as Satchel's: what no token can go below. */
  COOKIE("no session, a cookie as long as Satchel's"),
  /** In the container's memory, each node for itself. */
  MEMORY("container's memory"),
  /** In the memory of both nodes, by Tomcat's cluster with its defaults ({@code DeltaManager}). */
  REPLICATED("Tomcat's replication, two nodes"),
  /** In the client's cookie. */
  SATCHEL("Satchel"),
  /**
   * The same, in a container that is told to keep no sessions and so does not look for its own
   * cookie.
   */
  SATCHEL_ALONE("Satchel, container's sessions off"),
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

  /** Whether pages have a session. */
  boolean hasSessions() {
    return this != NONE && this != COOKIE;
  }

  /** Whether what a killed node loses is a question of its own. */
  boolean isMeasuredByLoss() {
    return hasSessions() && this != SATCHEL_ALONE;
  }
}
