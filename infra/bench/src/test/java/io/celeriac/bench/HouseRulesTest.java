package io.celeriac.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.celeriac.bench.subject.BareStreamsMain;
import io.celeriac.testkit.HouseRules;
import io.celeriac.testkit.OwnClasses;

/** The rules of the house one by one, because here one of them has an exception. */
@AnalyzeClasses(packages = "io.celeriac", importOptions = OwnClasses.class)
class HouseRulesTest {

    @ArchTest
    static final ArchRule FEATURES_FORM_NO_CYCLE = HouseRules.FEATURES_FORM_NO_CYCLE;

    @ArchTest
    static final ArchRule PACKAGES_ARE_NULL_MARKED = HouseRules.PACKAGES_ARE_NULL_MARKED;

    @ArchTest
    static final ArchRule SQL_IS_IN_REPOSITORIES = HouseRules.SQL_IS_IN_REPOSITORIES;

    @ArchTest
    static final ArchRule TIME_IS_ASKED_FROM_AN_INSTANT_SOURCE = HouseRules.TIME_IS_ASKED_FROM_AN_INSTANT_SOURCE;

    @ArchTest
    static final ArchRule ONLY_PROGRAMS_PRINT = HouseRules.ONLY_PROGRAMS_PRINT;

    @ArchTest
    static final ArchRule PACKAGES_SAY_WHAT_THEY_HOLD = HouseRules.PACKAGES_SAY_WHAT_THEY_HOLD;

    @ArchTest
    static final ArchRule SPRING_STAYS_AT_THE_EDGE = HouseRules.SPRING_STAYS_AT_THE_EDGE;

    @ArchTest
    static final ArchRule KAFKA_STREAMS_IS_THE_ENGINES = noClasses()
            .that()
            .doNotBelongToAnyOf(BareStreamsMain.class)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka.streams..")
            .because("only the program that the engine is compared with may do what is the engine's elsewhere");
}
