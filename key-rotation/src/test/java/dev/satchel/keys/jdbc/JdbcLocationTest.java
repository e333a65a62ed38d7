package dev.satchel.keys.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingLocation;
import dev.satchel.keys.KeyRingSourceProvider;
import dev.satchel.keys.RotatingKeySource;
import dev.satchel.keys.RotationPolicy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcLocationTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("DB", "from the environment");

  @Test
  void parameters_ofOursAreTaken_othersGoToTheDriver() {
    JdbcLocation location =
        of(
            "jdbc:postgresql://db:5432/shop?user=shop&table=keys.rings&ssl=true&row=web&connectTimeout=9");
    assertThat(location.url())
        .isEqualTo("jdbc:postgresql://db:5432/shop?user=shop&ssl=true&connectTimeout=9");
    assertThat(location.table()).hasValue("keys.rings");
    assertThat(location.row()).hasValue("web");
    assertThat(location.shown()).isEqualTo("jdbc:postgresql://db:5432/shop");
    assertThat(location.properties())
        .containsEntry("socketTimeout", "10")
        .doesNotContainKey("connectTimeout")
        .doesNotContainKey("password");
  }

  @Test
  void timeouts_areInTheDriversUnit() {
    assertThat(of("jdbc:mariadb://db/shop").properties()).containsEntry("socketTimeout", "10000");
    assertThat(of("jdbc:mysql://db/shop").properties()).containsEntry("connectTimeout", "5000");
    assertThat(of("jdbc:h2:mem:shop").properties()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://shop:hunter2@db/shop",
        "jdbc:postgresql://db/shop?user=shop&password=hunter2",
        "jdbc:postgresql://db/shop?password=hunter2/x@y",
        "jdbc:mysql://shop:hunter2%3F@db/shop",
        "jdbc:mysql://shop:hun/hunter2@db/shop?x=y",
        "jdbc:mysql://address=(host=db)(password=hunter2)/shop",
        "jdbc:h2:mem:shop;USER=shop;PASSWORD=hunter2",
      })
  void secrets_areNotShown(String text) {
    assertThat(of(text).shown()).startsWith("jdbc:").doesNotContain("hunter2");
    assertThat(KeyRingLocation.of(URI.create(text)).toString()).doesNotContain("hunter2");
    if (!text.contains("mysql") && !text.contains("shop:hunter2")) { // Of the drivers here.
      String name =
          new JdbcKeyRingStoreProvider().open(URI.create(text), InstantSource.system()).toString();
      assertThat(name).contains("table satchel_key_ring, row session").doesNotContain("hunter2");
    }
  }

  @Test
  void password_isReadWhereItIs_eachTime(@TempDir Path temp) throws Exception {
    assertThat(of("jdbc:h2:mem:x?passwordEnv=DB").properties())
        .containsEntry("password", "from the environment");
    Path file = Files.writeString(temp.resolve("password"), "hunter2\n");
    JdbcLocation location = of("jdbc:h2:mem:x?passwordFile=" + file);
    assertThat(location.properties()).containsEntry("password", "hunter2");
    Files.writeString(file, "hunter3");
    assertThat(location.properties()).containsEntry("password", "hunter3");
    Files.writeString(file, "x".repeat(5000));
    assertThatThrownBy(location::properties)
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("more than the allowed");
    Files.delete(file);
    assertThatThrownBy(location::properties)
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("NoSuchFile")
        .hasNoCause();
    assertThatThrownBy(() -> of("jdbc:h2:mem:x?passwordEnv=NONE").properties())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("NONE is not set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:h2:mem:x?table=a&table=b",
        "jdbc:h2:mem:x?row",
        "jdbc:h2:mem:x?table=a;drop%20table%20b",
        "jdbc:h2:mem:x?table=a.b.c",
        "jdbc:h2:mem:x?row=%27",
        "jdbc:h2:mem:x?passwordEnv=A&passwordFile=B",
        "jdbc:postgresql://db/x?password=hunter2&passwordEnv=A",
        "jdbc:oracle:thin:@//db/x?password=hunter2",
      })
  void mistake_isRefused_withoutRepeatingIt(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new JdbcKeyRingStoreProvider().open(URI.create(text), InstantSource.system()))
        .withMessageContaining("JDBC")
        .satisfies(
            e -> assertThat(e.getMessage()).doesNotContain("hunter2").doesNotContain("drop"));
  }

  @Test
  void timeout_outsideOfWhatAPolicyBears_isRefused() {
    JdbcKeyRingStore.Builder builder = JdbcKeyRingStore.builder(new JdbcDataSource());
    assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ofSeconds(11)));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ofMillis(999)));
  }

  @Test
  void database_unknown_isRefusedByName() {
    assertThat(Dialect.of("PostgreSQL")).hasValue(Dialect.POSTGRESQL);
    assertThat(Dialect.of("MariaDB")).isEqualTo(Dialect.of("MySQL")).hasValue(Dialect.MYSQL);
    assertThat(Dialect.of("Apache Derby")).isEmpty();
    assertThat(new UnknownDatabaseException("Apache Derby"))
        .hasMessageContaining("'Apache Derby', allowed are PostgreSQL, MySQL, MariaDB, H2");
  }

  /** Nobody listens there: the answer comes at once, and says nothing about user or password. */
  @Test
  void server_thatIsNotThere_isUnavailable() {
    var store =
        new JdbcKeyRingStoreProvider()
            .open(
                URI.create("jdbc:postgresql://localhost:1/shop?user=shop&password=hunter2"),
                InstantSource.system());
    assertThatThrownBy(store::read)
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("jdbc:postgresql://localhost:1/shop")
        .hasMessageContaining("ConnectException")
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }

  /** It takes the call and then says nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://127.0.0.1:%d/x?sslmode=disable&socketTimeout=1",
        "mariadb://127.0.0.1:%d/x?connectTimeout=1000&socketTimeout=1000"
      })
  @Timeout(20)
  void server_thatIsSilent_isUnavailableInTime(String url) throws Exception {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String location = "jdbc:" + url.formatted(silent.getLocalPort());
      var store = new JdbcKeyRingStoreProvider().open(URI.create(location), InstantSource.system());
      assertThatThrownBy(store::read)
          .isInstanceOf(KeyRingException.class)
          .hasMessageContaining("SQLSTATE 08");
    }
  }

  /** As an application's configuration names it. */
  @Test
  void ring_inATable_isASourceOfKeys() throws Exception {
    String url = "jdbc:h2:mem:" + UUID.randomUUID();
    var source = new JdbcDataSource();
    source.setURL(url);
    try (Connection keepsItAlive = source.getConnection()) {
      JdbcKeyRingStore store = JdbcKeyRingStore.builder(source).row("shop").build();
      store.createTable();
      new KeyCustodian(store, KeyEncryptionKey.insecurePlaintext(), InstantSource.system())
          .creation("shop", RotationPolicy.defaults())
          .commit();
      URI location = URI.create(url + "?row=shop&ring=shop&role=writer&insecurePlaintext=true");
      try (var keys =
          (RotatingKeySource) new KeyRingSourceProvider().open(location, InstantSource.system())) {
        assertThat(keys.current().issuing()).isPresent();
        assertThat(keys.toString()).contains(url, "row shop");
      }
      assertThat(keepsItAlive.isValid(1)).isTrue();
    }
  }

  private static JdbcLocation of(String text) {
    return JdbcLocation.of(URI.create(text), ENVIRONMENT::get);
  }
}
