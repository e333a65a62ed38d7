package dev.satchel.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The arrows between the modules: {@code examples → servlet-filter → core ← key-rotation}. This is
 * the one module that sees all the others. Each rule comes with a class that breaks it.
 */
class DependencyDirectionTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.satchel");

  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of(
            noClasses()
                .that()
                .resideInAPackage("dev.satchel")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.satchel.*..", "jakarta.servlet.."),
            dev.satchel.ArrowCanary.class),
        Arguments.of(
            noClasses()
                .that()
                .resideInAPackage("dev.satchel.servlet..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.satchel.keys..", "dev.satchel.examples.."),
            dev.satchel.servlet.ArrowCanary.class),
        Arguments.of(
            noClasses()
                .that()
                .resideInAPackage("dev.satchel.keys..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                    "dev.satchel.servlet..", "dev.satchel.examples..", "jakarta.servlet.."),
            dev.satchel.keys.ArrowCanary.class),
        Arguments.of(
            noClasses()
                .that()
                .resideInAPackage("dev.satchel..")
                .and()
                .resideOutsideOfPackage("dev.satchel.keys.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli.."),
            dev.satchel.keys.CommandLineCanary.class),
        // Where an application does not bring the client, nothing else may ask for it.
        Arguments.of(
            noClasses()
                .that()
                .resideInAPackage("dev.satchel..")
                .and()
                .resideOutsideOfPackage("dev.satchel.keys.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                    "io.lettuce..", "io.netty..", "reactor..", "dev.satchel.keys.redis.."),
            dev.satchel.keys.RedisCanary.class),
        // Where an application does not bring Spring, nothing may ask for it.
        Arguments.of(
            noClasses()
                .that()
                .resideInAPackage("dev.satchel..")
                .and()
                .resideOutsideOfPackages(
                    "dev.satchel.servlet.spring..", "dev.satchel.examples.spring..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "dev.satchel.servlet.spring.."),
            dev.satchel.servlet.SpringCanary.class),
        // Where an application does not bring Micrometer, nothing may ask for it.
        Arguments.of(
            noClasses()
                .that()
                .resideInAPackage("dev.satchel..")
                .and()
                .resideOutsideOfPackages(
                    "dev.satchel.servlet.micrometer..",
                    "dev.satchel.keys.micrometer..",
                    "dev.satchel.servlet.spring..",
                    "dev.satchel.examples.spring..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                    "io.micrometer..",
                    "dev.satchel.servlet.micrometer..",
                    "dev.satchel.keys.micrometer.."),
            dev.satchel.servlet.MicrometerCanary.class),
        // Spring brings commons-logging, and the build lets it.
        Arguments.of(
            noClasses()
                .that()
                .resideInAPackage("dev.satchel..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.commons.logging.."),
            dev.satchel.servlet.CommonsLoggingCanary.class),
        Arguments.of(
            noClasses()
                .that()
                .resideInAPackage("dev.satchel..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectOutputStream"),
            dev.satchel.servlet.JavaSerializationCanary.class));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void arrow_holdsInTheProduct_andIsSeenWhereItIsBroken(ArchRule rule, Class<?> canary) {
    assertThat(rule.evaluate(PRODUCT).getFailureReport().getDetails()).isEmpty();
    assertThat(rule.evaluate(new ClassFileImporter().importClasses(canary)).hasViolation())
        .isTrue();
  }
}
