package dev.satchel.keys;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom in this module. Each rule has a canary that shows that it can fail. */
class ModuleRulesTest {
  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.satchel.keys");

  private static final ArchRule CLOCK =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .as("time is injected");

  private static final ArchRule CLIENT =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.satchel.keys.redis..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.lettuce..", "io.netty..", "reactor..", "dev.satchel.keys.redis..")
          .as("the client of Redis in its store only, and nobody needs that store");

  private static final ArchRule HTTP =
      noClasses()
          .that()
          .haveNameNotMatching("dev\\.satchel\\.keys\\.(vault\\..*|Jwks[^.]*)")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net.http..", "dev.satchel.keys.vault..")
          .as("HTTP for Vault and JWK sets only, and nobody needs Vault");

  private static final ArchRule METERS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.satchel.keys.micrometer..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "dev.satchel.keys.micrometer..")
          .as("Micrometer in its package only, and nobody needs that");

  private static final ArchRule LIBRARIES =
      noClasses()
          .that()
          .doNotHaveSimpleName("PassphraseStretching")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bouncycastle..")
          .as("Bouncy Castle for passphrases only");

  private static final ArchRule SQL =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.satchel.keys.jdbc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..")
          .as("SQL for the table only");

  static ArchRule[] rules() {
    return new ArchRule[] {
      CLIENT,
      CLOCK,
      HTTP,
      LIBRARIES,
      METERS,
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.satchel.keys.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "dev.satchel.keys.cli..")
          .as("picocli in the command only, and nobody needs the command"),
      noClasses()
          .that()
          .haveNameNotMatching(
              "dev\\.satchel\\.keys\\.(SealedRing|RingHeader|ServiceSeal|PassphraseSeal|Recipient[^.]*)")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.nimbusds..")
          .as("Nimbus for the seal only"),
      noClasses()
          .that()
          .resideInAPackage("dev.satchel.keys")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.satchel.keys.file..", "dev.satchel.keys.jdbc..")
          .as("the protocol knows no store"),
      SQL,
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.postgresql..", "org.h2..", "org.mariadb..", "com.mysql..")
          .as("drivers are the application's"),
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta..", "dev.satchel.servlet..")
          .as("keys, not HTTP"),
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .as("no Java serialization"),
      classes()
          .that()
          .resideInAPackage("dev.satchel.keys.cli")
          .and()
          .doNotHaveSimpleName("SatchelKeys")
          .should()
          .notBePublic()
          .as("the command is not an API"),
    };
  }

  @ParameterizedTest
  @MethodSource("rules")
  void production_obeys(ArchRule rule) {
    rule.check(PRODUCTION);
  }

  @Test
  void rules_canFail() {
    JavaClasses canary = new ClassFileImporter().importClasses(Canary.class);
    assertThatThrownBy(() -> CLIENT.check(canary)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> CLOCK.check(canary)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> HTTP.check(canary)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> LIBRARIES.check(canary)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> METERS.check(canary)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> SQL.check(canary)).isInstanceOf(AssertionError.class);
  }

  /** Breaks the rules. */
  static final class Canary {
    private Canary() {}

    static Object client() {
      return io.lettuce.core.RedisClient.create();
    }

    static Object http() {
      return java.net.http.HttpClient.newHttpClient();
    }

    static Object meters() {
      return io.micrometer.core.instrument.Tags.empty();
    }

    static Object now() {
      return Instant.now();
    }

    static Object sql() {
      return new java.sql.SQLException();
    }

    static Object foreign() {
      return new org.bouncycastle.crypto.generators.Argon2BytesGenerator();
    }
  }
}
