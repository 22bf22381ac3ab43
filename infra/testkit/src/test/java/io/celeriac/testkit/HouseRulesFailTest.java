package io.celeriac.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.celeriac.contract.UpwardArrow;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A check that cannot fail is no check: each rule meets a class that breaks it. */
class HouseRulesFailTest {

    private static final JavaClasses BAD = new ClassFileImporter().importPackages("io.celeriac.badhouse");

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of(HouseRules.FEATURES_FORM_NO_CYCLE, "Cycle detected"),
                Arguments.of(HouseRules.PACKAGES_ARE_NULL_MARKED, "io.celeriac.badhouse.unmarked has no @NullMarked"),
                Arguments.of(HouseRules.KAFKA_STREAMS_IS_FOR_ENGINE_AND_COORDINATOR, "Streaming"),
                Arguments.of(HouseRules.SQL_IS_IN_REPOSITORIES, "badhouse.Sql"),
                Arguments.of(HouseRules.TIME_IS_ASKED_FROM_AN_INSTANT_SOURCE, "Instant.now()"),
                Arguments.of(HouseRules.TIME_IS_ASKED_FROM_AN_INSTANT_SOURCE, "System.currentTimeMillis()"),
                Arguments.of(HouseRules.ONLY_PROGRAMS_PRINT, "System.out"),
                Arguments.of(HouseRules.PACKAGES_SAY_WHAT_THEY_HOLD, "lives in a package named util"),
                Arguments.of(HouseRules.SPRING_STAYS_AT_THE_EDGE, "WiredByField carries"));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void findsTheClassThatBreaksTheRule(ArchRule rule, String named) {
        assertThatThrownBy(() -> rule.check(BAD))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(named);
    }

    @Test
    void leavesARepositoryAlone() {
        Assertions.assertThat(HouseRules.SQL_IS_IN_REPOSITORIES
                        .evaluate(BAD)
                        .getFailureReport()
                        .getDetails())
                .isNotEmpty()
                .noneMatch(violation -> violation.contains("GoodRepository"));
    }

    @Test
    void findsAnImportThatFoundNoClass() {
        JavaClasses nothing = new ClassFileImporter().importPackages("io.celeriac.nothing");
        assertThatThrownBy(() -> HouseRules.PACKAGES_ARE_NULL_MARKED.check(nothing))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void findsAnArrowThatPointsUpwards() {
        JavaClasses classes = new ClassFileImporter().importPackagesOf(UpwardArrow.class);
        assertThatThrownBy(() -> ModuleRules.MODULES_USE_ONLY_THOSE_BELOW.check(classes))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("contract may not use beat");
    }

    @Test
    void findsAClassInNoModule() {
        assertThatThrownBy(() -> ModuleRules.MODULES_USE_ONLY_THOSE_BELOW.check(BAD))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("is in no module");
    }
}
