package io.celeriac.testkit;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/**
 * Takes the main classes of the module under test only. On the class path the other modules are jars or directories,
 * as the build happens to be run, and have their own tests.
 */
public final class OwnClasses implements ImportOption {

    private final String classes =
            TestDirectory.module().resolve("target").resolve("classes").toUri().toString();

    @Override
    public boolean includes(Location location) {
        return location.asURI().toString().startsWith(withoutSlash(classes));
    }

    /** A directory's URI ends in a slash only when the directory is there. */
    private static String withoutSlash(String uri) {
        return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }
}
