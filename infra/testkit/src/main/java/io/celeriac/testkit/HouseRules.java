package io.celeriac.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * What holds inside every module. A module takes them over with
 *
 * <pre>{@code
 * @AnalyzeClasses(packages = "io.celeriac", importOptions = OwnClasses.class)
 * class HouseRulesTest {
 *     @ArchTest
 *     static final ArchTests RULES = ArchTests.in(HouseRules.class);
 * }
 * }</pre>
 *
 * <p>They hold where there is nothing to check too, but for {@link #PACKAGES_ARE_NULL_MARKED}: it fails when no class
 * was found at all, so that an import gone wrong is not taken for a clean house.
 */
public final class HouseRules {

    private static final Set<String> EMPTY_NAMES =
            Set.of("common", "util", "utils", "helper", "helpers", "misc", "model", "dto", "impl");

    private static final DescribedPredicate<JavaClass> PROGRAM =
            namedLike("a program", "Application", "Main", "Cli", "Command");

    private static final DescribedPredicate<JavaClass> SPRING_EDGE = namedLike(
            "at Spring's edge",
            "Application",
            "Controller",
            "Configuration",
            "Properties",
            "Settings",
            "Repository",
            "Advice",
            "Endpoint",
            "Listener",
            "Page",
            "Pages");

    private static final DescribedPredicate<JavaClass> REPOSITORY = namedLike("a repository", "Repository");

    private static final DescribedPredicate<JavaClass> SERVERS_FOR_DEVELOPMENT =
            resideInAnyPackage("io.celeriac.embedded..", "io.celeriac.local..", "io.celeriac.testkit..");

    @ArchTest
    public static final ArchRule FEATURES_FORM_NO_CYCLE = slices().matching("io.celeriac.(*).(**)")
            .should()
            .beFreeOfCycles()
            .because("a feature that can be read, tested and taken out alone is the point of having packages")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule PACKAGES_ARE_NULL_MARKED = classes()
            .should(liveInANullMarkedPackage())
            .because("NullAway checks only what is marked, and a package without a word of its own has no reason")
            .allowEmptyShould(false);

    @ArchTest
    public static final ArchRule KAFKA_STREAMS_IS_FOR_ENGINE_AND_COORDINATOR = noClasses()
            .that(not(resideInAPackage("io.celeriac.engine..").or(resideInAPackage("io.celeriac.workflow.."))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka.streams..")
            .because("the engine's promises rest on the commit order of one release of Kafka Streams;"
                    + " a second user would make that order everybody's")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule SQL_IS_IN_REPOSITORIES = noClasses()
            .that(not(REPOSITORY))
            .and(not(SERVERS_FOR_DEVELOPMENT))
            .should()
            .dependOnClassesThat(resideInAPackage("java.sql..").or(resideInAPackage("org.springframework.jdbc.core..")))
            .because("a table has one owner, and its statements are found by one name; a DataSource may be handed on")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule TIME_IS_ASKED_FROM_AN_INSTANT_SOURCE = noClasses()
            .that(not(PROGRAM))
            .should()
            .callCodeUnitWhere(readsTheSystemClock())
            .because("time that a test cannot set is tested by sleeping, or not at all;"
                    + " System.nanoTime() may measure how long something takes")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule ONLY_PROGRAMS_PRINT = noClasses()
            .that(not(PROGRAM))
            .should()
            .accessFieldWhere(isSystemOutOrErr())
            .because("a library that prints cannot be silenced or searched; it logs")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule PACKAGES_SAY_WHAT_THEY_HOLD = classes()
            .should(liveInAPackageThatSaysSomething())
            .because("such a package has no reason to refuse a class, and half of a code base ends there")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule SPRING_STAYS_AT_THE_EDGE = classes()
            .that(not(SPRING_EDGE))
            .and()
            .areNotAnnotations() // an annotation may stand for one of Spring's
            .should(carryNoSpringAnnotation())
            .because("the rest is plain Java, built in one visible place, and needs no context to be tested")
            .allowEmptyShould(true);

    private HouseRules() {}

    /** By the outermost class: what is nested in a repository is the repository's. */
    private static DescribedPredicate<JavaClass> namedLike(String description, String... endings) {
        return DescribedPredicate.describe(description + ", named *" + String.join(", *", endings), javaClass -> {
            String name = outermost(javaClass).getSimpleName();
            return Arrays.stream(endings).anyMatch(name::endsWith);
        });
    }

    private static JavaClass outermost(JavaClass javaClass) {
        return javaClass.getEnclosingClass().map(HouseRules::outermost).orElse(javaClass);
    }

    private static DescribedPredicate<JavaAccess<?>> isSystemOutOrErr() {
        return DescribedPredicate.describe(
                "the field is System.out or System.err",
                access -> access.getTargetOwner().isEquivalentTo(System.class)
                        && Set.of("out", "err").contains(access.getTarget().getName()));
    }

    private static DescribedPredicate<JavaCall<?>> readsTheSystemClock() {
        return DescribedPredicate.describe("it reads the system's clock", call -> {
            CodeUnitCallTarget target = call.getTarget();
            JavaClass owner = target.getOwner();
            String name = target.getName();
            if (owner.isEquivalentTo(System.class)) {
                return name.equals("currentTimeMillis");
            }
            return target.getRawParameterTypes().isEmpty()
                    && (owner.getPackageName().equals("java.time")
                            ? name.equals("now")
                            : owner.isEquivalentTo(Date.class) && name.equals("<init>"));
        });
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return condition("live in a package whose package-info is @NullMarked", (javaClass, events) -> {
            if (!javaClass.getPackage().isAnnotatedWith(NullMarked.class)) {
                events.add(SimpleConditionEvent.violated(
                        javaClass, javaClass.getPackageName() + " has no @NullMarked package-info.java"));
            }
        });
    }

    private static ArchCondition<JavaClass> liveInAPackageThatSaysSomething() {
        return condition("live in a package that says what it holds", (javaClass, events) -> {
            for (String part : javaClass.getPackageName().split("\\.", -1)) {
                if (EMPTY_NAMES.contains(part)) {
                    events.add(SimpleConditionEvent.violated(
                            javaClass, javaClass.getName() + " lives in a package named " + part));
                }
            }
        });
    }

    private static ArchCondition<JavaClass> carryNoSpringAnnotation() {
        return condition("carry no annotation of Spring", (javaClass, events) -> {
            String found = annotations(javaClass)
                    .map(annotation -> annotation.getRawType().getName())
                    .filter(name -> name.startsWith("org.springframework."))
                    .distinct()
                    .collect(Collectors.joining(", "));
            if (!found.isEmpty()) {
                events.add(SimpleConditionEvent.violated(javaClass, javaClass.getName() + " carries " + found));
            }
        });
    }

    private static Stream<? extends JavaAnnotation<?>> annotations(JavaClass javaClass) {
        return Stream.of(
                        javaClass.getAnnotations().stream(),
                        javaClass.getMembers().stream()
                                .map(JavaMember::getAnnotations)
                                .flatMap(Set::stream),
                        javaClass.getCodeUnits().stream()
                                .map(JavaCodeUnit::getParameterAnnotations)
                                .flatMap(List::stream)
                                .flatMap(Set::stream))
                .flatMap(each -> each);
    }

    private interface Check {
        void check(JavaClass javaClass, ConditionEvents events);
    }

    private static ArchCondition<JavaClass> condition(String description, Check check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass javaClass, ConditionEvents events) {
                check.check(javaClass, events);
            }
        };
    }
}
