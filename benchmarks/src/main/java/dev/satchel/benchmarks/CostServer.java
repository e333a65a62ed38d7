package dev.satchel.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.servlet.StatelessSessionFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.data.redis.RedisSessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One node: embedded Tomcat with {@link CostServlet} and one kind of session. Writes its port to
 * standard output and runs until it is killed.
 */
public final class CostServer {
  private static final Logger LOG = Logger.getLogger("");

  private CostServer() {}

  /**
   * Starts the node.
   *
   * @param args a directory for its files, the {@link SessionKind}, and where its store is: a port
   *     of Redis, a JDBC URL, or the ports of {@link Replication}
   */
  public static void main(String[] args) throws Exception {
    LOG.setLevel(Level.WARNING);
    SessionKind kind = SessionKind.valueOf(args[1]);
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(args[0]);
    Connector connector = new Connector();
    connector.setPort(0);
    // As a load balancer's: it keeps its connections.
    ((AbstractHttp11Protocol<?>) connector.getProtocolHandler()).setMaxKeepAliveRequests(-1);
    ((AbstractProtocol<?>) connector.getProtocolHandler()).setKeepAliveTimeout(-1);
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", args[0]);
    context.addServletContainerInitializer(
        (classes, servletContext) -> filter(kind, args, servletContext), Set.of());
    Tomcat.addServlet(context, "page", new CostServlet(kind));
    for (String path : new String[] {"/new", "/read", "/write", "/heap", "/"}) {
      context.addServletMappingDecoded(path, "page");
    }
    if (kind == SessionKind.REPLICATED) {
      Replication.set(tomcat.getEngine(), context, args[2]);
    }
    tomcat.start();
    System.out.println(connector.getLocalPort());
  }

  private static void filter(SessionKind kind, String[] args, ServletContext context) {
    switch (kind) {
      case NONE, MEMORY, REPLICATED -> {}
      case COOKIE ->
          context
              .addFilter("session", satchel())
              .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/new");
      case SATCHEL -> satchel().register(context);
      case SATCHEL_ALONE -> {
        context.setSessionTrackingModes(Set.of());
        satchel().register(context);
      }
      case SPRING_REDIS -> register(new SessionRepositoryFilter<>(redis(args[2])), context);
      case SPRING_JDBC -> register(new SessionRepositoryFilter<>(jdbc(args[2])), context);
    }
  }

  private static StatelessSessionFilter satchel() {
    SessionKey key =
        SessionKey.ofSecret("benchkey", TokenAlgorithm.A256GCM, Keys.secret()); // on all nodes
    return StatelessSessionFilter.builder("bench", KeySource.of(KeyRing.of(key))).build();
  }

  private static void register(Filter filter, ServletContext context) {
    context
        .addFilter("session", filter)
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
  }

  /** As {@code @EnableRedisHttpSession} makes it. */
  private static SessionRepository<? extends Session> redis(String port) {
    LettuceConnectionFactory connections =
        new LettuceConnectionFactory(
            new RedisStandaloneConfiguration("localhost", Integer.parseInt(port)));
    connections.afterPropertiesSet();
    connections.start();
    RedisTemplate<String, Object> template = new RedisTemplate<>();
    template.setKeySerializer(RedisSerializer.string());
    template.setHashKeySerializer(RedisSerializer.string());
    template.setConnectionFactory(connections);
    template.afterPropertiesSet();
    return new RedisSessionRepository(template);
  }

  /** As {@code @EnableJdbcHttpSession} makes it, on the pool that Spring Boot takes. */
  private static SessionRepository<? extends Session> jdbc(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    HikariDataSource pool = new HikariDataSource(config);
    JdbcIndexedSessionRepository repository =
        new JdbcIndexedSessionRepository(
            new JdbcTemplate(pool),
            new TransactionTemplate(new DataSourceTransactionManager(pool)));
    repository.afterPropertiesSet();
    return repository;
  }
}
