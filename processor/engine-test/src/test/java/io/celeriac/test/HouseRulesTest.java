package io.celeriac.test;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.celeriac.testkit.HouseRules;
import io.celeriac.testkit.OwnClasses;

@AnalyzeClasses(packages = "io.celeriac", importOptions = OwnClasses.class)
class HouseRulesTest {

    @ArchTest
    static final ArchTests RULES = ArchTests.in(HouseRules.class);
}
