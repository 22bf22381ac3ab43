package io.celeriac.e2e;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.celeriac.testkit.ModuleRules;

/** The arrows between the modules; here, because only here are all of them on one class path. */
@AnalyzeClasses(packages = "io.celeriac", importOptions = DoNotIncludeTests.class)
class ModulesTest {

    @ArchTest
    static final ArchTests RULES = ArchTests.in(ModuleRules.class);
}
