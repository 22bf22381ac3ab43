package io.celeriac.testkit;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.nio.file.Path;

/**
 * Takes the main classes of the module under test only. On the class path the other modules are jars or directories,
 * as the build happens to be run, and have their own tests.
 */
public final class OwnClasses implements ImportOption {

    private final Path classes = TestDirectory.module().resolve("target").resolve("classes");

    @Override
    public boolean includes(Location location) {
        var uri = location.asURI();
        return "file".equals(uri.getScheme()) && Path.of(uri).startsWith(classes);
    }
}
