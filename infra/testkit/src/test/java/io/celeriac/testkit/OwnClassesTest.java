package io.celeriac.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.celeriac.embedded.KafkaNode;
import org.junit.jupiter.api.Test;

class OwnClassesTest {

    @Test
    void takesTheMainClassesOfThisModuleOnly() {
        JavaClasses classes =
                new ClassFileImporter().withImportOption(new OwnClasses()).importPackages("io.celeriac");
        assertThat(classes.contain(HouseRules.class)).isTrue();
        assertThat(classes.contain(KafkaNode.class)).as("another module").isFalse();
        assertThat(classes.contain(OwnClassesTest.class)).as("a test").isFalse();
    }
}
