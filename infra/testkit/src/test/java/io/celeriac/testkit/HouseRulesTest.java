package io.celeriac.testkit;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;

/** For embedded too: it cannot use testkit, because testkit uses it. */
@AnalyzeClasses(
        packages = {"io.celeriac.embedded", "io.celeriac.testkit"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTest {

    @ArchTest
    static final ArchTests RULES = ArchTests.in(HouseRules.class);

    @ArchTest
    static final ArchTests MODULES = ArchTests.in(ModuleRules.class);
}
