package dev.satchel;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * House rules that bytecode can show. Each has a canary that breaks it, or it would guard nothing.
 */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter().importPath(Path.of("target/classes"));

  /** A rule with the class that must break it. */
  @SuppressWarnings("ImmutableEnumChecker") // rules are immutable, and not annotated so
  enum Rule {
    NO_JAVA_SERIALIZATION(
        noClasses()
            .should()
            .dependOnClassesThat(
                assignableTo(java.io.ObjectInput.class)
                    .or(assignableTo(java.io.ObjectOutput.class))),
        ArchitectureCanaries.Serializes.class),

    NO_DEFAULT_TYPING(
        noClasses()
            .should()
            .callMethodWhere(target(nameMatching(".*[dD]efaultTyping.*")))
            .orShould()
            .dependOnClassesThat(resideInAPackage("tools.jackson.databind.jsontype..")),
        ArchitectureCanaries.TypesByDefault.class),

    NO_ARRAYS_EQUALS_ON_SECRETS(
        noClasses()
            .that()
            .doNotHaveSimpleName("JsonSlice") // content, of the one who reads it
            .should()
            .callMethodWhere(method(Arrays.class, "equals|compare|mismatch"))
            .orShould()
            .callMethodWhere(method(java.nio.ByteBuffer.class, "equals|compareTo|mismatch")),
        ArchitectureCanaries.ComparesInVariableTime.class),

    NO_NETWORK(
        noClasses()
            .should()
            .accessClassesThat(
                resideInAnyPackage("java.net..", "javax.net..", "java.nio.channels..")
                    .and(not(type(java.net.URI.class)))), // BeanRules may name what it refuses
        ArchitectureCanaries.Connects.class),

    ONE_CLOCK(
        noClasses()
            .should()
            .callMethodWhere(method(System.class, "currentTimeMillis|nanoTime"))
            .orShould()
            .callMethodWhere(
                target(nameMatching("now|systemUTC|systemDefaultZone|tick.*"))
                    .and(ownerInPackage("java.time..")))
            .orShould()
            .callConstructor(java.util.Date.class),
        ArchitectureCanaries.LooksAtTheClock.class),

    SYSTEM_CLOCK_ONLY_AS_A_DEFAULT(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.satchel.TokenCodec$Builder")
            .and()
            .doNotHaveFullyQualifiedName("dev.satchel.KeySource")
            .should()
            .callMethod(java.time.InstantSource.class, "system"),
        ArchitectureCanaries.LooksAtTheClock.class),

    NIMBUS_ONLY_IN_ASYMMETRIC_JWK(
        noClasses()
            .that()
            .doNotHaveSimpleName("AsymmetricJwk")
            .should()
            .dependOnClassesThat(resideInAPackage("com.nimbusds..")),
        ArchitectureCanaries.KnowsNimbus.class),

    DATA_BINDING_ONLY_FOR_BEANS(
        noClasses()
            .that(not(nameMatching("dev\\.satchel\\.Bean(Mapper|Rules)(\\$.*)?")))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("tools.jackson.databind..", "com.fasterxml.jackson..")),
        ArchitectureCanaries.BindsData.class),

    NO_STATIC_STATE(
        fields().that().areStatic().should().beFinal(), ArchitectureCanaries.HoldsState.class),

    NO_STATIC_STATE_BEHIND_FINAL(
        noFields()
            .that()
            .areStatic()
            .should()
            .haveRawType(
                resideInAnyPackage("java.util.concurrent..")
                    .or(assignableTo(java.security.SecureRandom.class))
                    .or(assignableTo(javax.crypto.Cipher.class))
                    .or(assignableTo(javax.crypto.Mac.class))),
        ArchitectureCanaries.HoldsState.class),

    NO_THREAD_LOCAL(
        noClasses().should().dependOnClassesThat(assignableTo(ThreadLocal.class)),
        ArchitectureCanaries.HoldsState.class),

    ONE_SHOT_CIPHERS(
        noClasses().should().callMethodWhere(method(javax.crypto.Cipher.class, "update")),
        ArchitectureCanaries.Streams.class),

    NO_CLASS_BY_NAME(
        noClasses()
            .should()
            .callMethodWhere(method(Class.class, "forName"))
            .orShould()
            .callMethodWhere(method(ClassLoader.class, "loadClass")),
        ArchitectureCanaries.LoadsByName.class),

    RANDOM_IS_SECURE(
        noClasses()
            .should()
            .dependOnClassesThat(
                type(java.util.concurrent.ThreadLocalRandom.class)
                    .or(type(java.util.SplittableRandom.class)))
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callConstructor(java.util.Random.class)
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID"),
        ArchitectureCanaries.RollsDice.class),

    NOTHING_IS_PRINTED(
        noClasses()
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.util.logging..", "org.slf4j..")
                    .or(type(System.Logger.class)))
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethodWhere(target(nameMatching("printStackTrace"))),
        ArchitectureCanaries.Prints.class);

    private final ArchRule rule;
    private final Class<?> canary;

    Rule(ArchRule rule, Class<?> canary) {
      this.rule = rule;
      this.canary = canary;
    }
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void mainCode_keepsTheRule(Rule rule) {
    rule.rule.check(MAIN);
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void canary_breaksTheRule(Rule rule) {
    JavaClasses canary = new ClassFileImporter().importClasses(rule.canary);
    assertThat(rule.rule.allowEmptyShould(true).evaluate(canary).hasViolation()).isTrue();
  }

  @Test
  void mainCode_isWhatTheRulesLookAt() {
    assertThat(MAIN.size()).isGreaterThan(40);
    assertThat(Stream.of(TokenCodec.class, JweFormat.class, BeanMapper.class))
        .allMatch(type -> MAIN.contain(type));
    assertThat(MAIN.contain(ArchitectureTest.class)).isFalse();
  }

  private static DescribedPredicate<JavaAccess<?>> target(
      DescribedPredicate<? super com.tngtech.archunit.core.domain.properties.HasName> name) {
    return DescribedPredicate.describe(
        "target " + name.getDescription(), access -> name.test(access.getTarget()));
  }

  private static DescribedPredicate<JavaAccess<?>> method(Class<?> owner, String names) {
    return DescribedPredicate.describe(
        owner.getSimpleName() + "." + names,
        access ->
            access.getTargetOwner().isEquivalentTo(owner)
                && access.getTarget().getName().matches(names));
  }

  private static DescribedPredicate<JavaAccess<?>> ownerInPackage(String name) {
    return DescribedPredicate.describe(
        "owner in " + name, access -> resideInAPackage(name).test(access.getTargetOwner()));
  }
}
